#pragma once
// tanh_shrink: what tanh takes away.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x - tanh x. Its derivative is (tanh x)^2.
struct TanhShrink {
  static constexpr std::string_view type_name = "tanh_shrink";
  static constexpr bool keeps_input = true;
};

inline constexpr Activation tanh_shrink{TanhShrink{}};

}  // namespace activations

using activations::tanh_shrink;

}  // namespace nacre
