#pragma once
// MinMaxNorm: norms within limits.

#include <array>
#include <cmath>
#include <cstdint>

#include <nacre/constraints/constraint.hpp>
#include <nacre/core/axes.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Multiplies each part of a weight that lies along `axes` (of the weight itself, from 0) by wanted(norm) / (norm +
/// 1e-7), Keras' epsilon. Throws ShapeError for an axis that the weight does not have.
template <class T, class Wanted>
void scale_norms(T* weight, const Shape& shape, const Axes& axes, Wanted wanted) {
  std::array<bool, Shape::max_rank> along{};
  const auto rank = static_cast<std::int64_t>(shape.rank());
  for (const std::int64_t axis : axes.values) {
    const std::int64_t found = axis < 0 ? rank + axis : axis;
    if (found < 0 || found >= rank)
      throw ShapeError(text("constraint: expected a weight that has axis ", axis, ", got ", shape));
    along[static_cast<std::size_t>(found)] = true;
  }
  // The elements along `axes` from one that is first in all of them, and from those one by one the others.
  const auto each = [&](bool inside, auto& self, std::size_t axis, std::int64_t at, const auto& visit) -> void {
    if (axis == shape.rank()) return visit(at);
    const std::int64_t stride = shape.from(axis + 1).size();
    const std::int64_t count = along[axis] == inside ? shape[axis] : 1;
    for (std::int64_t i = 0; i < count; ++i) self(inside, self, axis + 1, at + i * stride, visit);
  };
  each(false, each, 0, 0, [&](std::int64_t first) {
    double squares = 0;
    each(true, each, 0, first, [&](std::int64_t at) {
      const double value = static_cast<double>(weight[at]);
      squares += value * value;
    });
    const double norm = std::sqrt(squares);
    const T factor = static_cast<T>(wanted(norm) / (norm + 1e-7));
    each(true, each, 0, first, [&](std::int64_t at) { weight[at] *= factor; });
  });
}

}  // namespace detail

/// Brings the norm of each unit's weights between two limits: as far as `rate` says, 1 at once. A unit's weights lie
/// along `axis` of the weight: 0 for Dense, {0, 1, 2} for Conv2D.
struct MinMaxNorm {
  static constexpr std::string_view type_name = "MinMaxNorm";

  /// Throws ValueError for limits below 0 or in the wrong order, and for a rate outside [0, 1].
  explicit MinMaxNorm(double lowest = 0, double highest = 1, double share = 1, Axes along = 0)
      : min_value(lowest), max_value(highest), rate(share), axis(std::move(along)) {
    validate();
  }

  double min_value;
  double max_value;
  double rate;
  Axes axis;
  void fields(Fields& list) {
    list("min_value", min_value);
    list("max_value", max_value);
    list("rate", rate);
    list("axis", axis);
  }

  void validate() const {
    require<ValueError>(min_value >= 0 && max_value >= min_value,
                        "MinMaxNorm: expected 0 <= min_value <= max_value, got ", min_value, " and ", max_value);
    require<ValueError>(rate >= 0 && rate <= 1, "MinMaxNorm: expected a rate from 0 to 1, got ", rate);
  }

  template <class T>
  void apply(T* weight, const Shape& shape) const {
    detail::scale_norms(weight, shape, axis, [&](double norm) {
      const double limited = norm < min_value ? min_value : norm > max_value ? max_value : norm;
      return rate * limited + (1 - rate) * norm;
    });
  }
};

}  // namespace nacre
