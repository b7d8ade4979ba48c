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

/// A three-dimensional convolution: a sum of two-dimensional ones, of as many planes of the input as the kernel is
/// deep. The input is [batch, depth, height, width, channels], the kernel [kernel_depth, kernel_height, kernel_width,
/// channels / groups, filters], the output [batch, out_depth, out_height, out_width, filters]. Output plane z sees
/// input planes z stride_depth + i dilation_depth - pad_front.
struct Conv3DShape {
  Conv2DShape plane;
  std::int64_t depth = 1;
  std::int64_t kernel_depth = 1;
  std::int64_t stride_depth = 1;
  std::int64_t dilation_depth = 1;
  std::int64_t pad_front = 0;
  std::int64_t out_depth = 1;

  /// Whether it is a two-dimensional one.
  bool is_flat() const { return depth == 1 && kernel_depth == 1; }

  // Elements of a plane of each.
  std::int64_t input_plane() const { return plane.height * plane.width * plane.channels; }
  std::int64_t output_plane() const { return plane.out_height * plane.out_width * plane.filters; }
  std::int64_t kernel_plane() const {
    return plane.kernel_height * plane.kernel_width * (plane.channels / plane.groups) * plane.filters;
  }

  /// The input plane that an output plane sees in a plane of the kernel; outside of the input it is padding.
  std::int64_t seen(std::int64_t output, std::int64_t tap) const {
    return output * stride_depth + tap * dilation_depth - pad_front;
  }
};

}  // namespace nacre::kernels
