#pragma once
// BinaryFocalCrossentropy: BinaryCrossentropy that counts the less, the surer the right answer is.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/losses/focal.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of BinaryFocalCrossentropy.
struct BinaryFocalCrossentropyOptions {
  bool apply_class_balancing{};                  ///< targets of 1 weigh alpha, those of 0 1 - alpha; by default false
  double alpha{0.25};                            ///< that weight, from 0 to 1
  double gamma{2.0};                             ///< of the factor (1 - p)^gamma, 0 or more
  bool from_logits{};                            ///< predictions are logits, not probabilities; by default false
  double label_smoothing{};                      ///< s in [0, 1]: targets become t (1 - s) + s / 2; by default 0
  std::int64_t axis = -1;                        ///< over which the mean is taken, of a batch of outputs
  std::string reduction{"sum_over_batch_size"};  ///< see LossOptions
  std::string name{};                            ///< see LossOptions
  void fields(Fields& list) {
    list("apply_class_balancing", apply_class_balancing);
    list("alpha", alpha);
    list("gamma", gamma);
    list("from_logits", from_logits);
    list("label_smoothing", label_smoothing);
    list("axis", axis);
    list("reduction", reduction);
    list("name", name);
  }
};

/// A row's value is the mean over its features of (1 - q)^gamma (-t log p - (1 - t) log(1 - p)), with targets t from 0
/// to 1, predictions p, in the logarithms cut to [1e-7, 1 - 1e-7], and q = t p + (1 - t) (1 - p). From logits, p is
/// their sigmoid. Lin et al., "Focal loss for dense object detection", 2018; Keras' formula.
class BinaryFocalCrossentropy {
 public:
  static constexpr std::string_view type_name = "BinaryFocalCrossentropy";
  BinaryFocalCrossentropyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const {
    detail::require_between(type_name, "alpha", options.alpha, 0, 1);
    detail::require_not_below_zero(type_name, "gamma", options.gamma);
    detail::require_between(type_name, "label_smoothing", options.label_smoothing, 0, 1);
    detail::require_reduction(type_name, options.reduction);
  }

  /// Fills the values, and the gradients where wanted, of all rows.
  template <class T>
  void evaluate(const LossStep<T>& step) const {
    const T kept = static_cast<T>(1 - options.label_smoothing);
    const T added = static_cast<T>(options.label_smoothing / 2);
    const T gamma = static_cast<T>(options.gamma);
    const T alpha = static_cast<T>(options.alpha);
    const T low = static_cast<T>(detail::loss_epsilon);
    detail::mean_of_elements(step, [=, this](T target, T prediction) {
      const T t = target * kept + added;
      const T p = options.from_logits ? T(1) / (T(1) + std::exp(-prediction)) : prediction;
      const T cut = std::clamp(p, low, T(1) - low);
      const detail::ElementLoss<T> crossentropy{-t * std::log(cut) - (T(1) - t) * std::log(T(1) - cut),
                                                cut == p ? (p - t) / (p * (T(1) - p)) : T(0) * p};
      detail::ElementLoss<T> value =
          detail::focal(gamma, t * p + (T(1) - t) * (T(1) - p), T(2) * t - T(1), crossentropy);
      T scale = options.apply_class_balancing ? t * alpha + (T(1) - t) * (T(1) - alpha) : T(1);
      value.value *= scale;
      if (options.from_logits) scale *= p * (T(1) - p);
      value.slope *= scale;
      return value;
    });
  }
};

inline BinaryFocalCrossentropy::BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
