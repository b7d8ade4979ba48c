#pragma once
// selu: the scaled exponential linear unit, whose outputs normalize themselves.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = scale x where x > 0, scale alpha (e^x - 1) elsewhere. Klambauer, Unterthiner, Mayr and Hochreiter,
/// "Self-normalizing neural networks", 2017, which gives both constants.
struct Selu {
  static constexpr std::string_view type_name = "selu";
  static constexpr bool keeps_input = false;

  static constexpr double alpha = 1.6732632423543772848170429916717;
  static constexpr double scale = 1.0507009873554804934193349852946;
};

inline constexpr Activation selu{Selu{}};

}  // namespace activations

using activations::selu;

}  // namespace nacre
