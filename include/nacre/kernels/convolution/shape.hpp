#pragma once
// The shape of a convolution.

#include <nacre/core/version.hpp>

#include <cstdint>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// A two-dimensional convolution. The input is [batch, height, width, channels], the kernel [kernel_height,
/// kernel_width, channels / groups, filters] and the output [batch, out_height, out_width, filters]. Output pixel (y,
/// x) sees input pixels (y stride_height + i dilation_height - pad_top, x stride_width + j dilation_width - pad_left);
/// those outside the input count as zero, so the padding below and to the right follows from the output's extents.
/// Filters [g filters / groups, (g + 1) filters / groups) see channels [g channels / groups, (g + 1) channels /
/// groups).
struct Conv2DShape {
  std::int64_t batch = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  std::int64_t channels = 1;
  std::int64_t filters = 1;
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
  std::int64_t dilation_height = 1;
  std::int64_t dilation_width = 1;
  std::int64_t pad_top = 0;
  std::int64_t pad_left = 0;
  std::int64_t groups = 1;
  std::int64_t out_height = 1;
  std::int64_t out_width = 1;
};

}  // namespace nacre::kernels
