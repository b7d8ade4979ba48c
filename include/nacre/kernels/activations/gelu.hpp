#pragma once
// gelu: the Gaussian error linear unit.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x P(X <= x) for a standard normal X: x (1 + erf(x / sqrt 2)) / 2; with `approximate`
/// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Hendrycks and Gimpel, "Gaussian error linear units", 2016.
struct Gelu {
  static constexpr std::string_view type_name = "gelu";
  static constexpr bool keeps_input = true;
  bool approximate = false;

  void fields(Fields& list) { list("approximate", approximate); }
};

inline constexpr Activation gelu{Gelu{}};

}  // namespace activations

using activations::gelu;

}  // namespace nacre
