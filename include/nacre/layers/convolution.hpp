#pragma once
// What the convolution layers have in common, whatever the number of their axes: their geometry, and their passes over
// the kernels. A sequence is an image of height 1, and a volume's convolution a sum of its planes'.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/convolution/plan.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/activated.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/partial_gradients.hpp>
#include <nacre/layers/spatial.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv1D, Conv2D and Conv3D, with a size for as many axes.
template <class Size>
struct ConvolutionOptions {
  Size strides = 1;
  Padding padding = Padding::valid;  ///< "causal" with Conv1D alone
  Size dilation_rate = 1;            ///< cells from one of the kernel's cells to the next; only with strides of 1
  std::int64_t groups = 1;           ///< channels and filters are cut into so many parts that do not see each other
  Activation activation = linear;
  bool use_bias = true;
  AnyInitializer kernel_initializer = GlorotUniform();
  AnyInitializer bias_initializer = Zeros();
  AnyRegularizer kernel_regularizer{};
  AnyRegularizer bias_regularizer{};
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  AnyConstraint kernel_constraint{};
  AnyConstraint bias_constraint{};
  std::string name{};

  void fields(Fields& list) {
    list("strides", strides);
    list("padding", padding);
    list("dilation_rate", dilation_rate);
    list("groups", groups);
    list("activation", activation);
    list("use_bias", use_bias);
    list("kernel_initializer", kernel_initializer);
    list("bias_initializer", bias_initializer);
    list.if_any("kernel_regularizer", kernel_regularizer);
    list.if_any("bias_regularizer", bias_regularizer);
    list.if_any("activity_regularizer", activity_regularizer);
    list.if_any("kernel_constraint", kernel_constraint);
    list.if_any("bias_constraint", bias_constraint);
    list("name", name);
  }
};

namespace detail {

/// What a convolution does, whatever the class of its layer.
struct ConvolutionGeometry {
  std::size_t axes = 2;
  std::int64_t filters = 1;
  Size3D kernel_size{};
  Size3D strides{};
  Size3D dilation_rate{};
  Padding padding{};
  std::int64_t groups = 1;
  Activation activation = linear;
  bool use_bias = true;
  bool is_depthwise = false;  ///< each channel is a group of its own, with `filters` filters

  /// The convolution of a batch of samples of shape `input`. Throws ShapeError for an input of another rank, where the
  /// groups do not divide the channels, or where no window fits.
  kernels::Conv3DShape shape(const Shape& input, std::int64_t batch) const;

  /// The same of images or sequences.
  kernels::Conv2DShape plane(const Shape& input, std::int64_t batch) const { return shape(input, batch).plane; }

  /// The shape of its output's samples.
  Shape output(const kernels::Conv3DShape& shape) const;

  /// The kernel's shape: its size, then `inputs` and `outputs`.
  Shape kernel(std::int64_t inputs, std::int64_t outputs) const;
};

/// What a convolution layer asks for.
struct ConvolutionMemory {
  enum class Weights { kernel, bias };
  enum class Scratch { forward_kernel, backward_kernel, partial_gradients };
};

/// What a convolution asks for besides its weights; returns the shape of its output. Throws what
/// ConvolutionGeometry::shape throws.
Shape build_convolution(const ConvolutionGeometry& geometry, const Shape& input, LayerBuilder& builder);

/// Elements of scratch of each thread: the kernels', and behind them a plane.
struct ConvolutionScratch {
  std::int64_t kernels;
  std::int64_t all;

  explicit ConvolutionScratch(const kernels::Conv3DShape& shape);
};

/// A convolution with its prepared kernels.
template <class T>
struct VolumeConvolution {
  const kernels::Conv3DShape& shape;
  const T* kernel;
  const T* forward_kernel;   ///< prepared for forward passes
  const T* backward_kernel;  ///< prepared for backward passes

  const T* kernel_of(std::int64_t tap) const { return kernel + tap * shape.kernel_plane(); }
  const T* forward_of(std::int64_t tap) const {
    return forward_kernel + tap * kernels::conv2d_forward_prepared_size(shape.plane);
  }
  const T* backward_of(std::int64_t tap) const {
    return backward_kernel + tap * kernels::conv2d_prepared_size(shape.plane);
  }

