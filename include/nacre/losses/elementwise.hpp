#pragma once
// What losses share whose values are sums over functions of one target and one prediction each.

#include <cmath>

#include <nacre/losses/loss.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The value of one element, and its derivative by the prediction.
template <class T>
struct ElementLoss {
  T value;
  T slope;
};

/// Keras' `epsilon()`, by which divisions by 0 and logarithms of 0 are avoided.
inline constexpr double loss_epsilon = 1e-7;

/// A row's value is `factor` times the sum of `element(target, prediction)` over its features.
template <class T, class Element>
void sum_elements(const LossStep<T>& step, T factor, const Element& element) {
  const std::int64_t features = step.predictions.sample_size();
  for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
    const T* prediction = step.predictions.elements() + row * features;
    const T* target = step.targets.elements() + row * features;
    T total = 0;
    if (step.wants_gradient) {
      T* gradient = step.gradient.elements() + row * features;
      for (std::int64_t i = 0; i < features; ++i) {
        const ElementLoss<T> of = element(target[i], prediction[i]);
        total += of.value;
        gradient[i] = factor * of.slope;
      }
    } else {
      for (std::int64_t i = 0; i < features; ++i) total += element(target[i], prediction[i]).value;
    }
    step.values.elements()[row] = factor * total;
  }
}

/// The same with the mean over the features.
template <class T, class Element>
void mean_of_elements(const LossStep<T>& step, const Element& element) {
  sum_elements(step, T(1) / static_cast<T>(step.predictions.sample_size()), element);
}

/// A class label of a hinge loss: where all are 0 or 1, they stand for -1 and 1.
template <class T>
T hinge_label(T target, bool binary) {
  return binary ? T(2) * target - T(1) : target;
}

}  // namespace nacre::detail
