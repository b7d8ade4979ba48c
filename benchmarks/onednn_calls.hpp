#pragma once
// The same layers by oneDNN, as a yardstick. Either in the layouts that oneDNN likes best (`Layout::any`; turning the
// data into them and back is not counted, as in a network it would happen at its ends only) or with the activations
// where nacre has them, channels last (`Layout::plain`); weights may be in any layout in both.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "kernel_calls.hpp"

namespace bench {

enum class Layout { any, plain };

/// One primitive with its memory.
class OneDnnCall {
 public:
  OneDnnCall(const dnnl::engine& engine, dnnl::primitive primitive)
      : engine_(engine), primitive_(std::move(primitive)) {}

  /// An argument that is read: `values` in the layout `plain`, brought into the layout that the primitive wants.
  void input(int argument, const Values& values, const dnnl::memory::desc& plain, const dnnl::memory::desc& wanted) {
    dnnl::memory from(plain, engine_, const_cast<float*>(values.data()));  // it is only read
    dnnl::memory to(wanted, engine_);
    dnnl::reorder(from, to).execute(stream_, from, to);
    stream_.wait();
    arguments_.insert_or_assign(argument, to);
  }

  /// The argument that is written.
  void output(int argument, const dnnl::memory::desc& plain, const dnnl::memory::desc& wanted) {
    plain_ = plain;
    result_ = dnnl::memory(wanted, engine_);
    arguments_.insert_or_assign(argument, result_);
  }

  void operator()() {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

  /// What was written last, in the layout `plain`.
  Values result() {
    Values values = empty_values(static_cast<std::int64_t>(plain_.get_size() / sizeof(float)));
    dnnl::memory to(plain_, engine_, values.data());
    dnnl::reorder(result_, to).execute(stream_, result_, to);
    stream_.wait();
    return values;
  }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_{engine_};
  dnnl::primitive primitive_;
  std::unordered_map<int, dnnl::memory> arguments_;
  dnnl::memory::desc plain_;
  dnnl::memory result_;
};

class OneDnn {
 public:
  using Desc = dnnl::memory::desc;
  using Tag = dnnl::memory::format_tag;
  using Dims = dnnl::memory::dims;

  enum class Pass { forward, backward_input, backward_kernel };

  OneDnnCall convolution(Pass pass, Layout layout, const nacre::kernels::Conv2DShape& shape,
                         const ConvolutionCalls& data) {
    const std::int64_t groups = shape.groups;
    const Dims source{shape.batch, shape.channels, shape.height, shape.width};
    const Dims target{shape.batch, shape.filters, shape.out_height, shape.out_width};
    const Dims taps = groups == 1 ? Dims{shape.filters, shape.channels, shape.kernel_height, shape.kernel_width}
                                  : Dims{groups, shape.filters / groups, shape.channels / groups, shape.kernel_height,
                                         shape.kernel_width};
    const Dims strides{shape.stride_height, shape.stride_width};
    const Dims dilation{shape.dilation_height - 1, shape.dilation_width - 1};
    const Dims before{shape.pad_top, shape.pad_left};
    const auto after = [](std::int64_t outputs, std::int64_t stride, std::int64_t cells, std::int64_t gap,
                          std::int64_t inputs, std::int64_t pad) {
      return std::max<std::int64_t>(0, (outputs - 1) * stride + (cells - 1) * gap + 1 - inputs - pad);
    };
    const Dims behind{after(shape.out_height, shape.stride_height, shape.kernel_height, shape.dilation_height,
                            shape.height, shape.pad_top),
                      after(shape.out_width, shape.stride_width, shape.kernel_width, shape.dilation_width, shape.width,
                            shape.pad_left)};
    Plain plain{describe(source, Tag::nhwc), describe(taps, Tag::any), describe(target, Tag::nhwc)};
    // nacre's kernel is [height, width, channels of a group, filters], the groups' filters side by side.
    const std::int64_t inputs = shape.channels / groups, filter_step = 1, group_step = shape.filters / groups;
    const std::int64_t channel_step = shape.filters, column_step = channel_step * inputs;
    const std::int64_t row_step = column_step * shape.kernel_width;
    plain.kernel = groups == 1
                       ? Desc(taps, Type::f32, Dims{filter_step, channel_step, row_step, column_step})
                       : Desc(taps, Type::f32, Dims{group_step, filter_step, channel_step, row_step, column_step});
    const Wanted wanted = wish(layout, source, taps, target, Tag::nhwc);
    const auto algorithm = dnnl::algorithm::convolution_auto;
    using Forward = dnnl::convolution_forward;
    const Forward::primitive_desc forward(
        Forward::desc(dnnl::prop_kind::forward_training, algorithm, wanted.input, wanted.kernel, wanted.output, strides,
                      dilation, before, behind),
        engine_);
    if (pass == Pass::forward) return forward_call<Forward>(forward, plain, data);
    if (pass == Pass::backward_input) {
      using Backward = dnnl::convolution_backward_data;
      return backward_input_call<Backward>(
          {Backward::desc(algorithm, wanted.input, wanted.kernel, wanted.output, strides, dilation, before, behind),
           engine_, forward},
          plain, data);
    }
    using Backward = dnnl::convolution_backward_weights;
    return backward_kernel_call<Backward>(
        {Backward::desc(algorithm, wanted.input, wanted.kernel, wanted.output, strides, dilation, before, behind),
         engine_, forward},
        plain, data);
  }

