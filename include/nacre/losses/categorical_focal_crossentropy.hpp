#pragma once
// CategoricalFocalCrossentropy: CategoricalCrossentropy that counts the less, the surer the right answer is.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/focal.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CategoricalFocalCrossentropy.
struct CategoricalFocalCrossentropyOptions {
  FocalWeights alpha{0.25};                      ///< the weight of all classes, or of each
  double gamma{2.0};                             ///< of the factor (1 - p)^gamma, 0 or more
  bool from_logits{};                            ///< predictions are logits, not probabilities; by default false
  double label_smoothing{};                      ///< s in [0, 1]: targets become t (1 - s) + s / classes
  std::int64_t axis = -1;                        ///< along which the classes lie, of a batch of outputs
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("alpha", alpha);
    list("gamma", gamma);
    list("from_logits", from_logits);
    list("label_smoothing", label_smoothing);
    list("axis", axis);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is -sum_c alpha[c] (1 - p[c])^gamma t[c] log p[c] over the classes c. Targets t are (rows, classes),
/// one-hot or any distribution. Probabilities p are the predictions, or their softmax where they are logits, divided by
/// their sum and cut to [1e-7, 1 - 1e-7]. Lin et al., "Focal loss for dense object detection", 2018; Keras' formula.
class CategoricalFocalCrossentropy {
 public:
  static constexpr std::string_view type_name = "CategoricalFocalCrossentropy";
  CategoricalFocalCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const {
    require<ValueError>(!options.alpha.values.empty(), type_name, ": expected an alpha, got none");
    for (const double alpha : options.alpha.values) detail::require_not_below_zero(type_name, "alpha", alpha);
    detail::require_not_below_zero(type_name, "gamma", options.gamma);
    detail::require_between(type_name, "label_smoothing", options.label_smoothing, 0, 1);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Fills the values, and the gradients where wanted, of all rows. Throws ShapeError for another number of classes
  /// than alpha has weights.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t classes = step.predictions.sample_size();
    const auto weights = static_cast<std::int64_t>(options.alpha.values.size());
    require<ShapeError>(weights == 1 || weights == classes, type_name, ": expected an alpha for each of ", classes,
                        " classes, got ", weights);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) evaluate_row(step, row, classes);
  }

 private:
  template <class T>
  void evaluate_row(const LossStep<T>& step, std::int64_t row, std::int64_t classes) const {
    const T* prediction = step.predictions.elements() + row * classes;
    const T* target = step.targets.elements() + row * classes;
    T* gradient = step.wants_gradient ? step.gradient.elements() + row * classes : nullptr;
    const T kept = static_cast<T>(1 - options.label_smoothing);
    const T added = static_cast<T>(options.label_smoothing / static_cast<double>(classes));
    const T gamma = static_cast<T>(options.gamma);
    const T low = static_cast<T>(detail::loss_epsilon);
    const T largest = options.from_logits ? *std::max_element(prediction, prediction + classes) : T(0);
    const auto part = [&](std::int64_t c) {
      return options.from_logits ? std::exp(prediction[c] - largest) : prediction[c];
    };
    T sum = 0;
    for (std::int64_t c = 0; c < classes; ++c) sum += part(c);
    T value = 0;
    T dot = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const T q = part(c) / sum;
      const T p = std::clamp(q, low, T(1) - low);
      const T t = (target[c] * kept + added) * static_cast<T>(options.alpha.of(c));
      const detail::ElementLoss<T> of = detail::focal(gamma, p, T(1), {-t * std::log(p), -t / p});
      const T slope = p == q ? of.slope : T(0) * q;
      value += of.value;
      dot += slope * q;
      if (gradient != nullptr) gradient[c] = slope;
    }
    step.values.elements()[row] = value;
    if (gradient == nullptr) return;
    // The derivative of the division by the sum, and of the softmax, which is one of exponentials.
    for (std::int64_t c = 0; c < classes; ++c) {
      gradient[c] = (gradient[c] - dot) * (options.from_logits ? part(c) : T(1)) / sum;
    }
  }
};

inline CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
