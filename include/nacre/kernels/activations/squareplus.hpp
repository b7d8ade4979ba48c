#pragma once
// squareplus: a smooth rectifier without exponentials.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = (x + sqrt(x^2 + b)) / 2. Barron, "Squareplus: a softplus-like algebraic rectifier", 2021. Throws ValueError
/// for a b that is not above 0.
struct Squareplus {
  static constexpr std::string_view type_name = "squareplus";
  static constexpr bool keeps_input = true;
  double b = 4;

  void fields(Fields& list) { list("b", b); }
  constexpr void validate() const { detail::require_positive(type_name, "b", b); }
};

inline constexpr Activation squareplus{Squareplus{}};

}  // namespace activations

using activations::squareplus;

}  // namespace nacre
