#pragma once
// sigmoid: the logistic function.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = 1 / (1 + e^-x). Its derivative is y (1 - y).
struct Sigmoid {
  static constexpr std::string_view type_name = "sigmoid";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation sigmoid{Sigmoid{}};

}  // namespace activations

using activations::sigmoid;

}  // namespace nacre
