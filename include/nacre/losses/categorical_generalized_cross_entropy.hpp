#pragma once
// CategoricalGeneralizedCrossEntropy: a cross-entropy that wrong labels disturb less.

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/class_number.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CategoricalGeneralizedCrossEntropy.
struct CategoricalGeneralizedCrossEntropyOptions {
  double q{0.5};                                 ///< between 0 and 1
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("q", q);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is (1 - p[label]^q) / q. Targets are (rows, 1): class numbers, counted from 0; predictions are
/// probabilities. As q comes near 0, it is the cross-entropy; with q of 1 it would be a mean absolute error. Zhang and
/// Sabuncu, "Generalized cross entropy loss for training deep neural networks with noisy labels", 2018; Keras' formula.
class CategoricalGeneralizedCrossEntropy {
 public:
  static constexpr std::string_view type_name = "CategoricalGeneralizedCrossEntropy";
  static constexpr bool takes_class_numbers = true;
  CategoricalGeneralizedCrossEntropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for a q that is not between 0 and 1, or an unknown reduction.
  CategoricalGeneralizedCrossEntropy(CategoricalGeneralizedCrossEntropyOptions options = {});

  /// Throws ValueError for a q that is not between 0 and 1, or an unknown reduction.
  void validate() const {
    require<ValueError>(options.q > 0 && options.q < 1, type_name, ": expected q between 0 and 1, got ", options.q);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t classes = step.predictions.sample_size();
    const T q = static_cast<T>(options.q);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* p = step.predictions.elements() + row * classes;
      const std::int64_t label =
          detail::class_number(type_name, step.targets.elements()[row], classes, step.first_row + row);
      const T power = std::pow(p[label], q);
      step.values.elements()[row] = (1 - power) / q;
      if (!step.wants_gradient) continue;
      T* gradient = step.gradient.elements() + row * classes;
      std::fill_n(gradient, classes, T(0));
      gradient[label] = p[label] > 0 ? -power / p[label] : p[label] <= 0 ? T(0) : p[label];
    }
  }
};

inline CategoricalGeneralizedCrossEntropy::CategoricalGeneralizedCrossEntropy(
    CategoricalGeneralizedCrossEntropyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
