#pragma once
// mish: a smooth rectifier that is not monotonic.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x tanh(log(1 + e^x)). Misra, "Mish: a self regularized non-monotonic activation function", 2019.
struct Mish {
  static constexpr std::string_view type_name = "mish";
  static constexpr bool keeps_input = true;
};

inline constexpr Activation mish{Mish{}};

}  // namespace activations

using activations::mish;

}  // namespace nacre
