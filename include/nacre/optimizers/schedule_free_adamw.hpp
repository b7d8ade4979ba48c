#pragma once
// ScheduleFreeAdamW: AdamW on averages of the weights in place of a schedule of the learning rate.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ScheduleFreeAdamW. At most one of the three kinds of clipping.
struct ScheduleFreeAdamWOptions {
  LearningRate learning_rate{0.0025};    ///< a number or a schedule; by default 0.0025
  double beta_1{0.9};                    ///< the share of the average in the weights, above 0 and below 1
  double beta_2{0.999};                  ///< how slowly the mean of squared gradients changes, from 0 to below 1
  double epsilon{1e-8};                  ///< added to the root; 1e-18 or more
  std::int64_t warmup_steps = 0;         ///< steps in which the learning rate rises evenly to its value
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("beta_1", beta_1);
    list("beta_2", beta_2);
    list("epsilon", epsilon);
    list("warmup_steps", warmup_steps);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// z -= learning_rate g / (sqrt(v / (1 - beta_2^t)) + epsilon), with the mean of squares v as Adam has it and z
/// beginning at the weights; x, their average, += (z - x) / t at step t; the weights are (1 - beta_1) z + beta_1 x.
/// Defazio et al., "The road less scheduled", 2024, with Keras' formulas and defaults. Weights stay at that point
/// between z and x when training ends, as in Keras.
class ScheduleFreeAdamW {
 public:
  static constexpr std::string_view type_name = "ScheduleFreeAdamW";
  ScheduleFreeAdamWOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit ScheduleFreeAdamW(ScheduleFreeAdamWOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit ScheduleFreeAdamW(LearningRate learning_rate, ScheduleFreeAdamWOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::validate_adam(type_name, options);
    require<ValueError>(options.beta_1 > 0, type_name, ": expected beta_1 above 0, got ", options.beta_1);
    require<ValueError>(options.warmup_steps >= 0, type_name, ": expected warmup_steps of 0 or more, got ",
                        options.warmup_steps);
  }

  /// "momentum", the points z, and "velocity", the mean of squared gradients.
  [[gnu::cold]] List<Slot> slots() const { return {"momentum", "velocity"}; }

  /// What update number `step`, counted from 1, has in common for all weights.
  kernels::ScheduleFreeRates rates(double learning_rate, std::int64_t step) const {
    const auto t = static_cast<double>(step);
    const auto warmup = static_cast<double>(std::max<std::int64_t>(options.warmup_steps, 1));
    return {learning_rate * std::min(t / warmup, 1.0),
            options.beta_1,
            options.beta_2,
            1 / (1 - std::pow(options.beta_2, t)),
            options.epsilon,
            1 / t,
            step == 1};
  }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(const kernels::ScheduleFreeRates& rates, const Update<T>& update) const {
    kernels::schedule_free_adamw(update.count, update.weights, update.gradient, update.slots[0], update.slots[1],
                                 rates);
  }
};

inline ScheduleFreeAdamW::ScheduleFreeAdamW(ScheduleFreeAdamWOptions chosen) : options(std::move(chosen)) {
  validate();
}
inline ScheduleFreeAdamW::ScheduleFreeAdamW(LearningRate rate, ScheduleFreeAdamWOptions chosen)
    : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
