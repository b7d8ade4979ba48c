#pragma once
// A Conv2D and the MaxPooling2D behind it, computed in one: a network puts them together by itself.

#include <optional>

#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/max_pooling2d.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What Conv2D followed by MaxPooling2D of 2 by 2 computes, without writing the convolution's output to memory: only
/// the pooled values, and for the backward pass which of four won, in a byte each. Not for models;
/// MaxPooling2D::join_previous makes it.
struct Conv2DMaxPooling2D {
  static constexpr std::string_view type_name = "Conv2DMaxPooling2D";

  using Weights = Conv2D::Weights;
  using Scratch = Conv2D::Scratch;
  enum class Buffers { winners };

  Conv2D convolution;
  void fields(Fields&) {}  // it is never saved

  [[gnu::cold]] Shape build(const Shape& input, LayerBuilder& builder) const {
    const auto shape = convolution.geometry().plane(input, builder.batch());
    convolution.request_weights(input, builder);
    builder.task_scratch(kernels::conv2d_max_pool_scratch(shape));
    builder.scratch(Scratch::forward_kernel, kernels::conv2d_forward_prepared_size(shape));
    const Shape output{shape.out_height / 2, shape.out_width / 2, shape.filters};
    if (builder.training()) {
      builder.buffer(Buffers::winners, (builder.batch() * output.size() + 3) /
                                           4);  // a byte for each output, in elements of 4 bytes or more
      builder.scratch(Scratch::backward_kernel, kernels::conv2d_prepared_size(shape));
      PartialGradients::request(builder, {kernel_elements(shape), shape.filters}, Scratch::partial_gradients);
    }
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const auto shape = convolution.geometry().plane(step.input.extents().from(1), step.batch());
    const T* bias = convolution.options.use_bias ? step.weight(Weights::bias).elements() : nullptr;
    std::uint8_t* winners =
        step.has_buffer(Buffers::winners) ? reinterpret_cast<std::uint8_t*>(step.buffer(Buffers::winners)) : nullptr;
    const T* kernel = step.weight(Weights::kernel).elements();
    kernels::conv2d_prepare_forward(shape, kernel, step.scratch(Scratch::forward_kernel));
    step.parallel(shape.batch, [&](std::int64_t sample, T* scratch) {
      kernels::conv2d_max_pool_forward(shape, {sample, sample + 1}, step.input.elements(), kernel,
                                       static_cast<const T*>(step.scratch(Scratch::forward_kernel)), bias,
                                       convolution.options.activation, step.output.elements(), winners, scratch);
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const auto shape = convolution.geometry().plane(step.input.extents().from(1), step.batch());
    const bool use_bias = convolution.options.use_bias;
    if (step.wants_input_gradient) {
      kernels::conv2d_prepare_backward(shape, step.weight(Weights::kernel).elements(),
                                       step.scratch(Scratch::backward_kernel));
    }
    const PartialGradients parts(shape.batch, {kernel_elements(shape), shape.filters}, Scratch::partial_gradients);
    const auto* winners = reinterpret_cast<const std::uint8_t*>(step.buffer(Buffers::winners));
    step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
      parts.clear(step, part);
      kernels::conv2d_max_pool_backward(shape, parts.samples(part), step.input.elements(),
                                        static_cast<const T*>(step.output_gradient.elements()), winners,
                                        step.weight(Weights::kernel).elements(),
                                        static_cast<const T*>(step.scratch(Scratch::backward_kernel)),
                                        parts.of(step, part, 0), use_bias ? parts.of(step, part, 1) : nullptr,
                                        step.wants_input_gradient ? step.input_gradient.elements() : nullptr, scratch);
    });
    parts.hand_over(step, use_bias ? 2 : 1);
  }

 private:
  static std::int64_t kernel_elements(const kernels::Conv2DShape& shape) {
    return kernels::Conv3DShape{shape}.kernel_plane();
  }
};

inline std::optional<Conv2DMaxPooling2D> MaxPooling2D::join_previous(const Layer& previous, const Shape& input) const {
  const auto* convolution = previous.get_if<Conv2D>();
  const bool plain_pool =
      pool_size == Size2D(2) && options.strides.value_or(2) == Size2D(2) && options.padding == Padding::valid;
  if (convolution == nullptr || !plain_pool) return std::nullopt;
  const auto shape = convolution->geometry().plane(input, 1);
  const bool wide_enough = shape.out_height >= 2 && shape.out_width >= 2;
  if (!wide_enough || !kernels::conv2d_max_pool_supported(shape, convolution->options.activation)) return std::nullopt;
  return Conv2DMaxPooling2D{*convolution};
}

}  // namespace nacre
