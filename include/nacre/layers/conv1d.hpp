#pragma once
// Conv1D: the convolution of sequences.

#include <concepts>
#include <utility>

#include <nacre/layers/convolution.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Conv1D.
using Conv1DOptions = ConvolutionOptions<Size1D>;

/// output = activation(input convolved with kernel + bias), as a cross-correlation. Input (batch, steps, channels),
/// output (batch, positions, filters); kernel (size, channels / groups, filters), bias (filters). With padding "causal"
/// no output sees a later step: van den Oord et al., "WaveNet", 2016.
struct Conv1D : detail::Convolution<Conv1D, Size1D> {
  static constexpr std::string_view type_name = "Conv1D";

  /// Throws ValueError for sizes below 1, or for strides and dilation together.
  Conv1D(std::int64_t filters, Size1D kernel_size, Conv1DOptions options = {});

  /// `Conv1D(32, 3, relu)`: with an activation and no other option.
  template <std::convertible_to<Activation> A>
  Conv1D(std::int64_t filters, Size1D kernel_size, A activation);

 private:
  friend struct ConfigAccess;
  Conv1D() = default;
};

inline Conv1D::Conv1D(std::int64_t outputs, Size1D window, Conv1DOptions chosen)
    : Convolution(outputs, window, std::move(chosen)) {}

template <std::convertible_to<Activation> A>
Conv1D::Conv1D(std::int64_t outputs, Size1D window, A activation)
    : Conv1D(outputs, window, Conv1DOptions{.activation = activation}) {}

}  // namespace nacre
