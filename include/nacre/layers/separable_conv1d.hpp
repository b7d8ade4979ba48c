#pragma once
// SeparableConv1D: a convolution of each channel, then one of single steps.

#include <utility>

#include <nacre/layers/separable_convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SeparableConv1D.
using SeparableConv1DOptions = SeparableConvolutionOptions<Size1D>;

/// What DepthwiseConv1D without a bias and then Conv1D of size 1 compute, as one layer. Input (batch, steps,
/// channels), output (batch, positions, filters); depthwise_kernel (size, channels, depth_multiplier), pointwise_kernel
/// (1, channels * depth_multiplier, filters), bias (filters). Chollet, "Xception", CVPR 2017.
struct SeparableConv1D : detail::SeparableConvolution<SeparableConv1D, Size1D> {
  static constexpr std::string_view type_name = "SeparableConv1D";

  /// Throws ValueError for sizes below 1.
  SeparableConv1D(std::int64_t filters, Size1D kernel_size, SeparableConv1DOptions options = {});

 private:
  friend struct ConfigAccess;
  SeparableConv1D() = default;
};

inline SeparableConv1D::SeparableConv1D(std::int64_t outputs, Size1D window, SeparableConv1DOptions chosen)
    : SeparableConvolution(outputs, window, std::move(chosen)) {}

}  // namespace nacre
