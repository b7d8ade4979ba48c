#pragma once
// Poisson: for counts, predictions being their expectation.

#include <cmath>
#include <string_view>
#include <utility>

#include <nacre/losses/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Poisson.
using PoissonOptions = LossOptions;

/// A row's value is the mean over its features of p - t log(p + 1e-7), with predictions p above 0 and targets t of 0 or
/// more: the negative logarithm of Poisson's probability, but for a term that no prediction changes. Keras' formula.
class Poisson {
 public:
  static constexpr std::string_view type_name = "Poisson";
  PoissonOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  Poisson(PoissonOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    detail::mean_of_elements(step, [](T target, T prediction) {
      const T p = prediction + static_cast<T>(detail::loss_epsilon);
      return detail::ElementLoss<T>{prediction - target * std::log(p), 1 - target / p};
    });
  }
};

inline Poisson::Poisson(PoissonOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