  /// The output planes that see something of the input in that plane of the kernel.
  Range seeing(std::int64_t tap) const {
    return kernels::valid_outputs(shape.out_depth, shape.depth, shape.stride_depth, shape.seen(0, tap));
  }

  /// A sample's convolution with its bias (nullptr: none), without an activation. `scratch` as ConvolutionScratch says.
  void forward(const T* input, const T* bias, T* output, T* scratch) const {
    const ConvolutionScratch sizes(shape);
    for (std::int64_t z = 0; z < shape.out_depth; ++z, output += shape.output_plane()) {
      bool is_first = true;
      for (std::int64_t tap = 0; tap < shape.kernel_depth; ++tap) {
        const std::int64_t plane = shape.seen(z, tap);
        if (plane < 0 || plane >= shape.depth) continue;
        T* to = is_first ? output : scratch + sizes.kernels;
        kernels::conv2d_forward(shape.plane, {0, 1}, input + plane * shape.input_plane(), kernel_of(tap),
                                forward_of(tap), is_first ? bias : nullptr, linear, to, scratch);
        if (!is_first) kernels::accumulate(shape.output_plane(), output, static_cast<const T*>(to));
        is_first = false;
      }
      if (is_first) fill_with_bias(bias, output);
    }
  }

  /// A sample's input gradient: added, so that it must be 0 at first.
  void backward_input(const T* output_gradient, T* input_gradient, T* scratch) const {
    const ConvolutionScratch sizes(shape);
    for (std::int64_t tap = 0; tap < shape.kernel_depth; ++tap) {
      const Range seen = seeing(tap);
      for (std::int64_t z = seen.first; z < seen.last; ++z) {
        T* part = scratch + sizes.kernels;
        kernels::conv2d_backward_input(shape.plane, {0, 1}, output_gradient + z * shape.output_plane(), kernel_of(tap),
                                       backward_of(tap), part, scratch);
        kernels::accumulate(shape.input_plane(), input_gradient + shape.seen(z, tap) * shape.input_plane(),
                            static_cast<const T*>(part));
      }
    }
  }

  /// Adds what samples contribute to the kernel's gradient. The pointers are those of the whole batch.
  void backward_kernel_of(Range samples, const T* input, const T* output_gradient, T* kernel_gradient,
                          T* scratch) const {
    for (std::int64_t tap = 0; tap < shape.kernel_depth; ++tap) {
      const Range seen = seeing(tap);
      for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
        for (std::int64_t z = seen.first; z < seen.last; ++z) {
          const std::int64_t plane = sample * shape.depth + shape.seen(z, tap);
          kernels::conv2d_backward_kernel(shape.plane, {0, 1}, input + plane * shape.input_plane(),
                                          output_gradient + (sample * shape.out_depth + z) * shape.output_plane(),
                                          kernel_gradient + tap * shape.kernel_plane(), scratch);
        }
      }
    }
  }

 private:
  void fill_with_bias(const T* bias, T* output) const {
    for (std::int64_t i = 0; i < shape.output_plane(); i += shape.plane.filters) {
      if (bias != nullptr) {
        std::copy_n(bias, shape.plane.filters, output + i);
      } else {
        std::fill_n(output + i, shape.plane.filters, T(0));
      }
    }
  }
};

/// Prepares the kernel for forward passes, plane by plane.
template <class T>
void prepare_forward(const kernels::Conv3DShape& shape, const T* kernel, T* prepared) {
  for (std::int64_t tap = 0; tap < shape.kernel_depth; ++tap) {
    kernels::conv2d_prepare_forward(shape.plane, kernel + tap * shape.kernel_plane(),
                                    prepared + tap * kernels::conv2d_forward_prepared_size(shape.plane));
  }
}
template <class T>
void prepare_backward(const kernels::Conv3DShape& shape, const T* kernel, T* prepared) {
  for (std::int64_t tap = 0; tap < shape.kernel_depth; ++tap) {
    kernels::conv2d_prepare_backward(shape.plane, kernel + tap * shape.kernel_plane(),
                                     prepared + tap * kernels::conv2d_prepared_size(shape.plane));
  }
}

