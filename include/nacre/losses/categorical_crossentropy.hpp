#pragma once
// CategoricalCrossentropy: for one label a sample, given as a distribution over the classes (one-hot).

#include <cmath>
#include <string>
#include <utility>

#include <nacre/kernels/softmax.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/losses/probability_crossentropy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CategoricalCrossentropy.
struct CategoricalCrossentropyOptions {
  bool from_logits{};                            ///< predictions are logits, not probabilities; by default false
  double label_smoothing{};                      ///< s in [0, 1]: targets become t (1 - s) + s / classes; by default 0
  std::int64_t axis = -1;                        ///< along which the classes lie, of a batch of outputs
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("from_logits", from_logits);
    list("label_smoothing", label_smoothing);
    list("axis", axis);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is -sum_c t[c] log p[c] over the classes c. Targets are (rows, classes), one-hot or any distribution.
///
/// From logits, p is their softmax, computed so that no size of logit overflows. Otherwise p are the predictions
/// divided by their sum and cut to [1e-7, 1 - 1e-7], as in Keras. After a softmax layer the model uses the logits by
/// itself.
class CategoricalCrossentropy {
 public:
  static constexpr std::string_view type_name = "CategoricalCrossentropy";
  CategoricalCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for a label_smoothing outside [0, 1] or an unknown reduction.
  CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});

  /// Throws ValueError for a label_smoothing outside [0, 1] or an unknown reduction.
  void validate() const {
    detail::require_between(type_name, "label_smoothing", options.label_smoothing, 0, 1);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Becomes the same loss from the input of a softmax.
  bool use_logits(Activation activation) {
    if (options.from_logits || activation != softmax) return false;
    options.from_logits = true;
    return true;
  }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t classes = step.predictions.sample_size();
    T* gradients = step.wants_gradient ? step.gradient.elements() : nullptr;
    if (options.from_logits && options.label_smoothing == 0) {
      kernels::softmax_crossentropy(rows, classes, step.predictions.elements(), step.targets.elements(),
                                    step.values.elements(), gradients);
      return;
    }
    const T kept = static_cast<T>(1 - options.label_smoothing);
    const T added = static_cast<T>(options.label_smoothing / static_cast<double>(classes));
    for (std::int64_t row = 0; row < rows; ++row) {
      const T* prediction = step.predictions.elements() + row * classes;
      const T* target = step.targets.elements() + row * classes;
      T* gradient = gradients != nullptr ? gradients + row * classes : nullptr;
      const auto smoothed = [&](std::int64_t c) { return target[c] * kept + added; };
      step.values.elements()[row] = options.from_logits
                                        ? logit_crossentropy(classes, prediction, smoothed, gradient)
                                        : detail::probability_crossentropy(classes, prediction, smoothed, gradient);
    }
  }

 private:
  // What the kernel does for a row, with targets that are computed as they are needed.
  template <class T, class Target>
  static T logit_crossentropy(std::int64_t classes, const T* logits, const Target& target, T* gradient) {
    T largest = logits[0];
    for (std::int64_t c = 1; c < classes; ++c) largest = logits[c] > largest ? logits[c] : largest;
    T total = 0;
    T mass = 0;
    T expected = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const T t = target(c);
      total += std::exp(logits[c] - largest);
      mass += t;
      if (t != T(0)) expected += t * (logits[c] - largest);
    }
    if (gradient != nullptr) {
      const T scale = mass / total;
      for (std::int64_t c = 0; c < classes; ++c) gradient[c] = std::exp(logits[c] - largest) * scale - target(c);
    }
    return mass * std::log(total) - expected;
  }
};

inline CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
