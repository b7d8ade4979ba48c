#pragma once
// hard_sigmoid: a sigmoid of three straight lines.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = min(max(x + 3, 0), 6) / 6, as Keras has it since version 3.
struct HardSigmoid {
  static constexpr std::string_view type_name = "hard_sigmoid";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation hard_sigmoid{HardSigmoid{}};

}  // namespace activations

using activations::hard_sigmoid;

}  // namespace nacre
