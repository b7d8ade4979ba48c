#pragma once
// MeanAbsolutePercentageError: the mean of differences in percent of the targets.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MeanAbsolutePercentageError.
using MeanAbsolutePercentageErrorOptions = LossOptions;

/// A row's value is the mean over its features of 100 |prediction - target| / max(|target|, 1e-7); where both are
/// equal, the gradient is 0. Keras' formula.
class MeanAbsolutePercentageError {
 public:
  static constexpr std::string_view type_name = "MeanAbsolutePercentageError";
  MeanAbsolutePercentageErrorOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T scale = T(100) / std::max(std::abs(target), static_cast<T>(detail::loss_epsilon));
      const T difference = prediction - target;
      const T slope = difference > 0 ? scale : difference < 0 ? -scale : T(0) * difference;
      return detail::ElementLoss<T>{scale * std::abs(difference), slope};
    });
  }
};

inline MeanAbsolutePercentageError::MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
