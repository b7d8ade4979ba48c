#pragma once
// leaky_relu: a rectifier with a slope for negative inputs.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x where x >= 0, negative_slope x elsewhere. Maas, Hannun and Ng, "Rectifier nonlinearities improve neural
/// network acoustic models", 2013. Throws ValueError for a negative slope.
struct LeakyRelu {
  static constexpr std::string_view type_name = "leaky_relu";
  static constexpr bool keeps_input = false;
  double negative_slope = 0.2;

  void fields(Fields& list) { list("negative_slope", negative_slope); }
  constexpr void validate() const { detail::require_not_negative(type_name, "negative_slope", negative_slope); }
};

inline constexpr Activation leaky_relu{LeakyRelu{}};

}  // namespace activations

using activations::leaky_relu;

}  // namespace nacre
