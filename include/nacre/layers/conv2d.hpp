#pragma once
// Conv2D: the two-dimensional convolution layer.

#include <concepts>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv2D.
using Conv2DOptions = ConvolutionOptions<Size2D>;

/// output = activation(input convolved with kernel + bias), as a cross-correlation. Input (batch, height, width,
/// channels), output (batch, rows, columns, filters); kernel (height, width, channels / groups, filters), bias
/// (filters).
struct Conv2D : detail::Convolution<Conv2D, Size2D> {
  static constexpr std::string_view type_name = "Conv2D";

  /// Throws ValueError for sizes below 1, or for strides and dilation together.
  Conv2D(std::int64_t filters, Size2D kernel_size, Conv2DOptions options = {});

  /// `Conv2D(32, 3, relu)`: with an activation and no other option.
  template <std::convertible_to<Activation> A>
  Conv2D(std::int64_t filters, Size2D kernel_size, A activation);

 private:
  friend struct ConfigAccess;
  Conv2D() = default;
};

inline Conv2D::Conv2D(std::int64_t outputs, Size2D window, Conv2DOptions chosen)
    : Convolution(outputs, window, std::move(chosen)) {}

template <std::convertible_to<Activation> A>
Conv2D::Conv2D(std::int64_t outputs, Size2D window, A activation)
    : Conv2D(outputs, window, Conv2DOptions{.activation = activation}) {}

}  // namespace nacre
