#pragma once
// DepthwiseConv1D: a convolution of each channel for itself.

#include <utility>

#include <nacre/layers/depthwise_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of DepthwiseConv1D.
using DepthwiseConv1DOptions = DepthwiseConvolutionOptions<Size1D>;

/// output = activation(each channel convolved with its `depth_multiplier` kernels + bias). Input (batch, steps,
/// channels), output (batch, positions, channels * depth_multiplier); kernel (size, channels, depth_multiplier), bias
/// (channels * depth_multiplier).
struct DepthwiseConv1D : detail::DepthwiseConvolution<DepthwiseConv1D, Size1D> {
  static constexpr std::string_view type_name = "DepthwiseConv1D";

  /// Throws ValueError for sizes below 1.
  explicit DepthwiseConv1D(Size1D kernel_size, DepthwiseConv1DOptions options = {});

 private:
  friend struct ConfigAccess;
  DepthwiseConv1D() = default;
};

inline DepthwiseConv1D::DepthwiseConv1D(Size1D window, DepthwiseConv1DOptions chosen)
    : DepthwiseConvolution(window, std::move(chosen)) {}

}  // namespace nacre
