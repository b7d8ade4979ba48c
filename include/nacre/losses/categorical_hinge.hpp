#pragma once
// CategoricalHinge: the margin between the right class and the best of the others.

#include <string_view>
#include <utility>

#include <nacre/losses/loss.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CategoricalHinge.
using CategoricalHingeOptions = LossOptions;

/// A row's value is max(neg - pos + 1, 0) with pos = sum(t p) and neg = max((1 - t) p) over its features, predictions p
/// and one-hot targets t. Keras' formula.
class CategoricalHinge {
 public:
  static constexpr std::string_view type_name = "CategoricalHinge";
  CategoricalHingeOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  CategoricalHinge(CategoricalHingeOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t features = step.predictions.sample_size();
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* p = step.predictions.elements() + row * features;
      const T* t = step.targets.elements() + row * features;
      T right = 0;
      std::int64_t best = 0;
      for (std::int64_t i = 0; i < features; ++i) {
        right += t[i] * p[i];
        if ((1 - t[i]) * p[i] > (1 - t[best]) * p[best]) best = i;
      }
      const T margin = (1 - t[best]) * p[best] - right + 1;
      step.values.elements()[row] = margin <= 0 ? T(0) : margin;
      if (!step.wants_gradient) continue;
      T* gradient = step.gradient.elements() + row * features;
      // What is no number makes the margin none, and passes into the gradient.
      const T scale = margin > 0 ? T(1) : margin <= 0 ? T(0) : margin;
      for (std::int64_t i = 0; i < features; ++i) gradient[i] = -scale * t[i] + T(0) * margin;
      gradient[best] += scale * (1 - t[best]);
    }
  }
};

inline CategoricalHinge::CategoricalHinge(CategoricalHingeOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
