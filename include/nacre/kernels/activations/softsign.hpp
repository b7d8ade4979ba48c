#pragma once
// softsign: a sigmoid with long tails.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x / (1 + |x|). Its derivative is (1 - |y|)^2. Turian, Bergstra and Bengio, "Quadratic features and deep
/// architectures for chunking", 2009.
struct Softsign {
  static constexpr std::string_view type_name = "softsign";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation softsign{Softsign{}};

}  // namespace activations

using activations::softsign;

}  // namespace nacre
