#pragma once
// sparse_sigmoid: a sigmoid of straight lines between -1 and 1.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = min(max((x + 1) / 2, 0), 1). Keras' formula.
struct SparseSigmoid {
  static constexpr std::string_view type_name = "sparse_sigmoid";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation sparse_sigmoid{SparseSigmoid{}};

}  // namespace activations

using activations::sparse_sigmoid;

}  // namespace nacre
