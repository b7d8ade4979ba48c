#pragma once
// MeanSquaredLogarithmicError: the mean of squared differences of logarithms.

#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MeanSquaredLogarithmicError.
using MeanSquaredLogarithmicErrorOptions = LossOptions;

/// A row's value is the mean over its features of (log(1 + p) - log(1 + t))^2 with p and t the prediction and the
/// target, or 1e-7 where these are smaller; such a prediction has no gradient. Keras' formula.
class MeanSquaredLogarithmicError {
 public:
  static constexpr std::string_view type_name = "MeanSquaredLogarithmicError";
  MeanSquaredLogarithmicErrorOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T low = static_cast<T>(detail::loss_epsilon);
      // Written so that a NaN stays one.
      const T p = prediction < low ? low : prediction;
      const T difference = std::log1p(p) - std::log1p(target < low ? low : target);
      const T slope = prediction < low ? T(0) : 2 * difference / (1 + p);
      return detail::ElementLoss<T>{difference * difference, slope};
    });
  }
};

inline MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
