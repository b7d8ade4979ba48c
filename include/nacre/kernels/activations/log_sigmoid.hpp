#pragma once
// log_sigmoid: the logarithm of a sigmoid.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = log(1 / (1 + e^-x)), computed so that nothing overflows. Its derivative is 1 - e^y.
struct LogSigmoid {
  static constexpr std::string_view type_name = "log_sigmoid";
  static constexpr bool keeps_input = false;
};

inline constexpr Activation log_sigmoid{LogSigmoid{}};

}  // namespace activations

using activations::log_sigmoid;

}  // namespace nacre
