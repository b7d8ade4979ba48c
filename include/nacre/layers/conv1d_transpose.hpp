#pragma once
// Conv1DTranspose: a convolution the other way round, for outputs that are larger than inputs.

#include <utility>

#include <nacre/layers/convolution_transpose.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv1DTranspose.
using Conv1DTransposeOptions = ConvolutionTransposeOptions<Size1D>;

/// output = activation(z + bias), where z is what the gradient of a Conv1D by its input is, given the layer's input for
/// the gradient of its output: each cell of the input adds its multiple of the kernel to the output. Input (batch,
/// steps, channels), output (batch, larger steps, filters); kernel (size, filters, channels), bias (filters). Zeiler et
/// al., "Deconvolutional networks", CVPR 2010.
struct Conv1DTranspose : detail::ConvolutionTranspose<Conv1DTranspose, Size1D> {
  static constexpr std::string_view type_name = "Conv1DTranspose";

  /// Throws ValueError for sizes below 1, for strides and dilation together, or an output_padding not below the
  /// strides.
  Conv1DTranspose(std::int64_t filters, Size1D kernel_size, Conv1DTransposeOptions options = {});

 private:
  friend struct ConfigAccess;
  Conv1DTranspose() = default;
};

inline Conv1DTranspose::Conv1DTranspose(std::int64_t outputs, Size1D window, Conv1DTransposeOptions chosen)
    : ConvolutionTranspose(outputs, window, std::move(chosen)) {}

}  // namespace nacre
