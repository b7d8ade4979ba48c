#pragma once
// Bodies of layers/convolution_transpose.hpp.

#include <nacre/layers/convolution-inl.hpp>
#include <nacre/layers/convolution_transpose.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// An axis of a transposed convolution: cells of its output, and the convolution's padding before them.
struct TransposedAxis {
  std::int64_t cells;
  std::int64_t pad_before = 0;

  TransposedAxis(std::int64_t size, std::int64_t window, std::int64_t stride, std::int64_t dilation, Padding padding,
                 const std::int64_t* output_padding) {
    const std::int64_t reach = (window - 1) * dilation + 1;
    const std::int64_t seen = (size - 1) * stride + reach;
    const bool is_same = padding == Padding::same;
    if (output_padding != nullptr) {
      cells = seen - (is_same ? reach / 2 * 2 : 0) + *output_padding;
    } else {
      cells = is_same ? size * stride : std::max(seen, size * stride);
    }
    if (is_same) pad_before = std::max<std::int64_t>(seen - cells, 0) / 2;
  }
};

NACRE_INLINE kernels::Conv3DShape TransposeGeometry::shape(const Shape& input, std::int64_t batch) const {
  const ConvolutionGeometry& of = convolution;
  const Volume volume = volume_of(of.axes, input);
  const auto axis = [&](std::size_t from_last, std::int64_t size, std::int64_t window, std::int64_t stride,
                        std::int64_t dilation, std::int64_t more) {
    const bool is_given = output_padding.has_value() && from_last <= of.axes;
    return TransposedAxis(size, window, stride, dilation, of.padding, is_given ? &more : nullptr);
  };
  const Size3D more = output_padding.value_or(Size3D(0));
  const TransposedAxis planes =
      axis(3, volume.size.depth, of.kernel_size.depth, of.strides.depth, of.dilation_rate.depth, more.depth);
  const TransposedAxis rows =
      axis(2, volume.size.height, of.kernel_size.height, of.strides.height, of.dilation_rate.height, more.height);
  const TransposedAxis columns =
      axis(1, volume.size.width, of.kernel_size.width, of.strides.width, of.dilation_rate.width, more.width);
  if (planes.cells < 1 || rows.cells < 1 || columns.cells < 1) fail_positions(of.axes, input, of.kernel_size);
  kernels::Conv2DShape plane{};
  plane.batch = batch;
  plane.height = rows.cells;
  plane.width = columns.cells;
  plane.channels = of.filters;
  plane.filters = volume.channels;
  plane.kernel_height = of.kernel_size.height;
  plane.kernel_width = of.kernel_size.width;
  plane.stride_height = of.strides.height;
  plane.stride_width = of.strides.width;
  plane.dilation_height = of.dilation_rate.height;
  plane.dilation_width = of.dilation_rate.width;
  plane.pad_top = rows.pad_before;
  plane.pad_left = columns.pad_before;
  plane.out_height = volume.size.height;
  plane.out_width = volume.size.width;
  return {plane,
          planes.cells,
          of.kernel_size.depth,
          of.strides.depth,
          of.dilation_rate.depth,
          planes.pad_before,
          volume.size.depth};
}

NACRE_SETUP void require_output_padding(std::string_view layer, const TransposeGeometry& geometry) {
  if (!geometry.output_padding) return;
  const Size3D& more = *geometry.output_padding;
  const Size3D& strides = geometry.convolution.strides;
  const auto require_one = [&](bool is_there, std::int64_t cells, std::int64_t stride) {
    require<ValueError>(!is_there || (cells >= 0 && cells < stride), layer,
                        ": expected output_padding from 0 to below the strides ", stride, ", got ", cells);
  };
  require_one(geometry.convolution.axes > 2, more.depth, strides.depth);
  require_one(geometry.convolution.axes > 1, more.height, strides.height);
  require_one(true, more.width, strides.width);
}

