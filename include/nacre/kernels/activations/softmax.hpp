#pragma once
// softmax: exponentials that sum to 1 along the last axis.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x)[c] = e^x[c] / sum_k e^x[k], over each row of the last axis, with the largest element subtracted first so that
/// nothing overflows.
struct Softmax {
  static constexpr std::string_view type_name = "softmax";
  static constexpr bool keeps_input = false;
  static constexpr bool is_elementwise = false;
};

inline constexpr Activation softmax{Softmax{}};

}  // namespace activations

using activations::softmax;

}  // namespace nacre
