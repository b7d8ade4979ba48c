#pragma once
// relu: the rectifier with all its options.

#include <limits>

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = max_value where x >= max_value, x where threshold <= x < max_value, and negative_slope (x - threshold) below;
/// by default max(x, 0). At the threshold itself the derivative is negative_slope. Throws ValueError for a negative
/// option.
struct Relu {
  static constexpr std::string_view type_name = "relu";
  static constexpr bool keeps_input = false;
  double negative_slope = 0;
  double max_value = std::numeric_limits<double>::infinity();
  double threshold = 0;

  void fields(Fields& list) {
    list("negative_slope", negative_slope);
    list("max_value", max_value);
    list("threshold", threshold);
  }
  constexpr void validate() const {
    detail::require_not_negative(type_name, "negative_slope", negative_slope);
    detail::require_not_negative(type_name, "max_value", max_value);
    detail::require_not_negative(type_name, "threshold", threshold);
  }
  friend constexpr bool operator==(const Relu&, const Relu&) = default;
};

inline constexpr Activation relu{Relu{}};

}  // namespace activations

using activations::relu;

}  // namespace nacre
