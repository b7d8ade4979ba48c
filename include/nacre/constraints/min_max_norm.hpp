#pragma once
// MinMaxNorm: norms within limits.

#include <array>
#include <cmath>
#include <cstdint>

#include <nacre/constraints/constraint.hpp>
#include <nacre/core/axes.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// What norms become.
struct NormLimits {
  double lowest;
  double highest;
  double rate = 1;  ///< how far a norm is brought to the nearest of them

  double of(double norm) const {
    const double limited = norm < lowest ? lowest : norm > highest ? highest : norm;
    return rate == 1 ? limited : rate * limited + (1 - rate) * norm;
  }
};

/// The elements of a weight from the one at `at` on, along some axes of it, in their order in memory.
struct ElementsAlong {
  const Shape& shape;
  const std::array<bool, Shape::max_rank>& axes;
  bool among;  ///< whether the axes are those that are true, or the others
  std::int64_t at = 0;
  std::array<std::int64_t, Shape::max_rank> index{};

  /// Goes to the next one. Returns false, and begins again, behind the last.
  bool next() {
    std::int64_t stride = 1;
    for (std::size_t axis = shape.rank(); axis-- > 0; stride *= shape[axis]) {
      if (axes[axis] != among) continue;
      at += stride;
      if (++index[axis] < shape[axis]) return true;
      at -= stride * shape[axis];
      index[axis] = 0;
    }
    return false;
  }
};

/// Multiplies each part of a weight that lies along `axes` (of the weight itself, from 0) by limits.of(norm) / (norm +
/// 1e-7), Keras' epsilon. Throws ShapeError for an axis that the weight does not have.
template <class T>
void scale_norms(T* weight, const Shape& shape, const Axes& axes, const NormLimits& limits) {
  std::array<bool, Shape::max_rank> along{};
  const auto rank = static_cast<std::int64_t>(shape.rank());
  for (const std::int64_t axis : axes.values) {
    const std::int64_t found = axis < 0 ? rank + axis : axis;
    require<ShapeError>(found >= 0 && found < rank, "constraint: expected a weight that has axis ", axis, ", got ",
                        shape);
    along[static_cast<std::size_t>(found)] = true;
  }
  ElementsAlong first{shape, along, false};
  do {
    ElementsAlong part{shape, along, true, first.at};
    double squares = 0;
    do {
      const double value = static_cast<double>(weight[part.at]);
      squares += value * value;
    } while (part.next());
    const double norm = std::sqrt(squares);
    const T factor = static_cast<T>(limits.of(norm) / (norm + 1e-7));
    do {
      weight[part.at] *= factor;
    } while (part.next());
  } while (first.next());
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
    detail::scale_norms(weight, shape, axis, {.lowest = min_value, .highest = max_value, .rate = rate});
  }
};

}  // namespace nacre
