#pragma once
// The bodies of convolution.hpp.

#include <algorithm>

#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/convolution/depthwise.hpp>
#include <nacre/kernels/convolution/direct.hpp>
#include <nacre/kernels/convolution/plan.hpp>
#include <nacre/kernels/convolution/winograd.hpp>
#include <nacre/kernels/epilogue.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// A pointwise convolution does not care where its rows end: one long row makes fuller tiles.
inline Conv2DShape with_joined_rows(const Conv2DShape& shape) {
  constexpr std::int64_t longest = 4096;
  const std::int64_t pixels = shape.height * shape.width;
  if (!ConvolutionPlan(shape).is_pointwise || pixels > longest) return shape;
  Conv2DShape joined = shape;
  joined.height = joined.out_height = 1;
  joined.width = joined.out_width = pixels;
  return joined;
}

inline std::int64_t input_size(const Conv2DShape& shape) { return shape.height * shape.width * shape.channels; }
inline std::int64_t output_size(const Conv2DShape& shape) { return shape.out_height * shape.out_width * shape.filters; }

inline std::int64_t kernel_size(const Conv2DShape& shape) {
  return shape.kernel_height * shape.kernel_width * (shape.channels / shape.groups) * shape.filters;
}

/// Whether the forward pass leaves out taps that meet padding alone, and reads a kernel without them. (Depthwise passes
/// go by what each pixel sees in any case, and Winograd's transform has its padding in the tiles.)
inline bool leaves_taps_out(const Conv2DShape& shape) {
  return !WinogradPlan::pays(shape) && !ConvolutionPlan(shape).is_depthwise && has_unseen_taps(shape);
}
inline Conv2DShape forward_shape(const Conv2DShape& shape) {
  return leaves_taps_out(shape) ? with_seen_taps(shape) : shape;
}

/// The shape of which a 2x2 pooling with stride 2 sees all outputs: without a last odd row or column.
inline Conv2DShape with_pooled_outputs(const Conv2DShape& shape) {
  Conv2DShape pooled = shape;
  pooled.out_height = shape.out_height / 2 * 2;
  pooled.out_width = shape.out_width / 2 * 2;
  return pooled;
}

// One sample at a time: the gradients of plain and of pooled convolutions differ only in where they come from.

template <class T>
void convolve_backward_input(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* gradient, const T* kernel,
                             const T* prepared, T* input_gradient, T* scratch) {
  if (plan.is_depthwise) {
    backward_input_depthwise(shape, gradient, kernel, input_gradient, scratch);
  } else if (plan.is_mirrored) {
    backward_input_mirrored(shape, gradient, prepared, input_gradient, scratch);
  } else if (plan.few_channels) {
    backward_input_few_channels(shape, gradient, prepared, input_gradient, scratch);
  } else {
    backward_input_direct(shape, plan, gradient, prepared, input_gradient);
  }
}

template <class T>
void convolve_backward_kernel(const Conv2DShape& shape, const ConvolutionPlan& plan, const T* sample, const T* gradient,
                              T* kernel_gradient, T* scratch) {
  if (plan.is_depthwise) {
    backward_kernel_depthwise(shape, sample, gradient, kernel_gradient, scratch);
  } else if (plan.few_channels) {
    backward_kernel_few_channels(shape, plan, sample, gradient, kernel_gradient, scratch);
  } else {
    backward_kernel_direct(shape, plan, sample, gradient, kernel_gradient);
  }
}

}  // namespace detail

NACRE_INLINE std::int64_t conv2d_scratch(const Conv2DShape& shape) {
  if (WinogradPlan::pays(shape)) return WinogradPlan(shape).scratch_size(shape);
  if (!detail::leaves_taps_out(shape)) return ConvolutionPlan(shape).scratch_size(shape);
  const Conv2DShape forward = detail::forward_shape(shape);
  return ConvolutionPlan(forward).band_size(forward);  // backward passes need none then
}

NACRE_INLINE std::int64_t conv2d_forward_prepared_size(const Conv2DShape& shape) {
  if (WinogradPlan::pays(shape)) return WinogradPlan::planes * shape.channels * shape.filters;
  return detail::leaves_taps_out(shape) ? detail::kernel_size(detail::forward_shape(shape)) : 0;
}

template <class T>
void conv2d_prepare_forward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  if (WinogradPlan::pays(shape)) return detail::winograd_prepare_forward(shape, kernel, prepared);
  if (!detail::leaves_taps_out(shape)) return;
  const std::int64_t tap = shape.channels / shape.groups * shape.filters;
  const Range rows = seen_tap_rows(shape), columns = seen_tap_columns(shape);
  for (std::int64_t row = rows.first; row < rows.last; ++row) {
    prepared = std::copy_n(kernel + (row * shape.kernel_width + columns.first) * tap, columns.size() * tap, prepared);
  }
}

