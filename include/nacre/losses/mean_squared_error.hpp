#pragma once
// MeanSquaredError: the mean of squared differences.

#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MeanSquaredError.
using MeanSquaredErrorOptions = LossOptions;

/// A row's value is the mean over its features of (prediction - target)^2. Keras' formula.
class MeanSquaredError {
 public:
  static constexpr std::string_view type_name = "MeanSquaredError";
  MeanSquaredErrorOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  MeanSquaredError(MeanSquaredErrorOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T difference = prediction - target;
      return detail::ElementLoss<T>{difference * difference, 2 * difference};
    });
  }
};

inline MeanSquaredError::MeanSquaredError(MeanSquaredErrorOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
