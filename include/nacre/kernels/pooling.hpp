#pragma once
// Pooling over windows of an image, and over all of it. Images are [batch, height, width, channels]. Samples do not
// depend on each other: every function works on a range of them.

#include <algorithm>
#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The extents of a pooling. Window (y, x) covers the input's rows y * stride_height - pad_top and on, `pool_height` of
/// them, and the columns likewise; cells outside the image are padding: they never are the maximum and are not counted
/// in an average. Every window must hold at least one cell of the image.
struct Pool2DShape {
  std::int64_t batch = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::int64_t pool_height = 1;
  std::int64_t pool_width = 1;
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_left = 0;
  std::int64_t out_height = 0;
  std::int64_t out_width = 0;

  /// The input rows of output row `y`, without padding.
  constexpr Range rows(std::int64_t y) const {
    const std::int64_t first = y * stride_height - pad_top;
    return {std::max<std::int64_t>(first, 0), std::min(first + pool_height, height)};
  }
  /// The input columns of output column `x`, without padding.
  constexpr Range columns(std::int64_t x) const {
    const std::int64_t first = x * stride_width - pad_left;
    return {std::max<std::int64_t>(first, 0), std::min(first + pool_width, width)};
  }
  /// Elements of one sample's input and output.
  constexpr std::int64_t input_sample() const { return height * width * channels; }
  constexpr std::int64_t output_sample() const { return out_height * out_width * channels; }
  /// Whether a cell can lie in several windows.
  constexpr bool overlapping() const { return stride_height < pool_height || stride_width < pool_width; }
  /// Whether every cell lies in a window.
  constexpr bool covering() const {
    return stride_height <= pool_height && stride_width <= pool_width && out_height > 0 && out_width > 0 &&
           rows(out_height - 1).last == height && columns(out_width - 1).last == width;
  }
};

/// Each window's largest element, channel by channel; a NaN anywhere in it makes it NaN.
/// input is [batch, height, width, channels], output [batch, out_height, out_width, channels].
template <class T>
void max_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output);

/// The gradient of max_pool2d_forward: each output's gradient goes to the first maximum of its window in row-major
/// order (to the first NaN, where the output is NaN); where windows overlap, gradients add. Writes the whole of
/// input_gradient for `samples`.
template <class T>
void max_pool2d_backward(const Pool2DShape& shape, Range samples, const T* input, const T* output,
                         const T* output_gradient, T* input_gradient);

/// The mean of each window's cells, without padding, channel by channel. Layout as in max_pool2d_forward.
template <class T>
void average_pool2d_forward(const Pool2DShape& shape, Range samples, const T* input, T* output);

/// The gradient of average_pool2d_forward: each output's gradient is spread evenly over its window's cells. Writes the
/// whole of input_gradient for `samples`.
template <class T>
void average_pool2d_backward(const Pool2DShape& shape, Range samples, const T* output_gradient, T* input_gradient);

/// output[n, c] = the largest of input[n, 0..positions, c]; NaN where one of them is NaN. input is
/// [batch, positions, channels], output [batch, channels].
template <class T>
void global_max_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input, T* output);

/// The gradient of global_max_pool_forward: it goes to the first maximum. Writes the whole of input_gradient for
/// `samples`.
template <class T>
void global_max_pool_backward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                              const T* output, const T* output_gradient, T* input_gradient);

/// output[n, c] = the mean of input[n, 0..positions, c], summed in double. input is [batch, positions, channels],
/// output [batch, channels].
template <class T>
void global_average_pool_forward(Range samples, std::int64_t positions, std::int64_t channels, const T* input,
                                 T* output);

/// The gradient of global_average_pool_forward. Writes the whole of input_gradient for `samples`.
template <class T>
void global_average_pool_backward(Range samples, std::int64_t positions, std::int64_t channels,
                                  const T* output_gradient, T* input_gradient);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/pooling-inl.hpp>
#endif
