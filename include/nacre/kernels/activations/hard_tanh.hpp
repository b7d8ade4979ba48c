#pragma once
// hard_tanh: a tanh of straight lines.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = min(max(x, -1), 1).
struct HardTanh {
  static constexpr std::string_view type_name = "hard_tanh";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation hard_tanh{HardTanh{}};

}  // namespace activations

using activations::hard_tanh;

}  // namespace nacre
