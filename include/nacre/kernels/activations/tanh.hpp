#pragma once
// tanh: the hyperbolic tangent.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = tanh x. Its derivative is 1 - y^2.
struct Tanh {
  static constexpr std::string_view type_name = "tanh";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation tanh{Tanh{}};

}  // namespace activations

// `tanh` has no shorter name than `activations::tanh`, since <cmath> has taken it.

}  // namespace nacre
