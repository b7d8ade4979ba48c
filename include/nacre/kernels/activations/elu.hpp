#pragma once
// elu: the exponential linear unit.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x where x > 0, alpha (e^x - 1) elsewhere. Clevert, Unterthiner and Hochreiter, "Fast and accurate deep
/// network learning by exponential linear units", 2015. Its derivative is y + alpha where x <= 0. Throws ValueError for
/// a negative alpha, with which the output would not tell where the input was.
struct Elu {
  static constexpr std::string_view type_name = "elu";
  static constexpr bool keeps_input = false;
  double alpha = 1;

  void fields(Fields& list) { list("alpha", alpha); }
  constexpr void validate() const { detail::require_not_negative(type_name, "alpha", alpha); }
};

inline constexpr Activation elu{Elu{}};

}  // namespace activations

using activations::elu;

}  // namespace nacre
