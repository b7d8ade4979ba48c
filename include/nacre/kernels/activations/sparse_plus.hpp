#pragma once
// sparse_plus: a smooth rectifier that is 0 below -1.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = 0 where x <= -1, (x + 1)^2 / 4 where x < 1, x elsewhere. Its derivative is min(sqrt y, 1). Keras' formula.
struct SparsePlus {
  static constexpr std::string_view type_name = "sparse_plus";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation sparse_plus{SparsePlus{}};

}  // namespace activations

using activations::sparse_plus;

}  // namespace nacre
