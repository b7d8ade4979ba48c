#pragma once
// hard_shrink: what is far enough from 0.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x where |x| > threshold, 0 elsewhere. Throws ValueError for a negative threshold.
struct HardShrink {
  static constexpr std::string_view type_name = "hard_shrink";
  static constexpr bool keeps_input = false;
  double threshold = 0.5;

  void fields(Fields& list) { list("threshold", threshold); }
  constexpr void validate() const { detail::require_not_negative(type_name, "threshold", threshold); }
};

inline constexpr Activation hard_shrink{HardShrink{}};

}  // namespace activations

using activations::hard_shrink;

}  // namespace nacre