template <class T>
void convolution_forward(const ConvolutionGeometry& geometry, const Forward<T>& step);

/// A task is a run of samples: their gradients of the inputs, and a partial sum of the weights' gradients, which are
/// then added in one fixed order.
template <class T>
void convolution_backward(const ConvolutionGeometry& geometry, const Backward<T>& step);

/// The gradients of what goes into the activation take the place of a sample's output gradients.
template <class T>
void differentiate_activation(const Activation& activation, Range samples, std::int64_t sample_size,
                              std::int64_t filters, const T* kept, T* gradient) {
  if (activation == linear) return;
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    T* here = gradient + sample * sample_size;
    kernels::activation_rows_gradient(activation, sample_size / filters, filters, kept + sample * sample_size,
                                      static_cast<const T*>(here), here);
  }
}

/// Throws ValueError for sizes of a window that are none.
template <class Size, class Options>
[[gnu::cold]] void validate_window(std::string_view layer, const Size& kernel_size, const Options& options) {
  kernel_size.validate(layer, "kernel_size");
  options.strides.validate(layer, "strides");
  options.dilation_rate.validate(layer, "dilation_rate");
}

/// Throws ValueError where a window has both strides and dilation.
template <class Options>
[[gnu::cold]] void require_strides_or_dilation(std::string_view layer, const Options& options) {
  require<ValueError>(options.strides == 1 || options.dilation_rate == 1, layer,
                      ": expected strides or dilation_rate to be 1, got strides ", options.strides,
                      " and dilation_rate ", options.dilation_rate);
}

/// Asks for the bias of so many filters, where there is one.
template <class Weight, class Options>
[[gnu::cold]] void request_bias(Weight bias, std::int64_t filters, const Options& options, LayerBuilder& builder) {
  if (!options.use_bias) return;
  builder.weight(bias, "bias", {filters}, options.bias_initializer, options.bias_regularizer, options.bias_constraint);
}

/// What a layer `Self` that convolves as many axes has.
template <class Self, class Size>
struct Convolution : EndsInActivation<Self> {
  /// What it asks for.
  using Weights = ConvolutionMemory::Weights;
  using Scratch = ConvolutionMemory::Scratch;

  std::int64_t filters;
  Size kernel_size;
  ConvolutionOptions<Size> options;
  void fields(Fields& list) {
    list("filters", filters);
    list("kernel_size", kernel_size);
    options.fields(list);
  }

  [[gnu::cold]] void validate() const {
    constexpr std::string_view name = Self::type_name;
    require<ValueError>(filters >= 1, name, ": expected filters of 1 or more, got ", filters);
    require<ValueError>(options.groups >= 1 && filters % options.groups == 0, name,
                        ": expected groups that divide the filters, got ", options.groups, " groups and ", filters,
                        " filters");
    validate_window(name, kernel_size, options);
    if (axes_of<Size> != 1) options.padding.require_not_causal(name);
    require_strides_or_dilation(name, options);
  }

  ConvolutionGeometry geometry() const {
    return {axes_of<Size>,   filters,        in_3d(kernel_size), in_3d(options.strides), in_3d(options.dilation_rate),
            options.padding, options.groups, options.activation, options.use_bias,       false};
  }

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const Shape output = build_convolution(geometry(), input, builder);
    request_weights(input, builder);
    builder.activity_regularizer(options.activity_regularizer);
    return output;
  }

  /// Asks for the weights for inputs of that shape.
  [[gnu::cold]] void request_weights(const Shape& input, LayerBuilder& builder) const {
    builder.weight(Weights::kernel, "kernel", geometry().kernel(input.back() / options.groups, filters),
                   options.kernel_initializer, options.kernel_regularizer, options.kernel_constraint);
    request_bias(Weights::bias, filters, options, builder);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    convolution_forward(geometry(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    convolution_backward(geometry(), step);
  }

 protected:
  Convolution(std::int64_t outputs, Size window, ConvolutionOptions<Size> chosen)
      : filters(outputs), kernel_size(window), options(std::move(chosen)) {
    validate();
  }
  Convolution() : filters(1) {}
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/convolution-inl.hpp>
#endif
