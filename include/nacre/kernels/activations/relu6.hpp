#pragma once
// relu6: a rectifier that ends at 6.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = min(max(x, 0), 6). Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.
struct Relu6 {
  static constexpr std::string_view type_name = "relu6";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation relu6{Relu6{}};

}  // namespace activations

using activations::relu6;

}  // namespace nacre
