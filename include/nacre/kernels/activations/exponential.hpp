#pragma once
// exponential: the exponential function.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = e^x, which is its own derivative.
struct Exponential {
  static constexpr std::string_view type_name = "exponential";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation exponential{Exponential{}};

}  // namespace activations

using activations::exponential;

}  // namespace nacre
