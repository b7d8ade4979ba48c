#pragma once
// KLDivergence: how far distributions are from those of the targets.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of KLDivergence.
using KLDivergenceOptions = LossOptions;

/// A row's value is the sum over its features of t log(t / p), with predictions p and targets t cut to [1e-7, 1]; where
/// p was cut, it has no gradient. Kullback and Leibler, "On information and sufficiency", 1951; Keras' formula.
class KLDivergence {
 public:
  static constexpr std::string_view type_name = "KLDivergence";
  KLDivergenceOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  KLDivergence(KLDivergenceOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::sum_elements(step, T(1), [](T target, T prediction) {
      const T low = static_cast<T>(detail::loss_epsilon);
      const T t = std::clamp(target, low, T(1));
      const T p = std::clamp(prediction, low, T(1));
      return detail::ElementLoss<T>{t * std::log(t / p), p == prediction ? -t / p : T(0) * prediction};
    });
  }
};

inline KLDivergence::KLDivergence(KLDivergenceOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
