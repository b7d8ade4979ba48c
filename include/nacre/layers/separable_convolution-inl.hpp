#pragma once
// Bodies of layers/separable_convolution.hpp.

#include <nacre/layers/convolution-inl.hpp>
#include <nacre/layers/separable_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The two convolutions, and the memory of each thread.
struct SeparableShapes {
  kernels::Conv2DShape depthwise;
  kernels::Conv2DShape pointwise;
  std::int64_t scratch;  ///< of the kernels; behind it lies what is between the two of them

  SeparableShapes(const SeparableGeometry& geometry, const Shape& input, std::int64_t batch)
      : depthwise(geometry.depthwise.plane(input, batch)), pointwise{} {
    pointwise.batch = batch;
    pointwise.height = pointwise.out_height = depthwise.out_height;
    pointwise.width = pointwise.out_width = depthwise.out_width;
    pointwise.channels = depthwise.filters;
    pointwise.filters = geometry.filters;
    const auto most = std::max(kernels::conv2d_scratch(depthwise), kernels::conv2d_scratch(pointwise));
    scratch = static_cast<std::int64_t>(aligned_count<float>(static_cast<std::size_t>(most)));
  }

  std::int64_t between() const { return depthwise.out_height * depthwise.out_width * depthwise.filters; }
  std::int64_t depthwise_kernel() const { return kernels::Conv3DShape{depthwise}.kernel_plane(); }
  std::int64_t pointwise_kernel() const { return pointwise.channels * pointwise.filters; }

  PartialGradients partial_gradients(std::int64_t batch) const {
    return {batch,
            {depthwise_kernel(), pointwise_kernel(), pointwise.filters},
            SeparableMemory::Scratch::partial_gradients};
  }
};

NACRE_SETUP Shape build_separable(const SeparableGeometry& geometry, const Shape& input, LayerBuilder& builder) {
  using Scratch = SeparableMemory::Scratch;
  const SeparableShapes shapes(geometry, input, builder.batch());
  const Shape output =
      volume_shape(geometry.depthwise.axes, {1, shapes.pointwise.height, shapes.pointwise.width}, geometry.filters);
  require_addressable(output);
  request_activation_input(builder, geometry.activation, output);
  if (geometry.activation == linear) builder.backward_reads({.inputs = true, .output = false});
  builder.task_scratch(shapes.scratch + shapes.between());
  builder.scratch(Scratch::forward_kernel, kernels::conv2d_forward_prepared_size(shapes.pointwise));
  if (builder.training()) {
    builder.buffer(ActivationBuffers::second, builder.batch() * shapes.between());
    builder.scratch(Scratch::backward_kernel, kernels::conv2d_prepared_size(shapes.pointwise));
    PartialGradients::request(builder, {shapes.depthwise_kernel(), shapes.pointwise_kernel(), geometry.filters},
                              Scratch::partial_gradients);
  }
  return output;
}

template <class T>
void separable_forward(const SeparableGeometry& geometry, const Forward<T>& step) {
  using Weights = SeparableMemory::Weights;
  using Scratch = SeparableMemory::Scratch;
  const SeparableShapes shapes(geometry, step.input.extents().from(1), step.batch());
  const T* depthwise = step.weight(Weights::depthwise_kernel).elements();
  const T* pointwise = step.weight(Weights::pointwise_kernel).elements();
  const T* bias = geometry.use_bias ? step.weight(Weights::bias).elements() : nullptr;
  const T* no_bias = nullptr;
  const T* prepared = step.scratch(Scratch::forward_kernel);
  kernels::conv2d_prepare_forward(shapes.pointwise, pointwise, step.scratch(Scratch::forward_kernel));
  T* before = activation_input(step, geometry.activation);
  T* kept = step.has_buffer(ActivationBuffers::second) ? step.buffer(ActivationBuffers::second) : nullptr;
  const std::int64_t size = step.output.sample_size();
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    T* between = kept != nullptr ? kept + sample * shapes.between() : scratch + shapes.scratch;
    kernels::conv2d_forward(shapes.depthwise, {0, 1}, step.input.elements() + sample * step.input.sample_size(),
                            depthwise, no_bias, no_bias, linear, between, scratch);
    kernels::conv2d_forward(shapes.pointwise, {0, 1}, static_cast<const T*>(between), pointwise, prepared, bias,
                            geometry.activation, step.output.elements() + sample * size, scratch,
                            before != nullptr ? before + sample * size : nullptr);
  });
}

template <class T>
void separable_backward(const SeparableGeometry& geometry, const Backward<T>& step) {
  using Weights = SeparableMemory::Weights;
  using Scratch = SeparableMemory::Scratch;
  const SeparableShapes shapes(geometry, step.input.extents().from(1), step.batch());
  const T* depthwise = step.weight(Weights::depthwise_kernel).elements();
  const T* pointwise = step.weight(Weights::pointwise_kernel).elements();
  const T* nothing = nullptr;
  const T* prepared = step.scratch(Scratch::backward_kernel);
  kernels::conv2d_prepare_backward(shapes.pointwise, pointwise, step.scratch(Scratch::backward_kernel));
  const PartialGradients parts = shapes.partial_gradients(step.batch());
  const std::int64_t filters = geometry.filters, size = step.output.sample_size();
  const std::int64_t input_size = step.input.sample_size();
  const T* kept = kept_for_activation(step, geometry.activation);
  step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
    parts.clear(step, part);
    const Range samples = parts.samples(part);
    T* gradient = step.output_gradient.elements();
    differentiate_activation(geometry.activation, samples, size, filters, kept, gradient);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* between = scratch + shapes.scratch;
      kernels::conv2d_backward(
          shapes.pointwise, {0, 1},
          static_cast<const T*>(step.buffer(ActivationBuffers::second)) + sample * shapes.between(),
          static_cast<const T*>(gradient) + sample * size, pointwise, prepared, parts.of(step, part, 1), between, {},
          scratch);
      kernels::conv2d_backward(
          shapes.depthwise, {0, 1}, step.input.elements() + sample * input_size, static_cast<const T*>(between),
          depthwise, nothing, parts.of(step, part, 0),
          step.wants_input_gradient ? step.input_gradient.elements() + sample * input_size : nullptr, {}, scratch);
    }
    if (geometry.use_bias) {
      kernels::column_sums(samples.size() * size / filters, filters, {0, filters},
                           static_cast<const T*>(gradient) + samples.first * size, parts.of(step, part, 2));
    }
  });
  parts.hand_over(step, geometry.use_bias ? 3 : 2);
}

}  // namespace nacre::detail
