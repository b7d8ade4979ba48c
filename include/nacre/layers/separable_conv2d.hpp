#pragma once
// SeparableConv2D: a convolution of each channel, then one of single pixels.

#include <utility>

#include <nacre/layers/separable_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SeparableConv2D.
using SeparableConv2DOptions = SeparableConvolutionOptions<Size2D>;

/// What DepthwiseConv2D without a bias and then Conv2D of size 1 compute, as one layer. Input (batch, height,
/// width, channels), output (batch, rows, columns, filters); depthwise_kernel (height, width, channels,
/// depth_multiplier), pointwise_kernel (1, 1, channels * depth_multiplier, filters), bias (filters). Chollet,
/// "Xception", CVPR 2017.
struct SeparableConv2D : detail::SeparableConvolution<SeparableConv2D, Size2D> {
  static constexpr std::string_view type_name = "SeparableConv2D";

  /// Throws ValueError for sizes below 1.
  SeparableConv2D(std::int64_t filters, Size2D kernel_size, SeparableConv2DOptions options = {});

 private:
  friend struct ConfigAccess;
  SeparableConv2D() = default;
};

inline SeparableConv2D::SeparableConv2D(std::int64_t outputs, Size2D window, SeparableConv2DOptions chosen)
    : SeparableConvolution(outputs, window, std::move(chosen)) {}

}  // namespace nacre
