#pragma once
// hard_silu: silu with a hard sigmoid, also called hard swish.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x min(max(x + 3, 0), 6) / 6. Howard et al., "Searching for MobileNetV3", 2019.
struct HardSilu {
  static constexpr std::string_view type_name = "hard_silu";
  static constexpr bool keeps_input = true;
};

inline constexpr Activation hard_silu{HardSilu{}};
inline constexpr Activation hard_swish = hard_silu;  ///< Keras' other name of it

}  // namespace activations

using activations::hard_silu;
using activations::hard_swish;

}  // namespace nacre
