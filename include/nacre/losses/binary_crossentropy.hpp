#pragma once
// BinaryCrossentropy: for outputs that are each a yes or no of their own.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <nacre/losses/loss.hpp>
#include <nacre/losses/probability_crossentropy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of BinaryCrossentropy.
struct BinaryCrossentropyOptions {
  bool from_logits{};                            ///< predictions are logits, not probabilities; by default false
  double label_smoothing{};                      ///< s in [0, 1]: targets become t (1 - s) + s / 2; by default 0
  std::int64_t axis = -1;                        ///< over which the mean is taken, of a batch of outputs
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

/// A row's value is the mean over its features of -t log p - (1 - t) log(1 - p), targets t from 0 to 1.
///
/// From logits z, p is their sigmoid, computed as max(z, 0) - z t + log(1 + exp(-|z|)), which no size of logit
/// overflows. Otherwise p are the predictions cut to [1e-7, 1 - 1e-7], as in Keras. After a sigmoid layer the model
/// uses the logits by itself.
class BinaryCrossentropy {
 public:
  static constexpr std::string_view type_name = "BinaryCrossentropy";
  BinaryCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for a label_smoothing outside [0, 1] or an unknown reduction.
  BinaryCrossentropy(BinaryCrossentropyOptions options = {});

  /// Throws ValueError for a label_smoothing outside [0, 1] or an unknown reduction.
  void validate() const {
    detail::require_between(type_name, "label_smoothing", options.label_smoothing, 0, 1);
    detail::require_reduction(type_name, options.reduction);
  }

  /// The same loss from the input of a sigmoid.
  bool use_logits(Activation activation) {
    if (options.from_logits || activation != sigmoid) return false;
    options.from_logits = true;
    return true;
  }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t features = step.predictions.sample_size();
    const T factor = T(1) / static_cast<T>(features);
    const T kept = static_cast<T>(1 - options.label_smoothing);
    const T added = static_cast<T>(options.label_smoothing / 2);
    for (std::int64_t row = 0; row < rows; ++row) {
      const T* prediction = step.predictions.elements() + row * features;
      const T* target = step.targets.elements() + row * features;
      T* gradient = step.wants_gradient ? step.gradient.elements() + row * features : nullptr;
      T total = 0;
      for (std::int64_t i = 0; i < features; ++i) {
        const T t = target[i] * kept + added;
        T slope;
        total += options.from_logits ? of_logit(prediction[i], t, slope) : of_probability(prediction[i], t, slope);
        if (gradient != nullptr) gradient[i] = factor * slope;
      }
      step.values.elements()[row] = factor * total;
    }
  }

 private:
  template <class T>
  static T of_logit(T z, T t, T& slope) {
    const T small = std::exp(-std::abs(z));
    slope = (z >= 0 ? T(1) : small) / (T(1) + small) - t;
    return std::max(z, T(0)) - z * t + std::log1p(small);
  }

  template <class T>
  static T of_probability(T p, T t, T& slope) {
    const T low = static_cast<T>(detail::probability_margin);
    const T high = T(1) - low;
    const T cut = std::clamp(p, low, high);
    slope = p < low || p > high ? T(0) : (p - t) / (p * (T(1) - p));
    return -t * std::log(cut) - (T(1) - t) * std::log(T(1) - cut);
  }
};

inline BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
