#pragma once
// MeanAbsoluteError: the mean of absolute differences.

#include <cmath>

#include <nacre/losses/loss.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A row's value is the mean over its features of |prediction - target|; where both are equal, the gradient is 0.
/// Keras' formula.
class MeanAbsoluteError {
 public:
  static constexpr std::string_view type_name = "MeanAbsoluteError";

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t features = step.predictions.sample_size();
    const T factor = T(1) / static_cast<T>(features);
    for (std::int64_t row = 0; row < rows; ++row) {
      const T* prediction = step.predictions.elements() + row * features;
      const T* target = step.targets.elements() + row * features;
      T total = 0;
      for (std::int64_t i = 0; i < features; ++i) total += std::abs(prediction[i] - target[i]);
      step.values.elements()[row] = factor * total;
      if (!step.wants_gradient) continue;
      T* gradient = step.gradient.elements() + row * features;
      for (std::int64_t i = 0; i < features; ++i) {
        const T difference = prediction[i] - target[i];
        gradient[i] = difference > 0 ? factor : difference < 0 ? -factor : T(0) * difference;
      }
    }
  }
};

}  // namespace nacre