template <class T>
void conv2d_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel, const T* prepared,
                    const T* bias, const Activation& activation, T* output, T* scratch,
                    std::type_identity_t<T>* before) {
  const Conv2DShape shape = detail::with_joined_rows(detail::forward_shape(given));
  if (detail::leaves_taps_out(given)) kernel = prepared;
  const ConvolutionPlan plan(shape);
  const bool uses_winograd = WinogradPlan::pays(shape);
  const Epilogue<T> end{activation, output, before};
  const std::int64_t size = detail::output_size(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    const T* image = input + sample * detail::input_size(shape);
    T* values = end.products() + sample * size;
    if (uses_winograd) {
      const detail::Winograd<T> passes(shape, scratch);
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.transform_input(rows, image);
        passes.multiply(rows, prepared);
        passes.write_output(rows, bias, end.is_relu(), values);
      }
    } else if (plan.is_depthwise) {
      detail::convolve_depthwise(shape, image, kernel, bias, values, scratch);
      if (end.is_relu()) activate(activation, size, values, values);
    } else {
      detail::convolve(shape, plan, image, kernel, bias, end.is_relu(), values, scratch);
    }
    end.finish(sample * size, size / shape.filters, shape.filters, shape.filters);
  }
}

NACRE_INLINE std::int64_t conv2d_prepared_size(const Conv2DShape& shape) {
  if (ConvolutionPlan(shape).is_depthwise) return 0;
  if (WinogradPlan::pays(shape)) return 2 * WinogradPlan::planes * shape.channels * shape.filters;
  return shape.kernel_height * shape.kernel_width * (shape.channels / shape.groups) * shape.filters;
}

template <class T>
void conv2d_prepare_backward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  if (conv2d_prepared_size(shape) == 0) return;
  if (WinogradPlan::pays(shape)) return detail::winograd_prepare_backward(shape, kernel, prepared);
  detail::prepare_convolution_backward(shape, ConvolutionPlan(shape), kernel, prepared);
}

template <class T>
void conv2d_backward_input(const Conv2DShape& given, Range samples, const T* output_gradient, const T* kernel,
                           const T* prepared, T* input_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_joined_rows(given);
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* image_gradient = input_gradient + sample * detail::input_size(shape);
      std::fill_n(image_gradient, detail::input_size(shape), T{});
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.read_gradient(rows, output_gradient + sample * detail::output_size(shape));
        passes.add_input_gradient(rows, prepared, image_gradient);
      }
    }
    return;
  }
  const ConvolutionPlan plan(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    detail::convolve_backward_input(shape, plan, output_gradient + sample * detail::output_size(shape), kernel,
                                    prepared, input_gradient + sample * detail::input_size(shape), scratch);
  }
}

template <class T>
void conv2d_backward_kernel(const Conv2DShape& given, Range samples, const T* input, const T* output_gradient,
                            T* kernel_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_joined_rows(given);
  if (samples.size() == 0) return;
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.read_gradient(rows, output_gradient + sample * detail::output_size(shape));
        passes.add_kernel_gradient(rows, sample == samples.first && rows.first == 0);
      }
    }
    passes.finish_kernel_gradient(kernel_gradient);
    return;
  }
  const ConvolutionPlan plan(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    detail::convolve_backward_kernel(shape, plan, input + sample * detail::input_size(shape),
                                     output_gradient + sample * detail::output_size(shape), kernel_gradient, scratch);
  }
}

NACRE_INLINE bool conv2d_adds_input_gradient(const Conv2DShape& shape) { return WinogradPlan::pays(shape); }

template <class T>
void conv2d_backward(const Conv2DShape& given, Range samples, const T* input, const T* output_gradient, const T* kernel,
                     const T* prepared, T* kernel_gradient, T* input_gradient, Conv2DBackwardOptions options,
                     T* scratch) {
  if (samples.size() == 0) return;
  const Conv2DShape shape = detail::with_joined_rows(given);
  const std::int64_t input_size = detail::input_size(shape), output_size = detail::output_size(shape);
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* image_gradient = input_gradient == nullptr ? nullptr : input_gradient + sample * input_size;
      if (image_gradient != nullptr && !options.add) std::fill_n(image_gradient, input_size, T{});
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.transform_input(rows, input + sample * input_size);
        passes.read_gradient(rows, output_gradient + sample * output_size);
        passes.add_kernel_gradient(rows, options.first && sample == samples.first && rows.first == 0);
        if (image_gradient != nullptr) passes.add_input_gradient(rows, prepared, image_gradient);
      }
    }
    if (options.last) passes.finish_kernel_gradient(kernel_gradient);
    return;
  }
  const ConvolutionPlan plan(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    const T* gradient = output_gradient + sample * output_size;
    detail::convolve_backward_kernel(shape, plan, input + sample * input_size, gradient, kernel_gradient, scratch);
    if (input_gradient == nullptr) continue;
    detail::convolve_backward_input(shape, plan, gradient, kernel, prepared, input_gradient + sample * input_size,
                                    scratch);
  }
}

