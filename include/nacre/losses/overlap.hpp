#pragma once
// What Dice and Tversky share: a loss of whole tensors, one less the quotient of their overlap and their sizes.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/kept_axes.hpp>
#include <nacre/losses/elementwise.hpp>
#include <nacre/losses/loss.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The axes that sums go over, of a batch of outputs; none for all.
using SummedAxes = std::optional<std::vector<std::int64_t>>;

/// Which places of a batch of that shape belong to which sum.
inline KeptAxes kept_axes(const Shape& shape, const SummedAxes& axes) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  return KeptAxes(shape, [&](std::int64_t axis) {
    const auto is = [&](std::int64_t chosen) { return chosen == axis || chosen + rank == axis; };
    return !axes || std::any_of(axes->begin(), axes->end(), is);
  });
}

/// A value is 1 - I / (both I + truth T + guess P + epsilon) with I = sum(t p), T = sum(t) and P = sum(p).
struct Overlap {
  double both;
  double truth;
  double guess;
  double epsilon;

  /// Scratch has the three sums of each value. They are added in the elements' order.
  template <class T>
  void values(const BatchLossStep<T>& step, const SummedAxes& axes) const {
    const KeptAxes kept = kept_axes(step.predictions.extents(), axes);
    std::fill_n(step.scratch, 3 * kept.count(), 0.0);
    kept.each_run([&](std::int64_t element, std::int64_t count, std::int64_t value, std::int64_t stride) {
      const T* t = step.targets.elements() + element;
      const T* p = step.predictions.elements() + element;
      double* sums = step.scratch + 3 * value;
      for (std::int64_t i = 0; i < count; ++i, sums += 3 * stride) {
        sums[0] += static_cast<double>(t[i]) * static_cast<double>(p[i]);
        sums[1] += static_cast<double>(t[i]);
        sums[2] += static_cast<double>(p[i]);
      }
    });
    for (std::int64_t value = 0; value < kept.count(); ++value) {
      const double* sums = step.scratch + 3 * value;
      step.values[value] = static_cast<T>(1 - sums[0] / divisor(sums));
    }
  }

  /// The derivative of a value by a prediction: (I (both t + guess) - t D) / D^2 with the divisor D.
  template <class T>
  void gradient(const BatchLossStep<T>& step, const SummedAxes& axes) const {
    const KeptAxes kept = kept_axes(step.predictions.extents(), axes);
    kept.each_run([&](std::int64_t element, std::int64_t count, std::int64_t value, std::int64_t stride) {
      for (std::int64_t i = 0; i < count; ++i, value += stride) {
        const double* sums = step.scratch + 3 * value;
        const double d = divisor(sums);
        const double t = static_cast<double>(step.targets.elements()[element + i]);
        step.gradient[element + i] =
            static_cast<T>(static_cast<double>(step.weights[value]) * (sums[0] * (both * t + guess) - t * d) / (d * d));
      }
    });
  }

  double divisor(const double* sums) const { return both * sums[0] + truth * sums[1] + guess * sums[2] + epsilon; }

  /// Throws ShapeError for targets of another shape than the outputs, and for axes that these do not have.
  [[gnu::cold]] static void check_shapes(std::string_view loss, const SummedAxes& axes, const Shape& output,
                                         const Shape& target) {
    require<ShapeError>(output == target, loss, ": expected targets shaped as the output ",
                        output.to_string_with_batch(), ", got ", target.to_string_with_batch());
    const auto rank = static_cast<std::int64_t>(output.rank()) + 1;
    for (const std::int64_t axis : axes.value_or(std::vector<std::int64_t>())) {
      require<ShapeError>(axis >= -rank && axis < rank, loss, ": expected axes from ", -rank, " to ", rank - 1,
                          " of outputs ", output.to_string_with_batch(), ", got ", axis);
    }
  }
};

}  // namespace nacre::detail
