#pragma once
// SparseCategoricalCrossentropy: for one label a sample, given as the number of its class.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <nacre/kernels/softmax.hpp>
#include <nacre/losses/class_number.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/losses/probability_crossentropy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SparseCategoricalCrossentropy.
struct SparseCategoricalCrossentropyOptions {
  bool from_logits{};                            ///< predictions are logits, not probabilities; by default false
  std::optional<std::int64_t> ignore_class{};    ///< a target that counts nothing; by default none
  std::int64_t axis = -1;                        ///< along which the classes lie, of a batch of outputs
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("from_logits", from_logits);
    list("ignore_class", ignore_class);
    list("axis", axis);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is -log p[label]. Targets are (rows, 1): class numbers, counted from 0.
///
/// From logits, p is their softmax, computed so that no size of logit overflows. Otherwise p are the predictions
/// divided by their sum and cut to [1e-7, 1 - 1e-7], as in Keras. After a softmax layer the model uses the logits by
/// itself.
class SparseCategoricalCrossentropy {
 public:
  static constexpr std::string_view type_name = "SparseCategoricalCrossentropy";
  static constexpr bool takes_class_numbers = true;
  SparseCategoricalCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// The same loss from the input of a softmax.
  bool use_logits(Activation activation) {
    if (options.from_logits || activation != softmax) return false;
    options.from_logits = true;
    return true;
  }

  /// Fills the values, and the gradients where wanted, of all rows. Throws ValueError for a target that is not the
  /// number of a class, nor the ignored one.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t classes = step.predictions.sample_size();
    const T* labels = step.targets.elements();
    T* gradients = step.wants_gradient ? step.gradient.elements() : nullptr;
    if (options.ignore_class) return evaluate_rows(step, static_cast<T>(*options.ignore_class));
    for (std::int64_t row = 0; row < rows; ++row) {
      detail::class_number(type_name, labels[row], classes, step.first_row + row);
    }
    if (options.from_logits) {
      kernels::sparse_softmax_crossentropy(rows, classes, step.predictions.elements(), labels, step.values.elements(),
                                           gradients);
      return;
    }
    for (std::int64_t row = 0; row < rows; ++row) of_probabilities(step, row);
  }

 private:
  template <class T>
  static void of_probabilities(const LossStep<T>& step, std::int64_t row) {
    const std::int64_t classes = step.predictions.sample_size();
    const auto label = static_cast<std::int64_t>(step.targets.elements()[row]);
    T* gradient = step.wants_gradient ? step.gradient.elements() + row * classes : nullptr;
    step.values.elements()[row] = detail::probability_crossentropy(
        classes, step.predictions.elements() + row * classes, [&](std::int64_t c) { return c == label ? T(1) : T(0); },
        gradient);
  }

  // Row by row, where some count nothing.
  template <class T>
  void evaluate_rows(const LossStep<T>& step, T ignored) const {
    const std::int64_t classes = step.predictions.sample_size();
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* label = step.targets.elements() + row;
      T* gradient = step.wants_gradient ? step.gradient.elements() + row * classes : nullptr;
      if (*label == ignored) {
        step.values.elements()[row] = 0;
        if (gradient != nullptr) std::fill_n(gradient, classes, T(0));
        continue;
      }
      detail::class_number(type_name, *label, classes, step.first_row + row);
      if (options.from_logits) {
        kernels::sparse_softmax_crossentropy(1, classes, step.predictions.elements() + row * classes, label,
                                             step.values.elements() + row, gradient);
      } else {
        of_probabilities(step, row);
      }
    }
  }
};

inline SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
