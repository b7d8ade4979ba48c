#pragma once
// celu: the continuously differentiable exponential linear unit.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = max(x, 0) + min(alpha (e^(x / alpha) - 1), 0). Its derivative is y / alpha + 1 where x <= 0. Barron,
/// "Continuously differentiable exponential linear units", 2017. Throws ValueError for an alpha that is not above 0.
struct Celu {
  static constexpr std::string_view type_name = "celu";
  static constexpr bool keeps_input = false;
  double alpha = 1;

  void fields(Fields& list) { list("alpha", alpha); }
  constexpr void validate() const { detail::require_positive(type_name, "alpha", alpha); }
};

inline constexpr Activation celu{Celu{}};

}  // namespace activations

using activations::celu;

}  // namespace nacre
