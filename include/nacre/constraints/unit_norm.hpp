#pragma once
// UnitNorm: norms of 1.

#include <nacre/constraints/min_max_norm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Brings the norm of each unit's weights to 1. They lie along `axis` of the weight: 0 for Dense, {0, 1, 2} for Conv2D.
struct UnitNorm {
  static constexpr std::string_view type_name = "UnitNorm";
  explicit UnitNorm(Axes along = 0) : axis(std::move(along)) {}

  Axes axis;
  void fields(Fields& list) { list("axis", axis); }

  template <class T>
  void apply(T* weight, const Shape& shape) const {
    detail::scale_norms(weight, shape, axis, {.lowest = 1, .highest = 1});
  }
};

}  // namespace nacre
