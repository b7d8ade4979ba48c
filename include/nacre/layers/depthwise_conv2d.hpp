#pragma once
// DepthwiseConv2D: a convolution of each channel for itself.

#include <utility>

#include <nacre/layers/depthwise_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of DepthwiseConv2D.
using DepthwiseConv2DOptions = DepthwiseConvolutionOptions<Size2D>;

/// output = activation(each channel convolved with its `depth_multiplier` kernels + bias). Input (batch, height,
/// width, channels), output (batch, rows, columns, channels * depth_multiplier); kernel (height, width, channels,
/// depth_multiplier), bias (channels * depth_multiplier).
struct DepthwiseConv2D : detail::DepthwiseConvolution<DepthwiseConv2D, Size2D> {
  static constexpr std::string_view type_name = "DepthwiseConv2D";

  /// Throws ValueError for sizes below 1.
  explicit DepthwiseConv2D(Size2D kernel_size, DepthwiseConv2DOptions options = {});

 private:
  friend struct ConfigAccess;
  DepthwiseConv2D() = default;
};

inline DepthwiseConv2D::DepthwiseConv2D(Size2D window, DepthwiseConv2DOptions chosen)
    : DepthwiseConvolution(window, std::move(chosen)) {}

}  // namespace nacre
