#pragma once
// silu: the sigmoid linear unit, also called swish.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x / (1 + e^-x). Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function
/// approximation in reinforcement learning", 2017; Ramachandran, Zoph and Le, "Searching for activation functions",
/// 2017.
struct Silu {
  static constexpr std::string_view type_name = "silu";
  static constexpr bool keeps_input = true;
};

inline constexpr Activation silu{Silu{}};
inline constexpr Activation swish = silu;  ///< Keras' other name of it

}  // namespace activations

using activations::silu;
using activations::swish;

}  // namespace nacre
