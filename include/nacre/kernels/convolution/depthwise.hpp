#pragma once
// Depthwise convolution: every filter sees one channel, so that nothing is a product of matrices. All passes are sums
// over the taps of a rectangle, channel by channel. Where several filters see each channel, the image is written out
// with each channel as often.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include <nacre/core/range.hpp>
#include <nacre/kernels/convolution/direct.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::detail {

/// How a pass goes along one axis. It computes pixels first, first + step, ..., `pixels` in all, each from taps
/// tap_first, tap_first + tap_step, ..., `taps` in all. The n-th of the pixels sees in the m-th of the taps pixel
/// image_first + n image_step + m image_tap of the image, which has `limit`.
struct DepthwiseAxis {
  std::int64_t first = 0;
  std::int64_t step = 1;
  std::int64_t pixels = 0;
  std::int64_t tap_first = 0;
  std::int64_t tap_step = 1;
  std::int64_t taps = 0;
  std::int64_t image_first = 0;
  std::int64_t image_step = 1;
  std::int64_t image_tap = 1;
  std::int64_t limit = 0;

  /// The taps whose pixel, seen from the n-th, lies in the image.
  Range valid_taps(std::int64_t n) const {
    const std::int64_t at = image_first + n * image_step;
    if (image_tap > 0) return valid_outputs(taps, limit, image_tap, at);
    return valid_outputs(taps, limit, -image_tap, limit - 1 - at);  // the same seen from the other end
  }

  /// The pixels that see all taps.
  Range interior() const {
    const std::int64_t span = (taps - 1) * image_tap;
    if (taps == 0 || std::abs(span) >= limit) return {0, 0};
    return valid_outputs(pixels, limit - std::abs(span), image_step, image_first + std::min<std::int64_t>(span, 0));
  }
};

/// The output along an axis, from the input.
inline DepthwiseAxis depthwise_forward_axis(std::int64_t outputs, std::int64_t inputs, std::int64_t taps,
                                            std::int64_t stride, std::int64_t dilation, std::int64_t pad) {
  return {.pixels = outputs,
          .taps = taps,
          .image_first = -pad,
          .image_step = stride,
          .image_tap = dilation,
          .limit = inputs};
}

/// The input's gradient along an axis, from the output's: those input pixels whose number leaves the rest `phase` when
/// divided by the stride, which all see the same taps.
[[gnu::noinline]] inline DepthwiseAxis depthwise_backward_axis(std::int64_t outputs, std::int64_t inputs,
                                                               std::int64_t taps, std::int64_t stride,
                                                               std::int64_t dilation, std::int64_t pad,
                                                               std::int64_t phase) {
  DepthwiseAxis axis{.first = phase, .step = stride, .limit = outputs};
  axis.pixels = phase < inputs ? (inputs - phase + stride - 1) / stride : 0;
  axis.tap_step = stride / std::gcd(stride, dilation);
  while (axis.tap_first < axis.tap_step && (phase + pad - axis.tap_first * dilation) % stride != 0) ++axis.tap_first;
  const bool has_taps = axis.tap_first < std::min(axis.tap_step, taps);
  axis.taps = has_taps ? (taps - 1 - axis.tap_first) / axis.tap_step + 1 : 0;
  axis.image_first = has_taps ? (phase + pad - axis.tap_first * dilation) / stride : 0;
  axis.image_tap = -(axis.tap_step * dilation / stride);
  return axis;
}

/// Pixels of a row that see the same taps, as offsets of elements: the first pixel's, what it sees in its first tap,
/// and that tap's in the kernel.
struct DepthwiseRun {
  std::int64_t pixels;
  std::int64_t target;
  std::int64_t image;
  std::int64_t kernel;
  DepthwiseTaps taps;
};

/// The runs that cover all pixels of a pass once. Of the pixels near an edge each is a run.
class DepthwiseRuns {
 public:
  DepthwiseRuns(const Conv2DShape& shape, const DepthwiseAxis& rows, const DepthwiseAxis& columns,
                std::int64_t target_width)
      : rows_(rows),
        columns_(columns),
        interior_(columns.interior()),
        channels_(shape.channels),
        kernel_row_(shape.kernel_width * shape.channels),
        target_row_(target_width * shape.channels) {}

  /// Those of the pass from input to output.
  explicit DepthwiseRuns(const Conv2DShape& shape)
      : DepthwiseRuns(shape,
                      depthwise_forward_axis(shape.out_height, shape.height, shape.kernel_height, shape.stride_height,
                                             shape.dilation_height, shape.pad_top),
                      depthwise_forward_axis(shape.out_width, shape.width, shape.kernel_width, shape.stride_width,
                                             shape.dilation_width, shape.pad_left),
                      shape.out_width) {}