  OneDnnCall dense(Pass pass, Layout layout, const nacre::kernels::DenseShape& shape, const DenseCalls& data) {
    const Dims source{shape.rows, shape.inputs}, taps{shape.units, shape.inputs}, target{shape.rows, shape.units};
    const Plain plain{describe(source, Tag::ab), describe(taps, Tag::ba), describe(target, Tag::ab)};
    const Wanted wanted = wish(layout, source, taps, target, Tag::ab);
    using Forward = dnnl::inner_product_forward;
    const Forward::primitive_desc forward(
        Forward::desc(dnnl::prop_kind::forward_training, wanted.input, wanted.kernel, wanted.output), engine_);
    if (pass == Pass::forward) return forward_call<Forward>(forward, plain, data);
    if (pass == Pass::backward_input) {
      using Backward = dnnl::inner_product_backward_data;
      return backward_input_call<Backward>(
          {Backward::desc(wanted.input, wanted.kernel, wanted.output), engine_, forward}, plain, data);
    }
    using Backward = dnnl::inner_product_backward_weights;
    return backward_kernel_call<Backward>(
        {Backward::desc(wanted.input, wanted.kernel, wanted.output), engine_, forward}, plain, data);
  }

 private:
  using Type = dnnl::memory::data_type;
  struct Plain {
    Desc input, kernel, output;
  };
  using Wanted = Plain;

  static Desc describe(const Dims& dims, Tag tag) { return {dims, Type::f32, tag}; }

  static Wanted wish(Layout layout, const Dims& source, const Dims& taps, const Dims& target, Tag plain) {
    const Tag activations = layout == Layout::any ? Tag::any : plain;
    return {describe(source, activations), describe(taps, Tag::any), describe(target, activations)};
  }

  template <class Primitive, class Data>
  OneDnnCall forward_call(const typename Primitive::primitive_desc& chosen, const Plain& plain, const Data& data) {
    OneDnnCall call(engine_, Primitive(chosen));
    call.input(DNNL_ARG_SRC, data.input, plain.input, chosen.src_desc());
    call.input(DNNL_ARG_WEIGHTS, data.kernel, plain.kernel, chosen.weights_desc());
    call.output(DNNL_ARG_DST, plain.output, chosen.dst_desc());
    return call;
  }
  template <class Primitive, class Data>
  OneDnnCall backward_input_call(const typename Primitive::primitive_desc& chosen, const Plain& plain,
                                 const Data& data) {
    OneDnnCall call(engine_, Primitive(chosen));
    call.input(DNNL_ARG_DIFF_DST, data.output_gradient, plain.output, chosen.diff_dst_desc());
    call.input(DNNL_ARG_WEIGHTS, data.kernel, plain.kernel, chosen.weights_desc());
    call.output(DNNL_ARG_DIFF_SRC, plain.input, chosen.diff_src_desc());
    return call;
  }
  template <class Primitive, class Data>
  OneDnnCall backward_kernel_call(const typename Primitive::primitive_desc& chosen, const Plain& plain,
                                  const Data& data) {
    OneDnnCall call(engine_, Primitive(chosen));
    call.input(DNNL_ARG_SRC, data.input, plain.input, chosen.src_desc());
    call.input(DNNL_ARG_DIFF_DST, data.output_gradient, plain.output, chosen.diff_dst_desc());
    call.output(DNNL_ARG_DIFF_WEIGHTS, plain.kernel, chosen.diff_weights_desc());
    return call;
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
};

}  // namespace bench
