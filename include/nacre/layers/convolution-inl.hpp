#pragma once
// Bodies of layers/convolution.hpp.

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_INLINE kernels::Conv3DShape ConvolutionGeometry::shape(const Shape& input, std::int64_t batch) const {
  const Volume volume = volume_of(axes, input);
  const std::int64_t parts = is_depthwise ? volume.channels : groups;
  require<ShapeError>(volume.channels % parts == 0, "expected channels that ", parts, " groups divide, got ", input);
  const auto window = [this](std::int64_t size, std::int64_t cells, std::int64_t stride, std::int64_t dilation) {
    return Window(size, cells, stride, dilation, padding);
  };
  const Window planes = window(volume.size.depth, kernel_size.depth, strides.depth, dilation_rate.depth);
  const Window rows = window(volume.size.height, kernel_size.height, strides.height, dilation_rate.height);
  const Window columns = window(volume.size.width, kernel_size.width, strides.width, dilation_rate.width);
  if (planes.positions <= 0 || rows.positions <= 0 || columns.positions <= 0) fail_positions(axes, input, kernel_size);
  kernels::Conv2DShape plane{};
  plane.batch = batch;
  plane.height = volume.size.height;
  plane.width = volume.size.width;
  plane.channels = volume.channels;
  plane.filters = is_depthwise ? filters * volume.channels : filters;
  plane.kernel_height = kernel_size.height;
  plane.kernel_width = kernel_size.width;
  plane.stride_height = strides.height;
  plane.stride_width = strides.width;
  plane.dilation_height = dilation_rate.height;
  plane.dilation_width = dilation_rate.width;
  plane.pad_top = rows.pad_before;
  plane.pad_left = columns.pad_before;
  plane.groups = parts;
  plane.out_height = rows.positions;
  plane.out_width = columns.positions;
  return {plane,           volume.size.depth, kernel_size.depth, strides.depth, dilation_rate.depth, planes.pad_before,
          planes.positions};
}

NACRE_INLINE Shape ConvolutionGeometry::output(const kernels::Conv3DShape& shape) const {
  return volume_shape(axes, {shape.out_depth, shape.plane.out_height, shape.plane.out_width}, shape.plane.filters);
}

NACRE_SETUP Shape ConvolutionGeometry::kernel(std::int64_t inputs, std::int64_t outputs) const {
  Shape shape = volume_shape(axes, kernel_size, inputs);
  shape.push_back(outputs);
  return shape;
}

NACRE_INLINE ConvolutionScratch::ConvolutionScratch(const kernels::Conv3DShape& shape)
    : kernels(static_cast<std::int64_t>(
          aligned_count<float>(static_cast<std::size_t>(kernels::conv2d_scratch(shape.plane))))),
      all(kernels) {
  if (!shape.is_flat()) all += std::max(shape.input_plane(), shape.output_plane());
}

NACRE_SETUP Shape build_convolution(const ConvolutionGeometry& geometry, const Shape& input, LayerBuilder& builder) {
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(input, builder.batch());
  const Shape output = geometry.output(shape);
  require_addressable(output);
  const auto seen = [](std::int64_t positions, std::int64_t stride, std::int64_t window, std::int64_t dilation) {
    return (positions - 1) * stride + (window - 1) * dilation + 1;
  };
  const kernels::Conv2DShape& plane = shape.plane;
  require_addressable({seen(plane.out_height, plane.stride_height, plane.kernel_height, plane.dilation_height),
                       seen(plane.out_width, plane.stride_width, plane.kernel_width, plane.dilation_width),
                       plane.channels});  // a plane of the input with its padding
  request_activation_input(builder, geometry.activation, output);
  if (geometry.activation == linear) builder.backward_reads({.inputs = true, .output = false});
  builder.task_scratch(ConvolutionScratch(shape).all);
  builder.scratch(Scratch::forward_kernel, shape.kernel_depth * kernels::conv2d_forward_prepared_size(plane));
  if (builder.training()) {
    if (!shape.is_flat() || kernels::conv2d_adds_input_gradient(plane)) builder.add_input_gradient();
    builder.scratch(Scratch::backward_kernel, shape.kernel_depth * kernels::conv2d_prepared_size(plane));
    PartialGradients::request(builder, {shape.kernel_depth * shape.kernel_plane(), plane.filters},
                              Scratch::partial_gradients);
  }
  return output;
}

