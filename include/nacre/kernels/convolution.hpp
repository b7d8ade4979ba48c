#pragma once
// Two-dimensional convolution, its gradients, and convolution with ReLU and max-pooling in one pass. Samples are
// independent: a task is a range of them. What is computed for a sample depends neither on the range it is in nor on
// the thread, and nothing here allocates. A direct convolution: in NHWC each row of the kernel meets one contiguous run
// of pixels, so tiles of the output are products that need no im2col.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/range.hpp>
#include <nacre/kernels/activation.hpp>
#include <nacre/kernels/compiled.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/simd/convolution_depthwise.hpp>
#include <nacre/kernels/simd/convolution_direct.hpp>
#include <nacre/kernels/simd/convolution_plan.hpp>
#include <nacre/kernels/simd/winograd.hpp>

namespace nacre::kernels {

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
    backward_input_depthwise(shape, gradient, kernel, input_gradient);
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
    backward_kernel_depthwise(shape, sample, gradient, kernel_gradient);
  } else if (plan.few_channels) {
    backward_kernel_few_channels(shape, plan, sample, gradient, kernel_gradient, scratch);
  } else {
    backward_kernel_direct(shape, plan, sample, gradient, kernel_gradient);
  }
}

}  // namespace detail

/// Elements of scratch that a thread in one of the conv2d functions needs of its own.
inline std::int64_t conv2d_scratch(const Conv2DShape& shape) {
  if (WinogradPlan::pays(shape)) return WinogradPlan(shape).scratch_size(shape);
  return ConvolutionPlan(shape).scratch_size(shape);
}

/// Elements of what `conv2d_prepare_forward` makes; 0 where the shape makes do without.
inline std::int64_t conv2d_forward_prepared_size(const Conv2DShape& shape) {
  return WinogradPlan::pays(shape) ? WinogradPlan::planes * shape.channels * shape.filters : 0;
}

/// Transforms the kernel as the forward functions read it, once for each time the kernel has changed.
template <class T>
void conv2d_prepare_forward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  if (WinogradPlan::pays(shape)) detail::winograd_prepare_forward(shape, kernel, prepared);
}

/// Samples `samples` of output = activation(convolution(input, kernel) + bias [filters]). The pointers are those of the
/// whole batch, `prepared` is what `conv2d_prepare_forward` made of `kernel`. `bias` may be nullptr; the activation must be
/// an elementwise one.
template <class T>
void conv2d_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel, const T* prepared,
                    const T* bias, Activation activation, T* output, T* scratch) {
  const Conv2DShape shape = detail::with_joined_rows(given);
  const ConvolutionPlan plan(shape);
  const bool uses_winograd = WinogradPlan::pays(shape);
  const bool fuses_relu = activation == relu && !plan.is_depthwise;
  const std::int64_t size = detail::output_size(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    const T* image = input + sample * detail::input_size(shape);
    T* values = output + sample * size;
    if (uses_winograd) {
      const detail::Winograd<T> passes(shape, scratch);
      passes.for_each_block([&](Range rows) {
        passes.transform_input(rows, image);
        passes.multiply(rows, prepared);
        passes.write_output(rows, bias, fuses_relu, values);
      });
    } else if (plan.is_depthwise) {
      detail::convolve_depthwise(shape, image, kernel, bias, values);
    } else {
      detail::convolve(shape, plan, image, kernel, bias, fuses_relu, values, scratch);
    }
    if (!fuses_relu && activation != linear) activate(activation, size, values, values);
  }
}

/// Elements of what `conv2d_prepare_backward` makes; 0 where the shape makes do without.
inline std::int64_t conv2d_prepared_size(const Conv2DShape& shape) {
  if (ConvolutionPlan(shape).is_depthwise) return 0;
  if (WinogradPlan::pays(shape)) return 2 * WinogradPlan::planes * shape.channels * shape.filters;
  return shape.kernel_height * shape.kernel_width * (shape.channels / shape.groups) * shape.filters;
}

/// Lays the kernel out as `conv2d_backward_input` reads it, once for each time the kernel has changed. Its order
/// belongs to the chosen instruction set.
template <class T>
void conv2d_prepare_backward(const Conv2DShape& shape, const T* kernel, T* prepared) {
  if (conv2d_prepared_size(shape) == 0) return;
  if (WinogradPlan::pays(shape)) return detail::winograd_prepare_backward(shape, kernel, prepared);
  detail::prepare_convolution_backward(shape, ConvolutionPlan(shape), kernel, prepared);
}

/// Samples `samples` of the input's gradient, written, not added. `prepared` is what `conv2d_prepare_backward` made of
/// `kernel`.
template <class T>
void conv2d_backward_input(const Conv2DShape& given, Range samples, const T* output_gradient, const T* kernel,
                           const T* prepared, T* input_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_joined_rows(given);
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* image_gradient = input_gradient + sample * detail::input_size(shape);
      std::fill_n(image_gradient, detail::input_size(shape), T{});
      passes.for_each_block([&](Range rows) {
        passes.read_gradient(rows, output_gradient + sample * detail::output_size(shape));
        passes.add_input_gradient(rows, prepared, image_gradient);
      });
    }
    return;
  }
  const ConvolutionPlan plan(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    detail::convolve_backward_input(shape, plan, output_gradient + sample * detail::output_size(shape), kernel,
                                    prepared, input_gradient + sample * detail::input_size(shape), scratch);
  }
}