  /// The next run, unless there is none.
  [[gnu::noinline]] bool next(DepthwiseRun& run) {
    if (x_ >= columns_.pixels) {
      x_ = 0;
      ++y_;
    }
    if (y_ >= rows_.pixels || columns_.pixels <= 0) return false;
    const bool is_inside = x_ == interior_.first && interior_.size() > 0;
    const Range tap_rows = rows_.valid_taps(y_);
    const Range tap_columns = is_inside ? Range{0, columns_.taps} : columns_.valid_taps(x_);
    run.pixels = is_inside ? interior_.size() : 1;
    run.target = (rows_.first + y_ * rows_.step) * target_row_ + (columns_.first + x_ * columns_.step) * channels_;
    run.image = run.kernel = 0;
    run.taps = {0,
                tap_columns.size(),
                rows_.image_tap * columns_.limit * channels_,
                columns_.image_tap * channels_,
                rows_.tap_step * kernel_row_,
                columns_.tap_step * channels_};
    if (tap_rows.size() > 0 && tap_columns.size() > 0) {
      const std::int64_t image_y = rows_.image_first + y_ * rows_.image_step + tap_rows.first * rows_.image_tap;
      const std::int64_t image_x =
          columns_.image_first + x_ * columns_.image_step + tap_columns.first * columns_.image_tap;
      run.taps.rows = tap_rows.size();
      run.image = (image_y * columns_.limit + image_x) * channels_;
      run.kernel = (rows_.tap_first + tap_rows.first * rows_.tap_step) * kernel_row_ +
                   (columns_.tap_first + tap_columns.first * columns_.tap_step) * channels_;
    }
    x_ += run.pixels;
    return true;
  }

 private:
  DepthwiseAxis rows_, columns_;
  Range interior_;
  std::int64_t channels_, kernel_row_, target_row_;
  std::int64_t y_ = 0, x_ = 0;
};

/// The convolution of an image that has a channel for each filter.
inline Conv2DShape with_channel_for_each_filter(const Conv2DShape& shape) {
  Conv2DShape spread = shape;
  spread.channels = spread.groups = shape.filters;
  return spread;
}

/// The image with each channel for each of its filters: itself, or written into `scratch`.
template <class T>
const T* spread_channels(const Conv2DShape& shape, const T* sample, T* scratch) {
  const std::int64_t times = shape.filters / shape.channels;
  if (times == 1) return sample;
  const std::int64_t count = shape.height * shape.width * shape.channels;
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t filter = 0; filter < times; ++filter) scratch[i * times + filter] = sample[i];
  }
  return scratch;
}

/// The gradient of what `spread_channels` has written.
template <class T>
void gather_channels(const Conv2DShape& shape, const T* spread, T* input_gradient) {
  const std::int64_t times = shape.filters / shape.channels;
  const std::int64_t count = shape.height * shape.width * shape.channels;
  for (std::int64_t i = 0; i < count; ++i) {
    T sum = spread[i * times];
    for (std::int64_t filter = 1; filter < times; ++filter) sum += spread[i * times + filter];
    input_gradient[i] = sum;
  }
}

/// One sample's output without its activation.
template <class T>
void convolve_depthwise(const Conv2DShape& given, const T* sample, const T* kernel, const T* bias, T* output,
                        T* scratch) {
  const Conv2DShape shape = with_channel_for_each_filter(given);
  const T* image = spread_channels(given, sample, scratch);
  DepthwiseRun run;
  for (DepthwiseRuns runs(shape); runs.next(run);) {
    NACRE_SIMD_CALL(depthwise_run<T>, run.taps, run.pixels, shape.channels, image + run.image,
                    shape.stride_width * shape.channels, kernel + run.kernel, bias, output + run.target,
                    shape.channels);
  }
}

/// One sample's input gradient.
template <class T>
void backward_input_depthwise(const Conv2DShape& given, const T* gradient, const T* kernel, T* input_gradient,
                              T* scratch) {
  const Conv2DShape shape = with_channel_for_each_filter(given);
  const bool is_spread = shape.channels > given.channels;
  T* image_gradient = is_spread ? scratch : input_gradient;
  const T* no_start = nullptr;
  DepthwiseRun run;
  for (std::int64_t phase_y = 0; phase_y < shape.stride_height; ++phase_y) {
    for (std::int64_t phase_x = 0; phase_x < shape.stride_width; ++phase_x) {
      DepthwiseRuns runs(shape,
                         depthwise_backward_axis(shape.out_height, shape.height, shape.kernel_height,
                                                 shape.stride_height, shape.dilation_height, shape.pad_top, phase_y),
                         depthwise_backward_axis(shape.out_width, shape.width, shape.kernel_width, shape.stride_width,
                                                 shape.dilation_width, shape.pad_left, phase_x),
                         shape.width);
      while (runs.next(run)) {
        NACRE_SIMD_CALL(depthwise_run<T>, run.taps, run.pixels, shape.channels, gradient + run.image, shape.channels,
                        kernel + run.kernel, no_start, image_gradient + run.target,
                        shape.stride_width * shape.channels);
      }
    }
  }
  if (is_spread) gather_channels(given, static_cast<const T*>(scratch), input_gradient);
}

/// Adds one sample's part of the kernel's gradient.
template <class T>
void backward_kernel_depthwise(const Conv2DShape& given, const T* sample, const T* gradient, T* kernel_gradient,
                               T* scratch) {
  const Conv2DShape shape = with_channel_for_each_filter(given);
  const T* image = spread_channels(given, sample, scratch);
  DepthwiseRun run;
  for (DepthwiseRuns runs(shape); runs.next(run);) {
    NACRE_SIMD_CALL(depthwise_gradient_run<T>, run.taps, run.pixels, shape.channels, image + run.image,
                    shape.stride_width * shape.channels, gradient + run.target, shape.channels,
                    kernel_gradient + run.kernel);
  }
}

}  // namespace nacre::kernels::detail