NACRE_SETUP Shape build_transpose(const TransposeGeometry& geometry, const Shape& input, LayerBuilder& builder) {
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(input, builder.batch());
  const kernels::Conv2DShape& plane = shape.plane;
  const Activation& activation = geometry.convolution.activation;
  const Shape output =
      volume_shape(geometry.convolution.axes, {shape.depth, plane.height, plane.width}, plane.channels);
  require_addressable(output);
  request_activation_input(builder, activation, output);
  if (activation == linear) builder.backward_reads({.inputs = true, .output = false});
  builder.task_scratch(ConvolutionScratch(shape).all);
  builder.scratch(Scratch::backward_kernel, shape.kernel_depth * kernels::conv2d_prepared_size(plane));
  if (builder.training()) {
    builder.scratch(Scratch::forward_kernel, shape.kernel_depth * kernels::conv2d_forward_prepared_size(plane));
    PartialGradients::request(builder, {shape.kernel_depth * shape.kernel_plane(), plane.channels},
                              Scratch::partial_gradients);
  }
  return output;
}

template <class T>
void transpose_forward(const TransposeGeometry& geometry, const Forward<T>& step) {
  using Weights = ConvolutionMemory::Weights;
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(step.input.extents().from(1), step.batch());
  const Activation& activation = geometry.convolution.activation;
  const std::int64_t filters = shape.plane.channels, size = step.output.sample_size();
  const T* bias = geometry.convolution.use_bias ? step.weight(Weights::bias).elements() : nullptr;
  T* before = activation_input(step, activation);
  const T* kernel = step.weight(Weights::kernel).elements();
  const T* prepared = step.scratch(Scratch::backward_kernel);
  prepare_backward(shape, kernel, step.scratch(Scratch::backward_kernel));
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    const T* input = step.input.elements() + sample * step.input.sample_size();
    T* output = step.output.elements() + sample * size;
    T* z = before != nullptr ? before + sample * size : output;
    if (shape.is_flat()) {
      kernels::conv2d_backward_input(shape.plane, {0, 1}, input, kernel, prepared, z, scratch);
    } else {
      std::fill_n(z, size, T(0));
      VolumeConvolution<T>{shape, kernel, nullptr, prepared}.backward_input(input, z, scratch);
    }
    for (std::int64_t place = 0; bias != nullptr && place < size; place += filters) {
      kernels::accumulate(filters, z + place, bias);
    }
    if (activation == linear) return;
    kernels::activate_rows(activation, size / filters, filters, static_cast<const T*>(z), output);
  });
}

template <class T>
void transpose_backward(const TransposeGeometry& geometry, const Backward<T>& step) {
  using Weights = ConvolutionMemory::Weights;
  using Scratch = ConvolutionMemory::Scratch;
  const kernels::Conv3DShape shape = geometry.shape(step.input.extents().from(1), step.batch());
  const Activation& activation = geometry.convolution.activation;
  const bool use_bias = geometry.convolution.use_bias;
  const std::int64_t filters = shape.plane.channels, size = step.output.sample_size();
  const T* kernel = step.weight(Weights::kernel).elements();
  const T* prepared = step.scratch(Scratch::forward_kernel);
  if (step.wants_input_gradient) prepare_forward(shape, kernel, step.scratch(Scratch::forward_kernel));
  const PartialGradients parts(step.batch(), {shape.kernel_depth * shape.kernel_plane(), filters},
                               Scratch::partial_gradients);
  const T* kept = kept_for_activation(step, activation);
  step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
    parts.clear(step, part);
    const Range samples = parts.samples(part);
    const T* gradient = step.output_gradient.elements();
    const VolumeConvolution<T> convolution{shape, kernel, prepared, nullptr};
    differentiate_activation(activation, samples, size, filters, kept, step.output_gradient.elements());
    if (shape.is_flat()) {
      kernels::conv2d_backward_kernel(shape.plane, samples, gradient, step.input.elements(), parts.of(step, part, 0),
                                      scratch);
    } else {
      convolution.backward_kernel_of(samples, gradient, step.input.elements(), parts.of(step, part, 0), scratch);
    }
    for (std::int64_t sample = samples.first; step.wants_input_gradient && sample < samples.last; ++sample) {
      const T* from = gradient + sample * size;
      T* to = step.input_gradient.elements() + sample * step.input.sample_size();
      const T* no_bias = nullptr;
      if (shape.is_flat()) {
        kernels::conv2d_forward(shape.plane, {0, 1}, from, kernel, prepared, no_bias, linear, to, scratch);
      } else {
        convolution.forward(from, no_bias, to, scratch);
      }
    }
    if (use_bias) {
      kernels::column_sums(samples.size() * size / filters, filters, {0, filters}, gradient + samples.first * size,
                           parts.of(step, part, 1));
    }
  });
  parts.hand_over(step, use_bias ? 2 : 1);
}

}  // namespace nacre::detail