/// Adds what samples `samples` contribute to the kernel's gradient, one after the other.
template <class T>
void conv2d_backward_kernel(const Conv2DShape& given, Range samples, const T* input, const T* output_gradient,
                            T* kernel_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_joined_rows(given);
  if (samples.size() == 0) return;
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      passes.for_each_block([&](Range rows) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.read_gradient(rows, output_gradient + sample * detail::output_size(shape));
        passes.add_kernel_gradient(rows, sample == samples.first && rows.first == 0);
      });
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

/// Whether convolution, activation and a 2x2 max-pooling with stride 2 and no padding can be computed in one pass.
inline bool conv2d_max_pool_supported(const Conv2DShape& shape, Activation activation) {
  return shape.groups == 1 && shape.dilation_width == 1 && shape.out_height >= 2 && shape.out_width >= 2 &&
         (activation == linear || activation == relu);
}

/// Elements of scratch that a thread in one of the conv2d_max_pool functions needs of its own.
inline std::int64_t conv2d_max_pool_scratch(const Conv2DShape& shape) {
  const Conv2DShape pooled = detail::with_pooled_outputs(shape);
  if (WinogradPlan::pays(pooled)) return WinogradPlan(pooled).scratch_size(pooled);
  const std::int64_t steps = shape.kernel_height * shape.kernel_width * shape.channels;
  const std::int64_t packed = steps * ConvolutionPlan::widest_tile;
  return ConvolutionPlan(pooled).scratch_size(pooled) + std::max(packed, detail::output_size(pooled));
}

/// Samples `samples` of pooled [batch, out_height / 2, out_width / 2, filters] = the maximum of every 2x2 pixels of
/// activation(convolution(input, kernel) + bias); an odd last row or column is left out. `winner`, of the same extents,
/// receives which of the four was the maximum, counted along rows, the first among equals; with ReLU it is 4 where none
/// was above zero, so that no gradient passes. `winner` may be nullptr, `bias` too. `prepared` is what
/// `conv2d_prepare_forward` made of `kernel`.
template <class T>
void conv2d_max_pool_forward(const Conv2DShape& given, Range samples, const T* input, const T* kernel,
                             const T* prepared, const T* bias, Activation activation, T* pooled, std::uint8_t* winner,
                             T* scratch) {
  const Conv2DShape shape = detail::with_pooled_outputs(given);
  const bool is_relu = activation == relu;
  const std::int64_t size = detail::output_size(shape) / 4;
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      passes.for_each_block([&](Range rows) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.multiply(rows, prepared);
        passes.write_pooled(rows, bias, is_relu, pooled + sample * size,
                            winner == nullptr ? nullptr : winner + sample * size);
      });
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

/// The backward pass of `conv2d_max_pool_forward` for samples `samples`, one after the other: adds to kernel_gradient
/// and to bias_gradient (nullptr: not wanted), and writes input_gradient (nullptr: not wanted; `kernel` and `prepared`
/// may be nullptr too then). A sample's gradient at full size exists in scratch only.
template <class T>
void conv2d_max_pool_backward(const Conv2DShape& given, Range samples, const T* input, const T* pooled_gradient,
                              const std::uint8_t* winner, const T* kernel, const T* prepared, T* kernel_gradient,
                              T* bias_gradient, T* input_gradient, T* scratch) {
  const Conv2DShape shape = detail::with_pooled_outputs(given);
  const std::int64_t size = detail::output_size(shape) / 4;
  if (samples.size() == 0) return;
  if (WinogradPlan::pays(shape)) {
    const detail::Winograd<T> passes(shape, scratch);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* image_gradient = input_gradient == nullptr ? nullptr : input_gradient + sample * detail::input_size(shape);
      if (image_gradient != nullptr) std::fill_n(image_gradient, detail::input_size(shape), T{});
      passes.for_each_block([&](Range rows) {
        passes.transform_input(rows, input + sample * detail::input_size(shape));
        passes.read_pooled_gradient(rows, pooled_gradient + sample * size, winner + sample * size, bias_gradient);
        passes.add_kernel_gradient(rows, sample == samples.first && rows.first == 0);
        if (image_gradient != nullptr) passes.add_input_gradient(rows, prepared, image_gradient);
      });
    }
    passes.finish_kernel_gradient(kernel_gradient);
    return;
  }
  const ConvolutionPlan plan(shape);
  T* rest = scratch + detail::output_size(shape);
  for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
    NACRE_SIMD_CALL(scatter_pooled_gradient<T>, shape.out_height / 2, shape.out_width / 2, shape.filters,
                    pooled_gradient + sample * size, winner + sample * size, scratch, bias_gradient);
    detail::convolve_backward_kernel(shape, plan, input + sample * detail::input_size(shape),
                                     static_cast<const T*>(scratch), kernel_gradient, rest);
    if (input_gradient == nullptr) continue;
    detail::convolve_backward_input(shape, plan, static_cast<const T*>(scratch), kernel, prepared,
                                    input_gradient + sample * detail::input_size(shape), rest);
  }
}

NACRE_KERNEL(conv2d_forward);
NACRE_KERNEL(conv2d_prepare_forward);
NACRE_KERNEL(conv2d_prepare_backward);
NACRE_KERNEL(conv2d_backward_input);
NACRE_KERNEL(conv2d_backward_kernel);
NACRE_KERNEL(conv2d_max_pool_forward);
NACRE_KERNEL(conv2d_max_pool_backward);

}  // namespace nacre::kernels
