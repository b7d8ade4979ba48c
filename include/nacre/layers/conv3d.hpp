#pragma once
// Conv3D: the convolution of volumes.

#include <concepts>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv3D.
using Conv3DOptions = ConvolutionOptions<Size3D>;

/// output = activation(input convolved with kernel + bias), as a cross-correlation. Input (batch, depth, height, width,
/// channels), output (batch, planes, rows, columns, filters); kernel (depth, height, width, channels / groups,
/// filters), bias (filters).
struct Conv3D : detail::Convolution<Conv3D, Size3D> {
  static constexpr std::string_view type_name = "Conv3D";

  /// Throws ValueError for sizes below 1, or for strides and dilation together.
  Conv3D(std::int64_t filters, Size3D kernel_size, Conv3DOptions options = {});

  /// `Conv3D(32, 3, relu)`: with an activation and no other option.
  template <std::convertible_to<Activation> A>
  Conv3D(std::int64_t filters, Size3D kernel_size, A activation);

 private:
  friend struct ConfigAccess;
  Conv3D() = default;
};

inline Conv3D::Conv3D(std::int64_t outputs, Size3D window, Conv3DOptions chosen)
    : Convolution(outputs, window, std::move(chosen)) {}

template <std::convertible_to<Activation> A>
Conv3D::Conv3D(std::int64_t outputs, Size3D window, A activation)
    : Conv3D(outputs, window, Conv3DOptions{.activation = activation}) {}

}  // namespace nacre