template <class T>
void convolution_forward(const ConvolutionGeometry& geometry, const Forward<T>& step) {
  using Weights = ConvolutionMemory::Weights;
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(step.input.extents().from(1), step.batch());
  const T* bias = geometry.use_bias ? step.weight(Weights::bias).elements() : nullptr;
  T* before = activation_input(step, geometry.activation);
  const T* kernel = step.weight(Weights::kernel).elements();
  const T* prepared = step.scratch(Scratch::forward_kernel);
  prepare_forward(shape, kernel, step.scratch(Scratch::forward_kernel));
  const std::int64_t size = step.output.sample_size();
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    if (shape.is_flat()) {
      kernels::conv2d_forward(shape.plane, {sample, sample + 1}, step.input.elements(), kernel, prepared, bias,
                              geometry.activation, step.output.elements(), scratch, before);
      return;
    }
    const VolumeConvolution<T> convolution{shape, kernel, prepared, nullptr};
    T* output = step.output.elements() + sample * size;
    T* z = before != nullptr ? before + sample * size : output;
    convolution.forward(step.input.elements() + sample * step.input.sample_size(), bias, z, scratch);
    if (!(geometry.activation == linear)) {
      kernels::activate_rows(geometry.activation, size / shape.plane.filters, shape.plane.filters,
                             static_cast<const T*>(z), output);
    }
  });
}

template <class T>
void convolution_backward(const ConvolutionGeometry& geometry, const Backward<T>& step) {
  using Weights = ConvolutionMemory::Weights;
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(step.input.extents().from(1), step.batch());
  const std::int64_t filters = shape.plane.filters;
  const T* kernel = step.weight(Weights::kernel).elements();
  const T* prepared = step.scratch(Scratch::backward_kernel);
  if (step.wants_input_gradient) prepare_backward(shape, kernel, step.scratch(Scratch::backward_kernel));
  const PartialGradients parts(step.batch(), {shape.kernel_depth * shape.kernel_plane(), filters},
                               Scratch::partial_gradients);
  const std::int64_t size = step.output.sample_size();
  const std::int64_t input_size = step.input.sample_size();
  const T* kept = kept_for_activation(step, geometry.activation);
  step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
    parts.clear(step, part);
    const Range samples = parts.samples(part);
    const T* gradient = step.output_gradient.elements();
    T* input_gradient = step.wants_input_gradient ? step.input_gradient.elements() : nullptr;
    differentiate_activation(geometry.activation, samples, size, filters, kept, step.output_gradient.elements());
    if (shape.is_flat()) {
      kernels::conv2d_backward(shape.plane, samples, step.input.elements(), gradient, kernel, prepared,
                               parts.of(step, part, 0), input_gradient, {.add = step.adds_gradient(0)}, scratch);
    } else {
      const VolumeConvolution<T> convolution{shape, kernel, nullptr, prepared};
      convolution.backward_kernel_of(samples, step.input.elements(), gradient, parts.of(step, part, 0), scratch);
      for (std::int64_t sample = samples.first; input_gradient != nullptr && sample < samples.last; ++sample) {
        T* volume = input_gradient + sample * input_size;
        if (!step.adds_gradient(0)) std::fill_n(volume, input_size, T(0));
        convolution.backward_input(gradient + sample * size, volume, scratch);
      }
    }
    if (geometry.use_bias) {
      kernels::column_sums(samples.size() * size / filters, filters, {0, filters}, gradient + samples.first * size,
                           parts.of(step, part, 1));
    }
  });
  parts.hand_over(step, geometry.use_bias ? 2 : 1);
}

}  // namespace nacre::detail
