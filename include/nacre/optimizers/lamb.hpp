#pragma once
// Lamb: Adam with steps as long as the weights are large, for large batches.

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

using LambOptions = TwoMomentOptions;

/// With Adam's means m of the gradients and v of their squares, each corrected for its start at 0,
/// u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon), and for each weight tensor w -= learning_rate
/// (|w| / |u|) u; where a norm is 0, their quotient counts 1. You et al., "Large batch optimization for deep learning:
/// training BERT in 76 minutes", ICLR 2020, with Keras' formulas and defaults: weight decay comes before, not within u.
class Lamb {
 public:
  static constexpr std::string_view type_name = "Lamb";
  static constexpr bool whole_tensors = true;
  LambOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Lamb(LambOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Lamb(LearningRate learning_rate, LambOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const { detail::validate_adam(type_name, options); }

  /// "momentum" (the mean of gradients) and "velocity" (the mean of their squares).
  [[gnu::cold]] List<Slot> slots() const { return {"momentum", "velocity"}; }

  /// For update number `step`, counted from 1.
  kernels::LambRates rates(double learning_rate, std::int64_t step) const {
    const double t = static_cast<double>(step);
    return {learning_rate,
            options.beta_1,
            options.beta_2,
            1 / (1 - std::pow(options.beta_1, t)),
            1 / (1 - std::pow(options.beta_2, t)),
            options.epsilon};
  }

  /// Applies the rule to a weight tensor.
  template <class T>
  void update(const kernels::LambRates& rates, const Update<T>& update) const {
    kernels::lamb(update.count, update.weights, update.gradient, update.slots[0], update.slots[1], rates);
  }
};

inline Lamb::Lamb(LambOptions chosen) : options(std::move(chosen)) { validate(); }
inline Lamb::Lamb(LearningRate rate, LambOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
