#pragma once
// Pooling over windows of volumes, and over all of one. Volumes are [batch, depth, height, width, channels]; an image
// is one of depth 1, and a sequence an image of height 1. Samples do not depend on each other: every function works on
// a range of them.

#include <algorithm>
#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// One axis of a pooling. Window `index` covers the cells from index * stride - pad on, `pool` of them; those outside
/// of the input are padding.
struct PoolAxis {
  std::int64_t size = 1;
  std::int64_t pool = 1;
  std::int64_t stride = 1;
  std::int64_t pad = 0;
  std::int64_t positions = 1;

  /// The cells of a window, without padding.
  constexpr Range cells(std::int64_t index) const {
    const std::int64_t first = index * stride - pad;
    return {std::max<std::int64_t>(first, 0), std::min(first + pool, size)};
  }
  /// Whether a cell can lie in several windows.
  constexpr bool overlapping() const { return stride < pool; }
  /// Whether every cell lies in a window.
  constexpr bool covering() const { return stride <= pool && positions > 0 && cells(positions - 1).last == size; }
};

/// The extents of a pooling. Padding never is the maximum and is not counted in an average. Every window must hold at
/// least one cell of the input.
struct PoolShape {
  std::int64_t channels = 0;
  PoolAxis depth{};
  PoolAxis height{};
  PoolAxis width{};

  /// Elements of one sample's input and output.
  constexpr std::int64_t input_sample() const { return depth.size * height.size * width.size * channels; }
  constexpr std::int64_t output_sample() const {
    return depth.positions * height.positions * width.positions * channels;
  }
  constexpr bool overlapping() const { return depth.overlapping() || height.overlapping() || width.overlapping(); }
  constexpr bool covering() const { return depth.covering() && height.covering() && width.covering(); }
};

/// Each window's largest element, channel by channel; a NaN anywhere in it makes it NaN.
/// input is [batch, depth, height, width, channels], output [batch, positions of each axis..., channels].
template <class T>
void max_pool_forward(const PoolShape& shape, Range samples, const T* input, T* output);

/// The gradient of max_pool_forward: each output's gradient goes to the first maximum of its window in row-major
/// order (to the first NaN, where the output is NaN); where windows overlap, gradients add. Writes the whole of
/// input_gradient for `samples`.
template <class T>
void max_pool_backward(const PoolShape& shape, Range samples, const T* input, const T* output, const T* output_gradient,
                       T* input_gradient);

/// The mean of each window's cells, without padding, channel by channel. Layout as in max_pool_forward.
template <class T>
void average_pool_forward(const PoolShape& shape, Range samples, const T* input, T* output);

/// The gradient of average_pool_forward: each output's gradient is spread evenly over its window's cells. Writes the
/// whole of input_gradient for `samples`.
template <class T>
void average_pool_backward(const PoolShape& shape, Range samples, const T* output_gradient, T* input_gradient);

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
