#pragma once
// log_softmax: logarithms of probabilities along the last axis.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x)[c] = x[c] - log sum_k e^x[k], over each row of the last axis, with the largest element subtracted first. Its
/// gradient is dy - e^y sum dy.
struct LogSoftmax {
  static constexpr std::string_view type_name = "log_softmax";
  static constexpr bool keeps_input = false;
  static constexpr bool is_elementwise = false;
};

inline constexpr Activation log_softmax{LogSoftmax{}};

}  // namespace activations

using activations::log_softmax;

}  // namespace nacre
