#pragma once
// soft_shrink: how far something is beyond a distance from 0.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x - threshold above threshold, x + threshold below -threshold, 0 between. Throws ValueError for a negative
/// threshold.
struct SoftShrink {
  static constexpr std::string_view type_name = "soft_shrink";
  static constexpr bool keeps_input = false;
  double threshold = 0.5;

  void fields(Fields& list) { list("threshold", threshold); }
  constexpr void validate() const { detail::require_not_negative(type_name, "threshold", threshold); }
};

inline constexpr Activation soft_shrink{SoftShrink{}};

}  // namespace activations

using activations::soft_shrink;

}  // namespace nacre
