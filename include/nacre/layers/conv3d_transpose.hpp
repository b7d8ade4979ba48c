#pragma once
// Conv3DTranspose: a convolution the other way round, for outputs that are larger than inputs.

#include <utility>

#include <nacre/layers/convolution_transpose.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv3DTranspose.
using Conv3DTransposeOptions = ConvolutionTransposeOptions<Size3D>;

/// output = activation(z + bias), where z is what the gradient of a Conv3D by its input is, given the layer's input for
/// the gradient of its output: each cell of the input adds its multiple of the kernel to the output. Input (batch,
/// depth, height, width, channels), output (batch, planes, rows, columns, filters); kernel (depth, height, width,
/// filters, channels), bias (filters). Zeiler et al., "Deconvolutional networks", CVPR 2010.
struct Conv3DTranspose : detail::ConvolutionTranspose<Conv3DTranspose, Size3D> {
  static constexpr std::string_view type_name = "Conv3DTranspose";

  /// Throws ValueError for sizes below 1, for strides and dilation together, or an output_padding not below the
  /// strides.
  Conv3DTranspose(std::int64_t filters, Size3D kernel_size, Conv3DTransposeOptions options = {});

 private:
  friend struct ConfigAccess;
  Conv3DTranspose() = default;
};

inline Conv3DTranspose::Conv3DTranspose(std::int64_t outputs, Size3D window, Conv3DTransposeOptions chosen)
    : ConvolutionTranspose(outputs, window, std::move(chosen)) {}

}  // namespace nacre
