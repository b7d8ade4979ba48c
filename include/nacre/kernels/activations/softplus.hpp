#pragma once
// softplus: a smooth rectifier.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = log(1 + e^x), computed as max(x, 0) + log(1 + e^-|x|). Its derivative is 1 - e^-y. Glorot, Bordes and Bengio,
/// "Deep sparse rectifier neural networks", 2011.
struct Softplus {
  static constexpr std::string_view type_name = "softplus";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation softplus{Softplus{}};

}  // namespace activations

using activations::softplus;

}  // namespace nacre
