#pragma once
// MeanAbsoluteError: the mean of absolute differences.

#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MeanAbsoluteError.
using MeanAbsoluteErrorOptions = LossOptions;

/// A row's value is the mean over its features of |prediction - target|; where both are equal, the gradient is 0.
/// Keras' formula.
class MeanAbsoluteError {
 public:
  static constexpr std::string_view type_name = "MeanAbsoluteError";
  MeanAbsoluteErrorOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  MeanAbsoluteError(MeanAbsoluteErrorOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T difference = prediction - target;
      const T slope = difference > 0 ? T(1) : difference < 0 ? T(-1) : T(0) * difference;
      return detail::ElementLoss<T>{std::abs(difference), slope};
    });
  }
};

inline MeanAbsoluteError::MeanAbsoluteError(MeanAbsoluteErrorOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
