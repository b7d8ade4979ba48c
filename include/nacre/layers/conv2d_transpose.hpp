#pragma once
// Conv2DTranspose: a convolution the other way round, for outputs that are larger than inputs.

#include <utility>

#include <nacre/layers/convolution_transpose.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv2DTranspose.
using Conv2DTransposeOptions = ConvolutionTransposeOptions<Size2D>;

/// output = activation(z + bias), where z is what the gradient of a Conv2D by its input is, given the layer's input for
/// the gradient of its output: each cell of the input adds its multiple of the kernel to the output. Input (batch,
/// height, width, channels), output (batch, rows, columns, filters); kernel (height, width, filters, channels), bias
/// (filters). Zeiler et al., "Deconvolutional networks", CVPR 2010.
struct Conv2DTranspose : detail::ConvolutionTranspose<Conv2DTranspose, Size2D> {
  static constexpr std::string_view type_name = "Conv2DTranspose";

  /// Throws ValueError for sizes below 1, for strides and dilation together, or an output_padding not below the
  /// strides.
  Conv2DTranspose(std::int64_t filters, Size2D kernel_size, Conv2DTransposeOptions options = {});

 private:
  friend struct ConfigAccess;
  Conv2DTranspose() = default;
};

inline Conv2DTranspose::Conv2DTranspose(std::int64_t outputs, Size2D window, Conv2DTransposeOptions chosen)
    : ConvolutionTranspose(outputs, window, std::move(chosen)) {}

}  // namespace nacre
