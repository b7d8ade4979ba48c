#pragma once
// sparsemax: numbers that sum to 1 along the last axis, many of them 0.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) is the point nearest to x among those of numbers from 0 on that sum to 1, over each row of the last axis:
/// max(x[c] - tau, 0) with the tau that makes the sum 1. Martins and Astudillo, "From softmax to sparsemax", 2016.
struct Sparsemax {
  static constexpr std::string_view type_name = "sparsemax";
  static constexpr bool keeps_input = false;
  static constexpr bool is_elementwise = false;
};

inline constexpr Activation sparsemax{Sparsemax{}};

}  // namespace activations

using activations::sparsemax;

}  // namespace nacre