NACRE_INLINE bool conv2d_max_pool_supported(const Conv2DShape& shape, const Activation& activation) {
  return shape.groups == 1 && shape.dilation_width == 1 && shape.out_height >= 2 && shape.out_width >= 2 &&
         (activation == linear || activation == relu);
}

NACRE_INLINE std::int64_t conv2d_max_pool_scratch(const Conv2DShape& shape) {
  const Conv2DShape pooled = detail::with_pooled_outputs(shape);
  if (WinogradPlan::pays(pooled)) return WinogradPlan(pooled).scratch_size(pooled);
  const std::int64_t steps = shape.kernel_height * shape.kernel_width * shape.channels;
  const std::int64_t packed = steps * ConvolutionPlan::widest_tile;
  const Conv2DShape forward = detail::with_pooled_outputs(detail::forward_shape(shape));
  const std::int64_t bands = detail::leaves_taps_out(shape) ? ConvolutionPlan(forward).band_size(forward)
                                                            : ConvolutionPlan(pooled).scratch_size(pooled);
  return bands + std::max(packed, detail::output_size(pooled));
}

template <class T>
void conv2d_max_pool_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel,
                             const T* prepared, const T* bias, const Activation& activation, T* pooled,
                             std::uint8_t* winner, T* scratch) {
  const Conv2DShape shape = detail::with_pooled_outputs(detail::forward_shape(given));
  if (detail::leaves_taps_out(given)) kernel = prepared;
  const bool is_relu = activation == relu;
  const std::int64_t size = detail::output_size(shape) / 4;
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.multiply(rows, prepared);
        passes.write_pooled(rows, bias, is_relu, pooled + sample * size,
                            winner == nullptr ? nullptr : winner + sample * size);
      }
    }
    return;
  }
  const ConvolutionPlan plan(shape);
  T* packed = scratch + plan.band_size(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    detail::convolve_pool(shape, plan, input + sample * detail::input_size(shape), kernel, bias, is_relu,
                          pooled + sample * size, winner == nullptr ? nullptr : winner + sample * size, scratch,
                          packed);
  }
}

template <class T>
void conv2d_max_pool_backward(const Conv2DShape& given, Range samples, const T* input, const T* pooled_gradient,
                              const std::uint8_t* winner, const T* kernel, const T* prepared, T* kernel_gradient,
                              T* bias_gradient, T* input_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_pooled_outputs(given);
  const std::int64_t size = detail::output_size(shape) / 4;
  if (samples.size() == 0 || size == 0) return;
  if (bias_gradient != nullptr) {
    NACRE_SIMD_CALL(add_pooled_gradient<T>, samples.size() * size / shape.filters, shape.filters,
                    pooled_gradient + samples.first * size, winner + samples.first * size, bias_gradient);
  }
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* image_gradient = input_gradient == nullptr ? nullptr : input_gradient + sample * detail::input_size(shape);
      if (image_gradient != nullptr) std::fill_n(image_gradient, detail::input_size(shape), T{});
      for (Range rows = passes.first_block(); passes.is_block(rows); rows = passes.block_after(rows)) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.read_pooled_gradient(rows, pooled_gradient + sample * size, winner + sample * size);
        passes.add_kernel_gradient(rows, sample == samples.first && rows.first == 0);
        if (image_gradient != nullptr) passes.add_input_gradient(rows, prepared, image_gradient);
      }
    }
    passes.finish_kernel_gradient(kernel_gradient);
    return;
  }
  const ConvolutionPlan plan(shape);
  T* rest = scratch + detail::output_size(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    NACRE_SIMD_CALL(scatter_pooled_gradient<T>, shape.out_height / 2, shape.out_width / 2, shape.filters,
                    pooled_gradient + sample * size, winner + sample * size, scratch);
    detail::convolve_backward_kernel(shape, plan, input + sample * detail::input_size(shape),
                                     static_cast<const T*>(scratch), kernel_gradient, rest);
    if (input_gradient == nullptr) continue;
    detail::convolve_backward_input(shape, plan, static_cast<const T*>(scratch), kernel, prepared,
                                    input_gradient + sample * detail::input_size(shape), rest);
  }
}

}  // namespace nacre::kernels
