#pragma once
// MaxNorm: norms up to a limit.

#include <nacre/constraints/min_max_norm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Shortens the weights of each unit whose norm is above `max_value`. Srivastava et al., "Dropout", 2014. A unit's
/// weights lie along `axis` of the weight: 0 for Dense, {0, 1, 2} for Conv2D.
struct MaxNorm {
  static constexpr std::string_view type_name = "MaxNorm";

  /// Throws ValueError for a limit below 0.
  explicit MaxNorm(double highest = 2, Axes along = 0) : max_value(highest), axis(std::move(along)) { validate(); }

  double max_value;
  Axes axis;
  void fields(Fields& list) {
    list("max_value", max_value);
    list("axis", axis);
  }

  void validate() const {
    require<ValueError>(max_value >= 0, "MaxNorm: expected a max_value of 0 or more, got ", max_value);
  }

  template <class T>
  void apply(T* weight, const Shape& shape) const {
    detail::scale_norms(weight, shape, axis, {.lowest = 0, .highest = max_value});
  }
};

}  // namespace nacre
