#pragma once
// Adam: gradient descent with running means of the gradients and of their squares.

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Adam. At most one of the three kinds of clipping.
struct AdamOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; by default 1e-3
  double beta_1{0.9};                    ///< how slowly the mean of gradients changes, from 0 to below 1
  double beta_2{0.999};                  ///< how slowly the mean of their squares changes, from 0 to below 1
  double epsilon{1e-7};                  ///< added to the root; 1e-18 or more
  bool amsgrad{};                        ///< divide by the largest mean of squares so far; by default false
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("beta_1", beta_1);
    list("beta_2", beta_2);
    list("epsilon", epsilon);
    list("amsgrad", amsgrad);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// Options of the rules that divide one running mean by another: Adamax, Nadam and Lamb. At most one of the three kinds
/// of clipping.
struct TwoMomentOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; by default 1e-3
  double beta_1{0.9};                    ///< how slowly the mean of gradients changes, from 0 to below 1
  double beta_2{0.999};                  ///< how slowly the mean of their squares, or their largest, changes
  double epsilon{1e-7};                  ///< added to what is divided by; 1e-18 or more
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("beta_1", beta_1);
    list("beta_2", beta_2);
    list("epsilon", epsilon);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

namespace detail {

/// What a step of Adam has in common for all weights: alpha, the learning rate corrected for the means' start at 0.
struct AdamRates {
  double alpha = 0;
};

/// The least epsilon that guards a root. The running mean v of squared gradients is 0 once (1 - beta_2) g^2 falls below
/// 1.2e-38, float's smallest normal number, while the mean m of gradients lives on: an epsilon well below the root
/// of that, 1.1e-19, lets m / (sqrt(v) + epsilon) explode.
inline constexpr double least_adam_epsilon = 1e-18;

[[gnu::cold]] inline void require_adam_epsilon(std::string_view optimizer, double epsilon) {
  require<ValueError>(epsilon >= least_adam_epsilon, optimizer, ": expected epsilon of ", least_adam_epsilon,
                      " or more, as mean squares of small gradients are 0 in float, got ", epsilon);
}

// Adam and AdamW share all but their options' order and defaults.

template <class Options>
void validate_adam(std::string_view name, const Options& options) {
  validate_base_options(name, options);
  require_share(name, "beta_1", options.beta_1);
  require_share(name, "beta_2", options.beta_2);
  require_adam_epsilon(name, options.epsilon);
}

template <class Options>
List<Slot> adam_slots(const Options& options) {
  List<Slot> slots{"momentum", "velocity"};
  if (options.amsgrad) slots.emplace_back("velocity_hat");
  return slots;
}

template <class Options>
AdamRates adam_rates(double learning_rate, const Options& options, std::int64_t step) {
  const double t = static_cast<double>(step);
  return {learning_rate * std::sqrt(1 - std::pow(options.beta_2, t)) / (1 - std::pow(options.beta_1, t))};
}

template <class T, class Options>
void adam_update(const AdamRates& rates, const Options& options, const Update<T>& update) {
  T* largest = options.amsgrad ? update.slots[2] : nullptr;
  kernels::adam(update.count, update.weights, update.gradient, update.slots[0], update.slots[1], largest,
                static_cast<T>(rates.alpha), options.beta_1, options.beta_2, static_cast<T>(options.epsilon));
}

}  // namespace detail

/// m = beta_1 m + (1 - beta_1) g, v = beta_2 v + (1 - beta_2) g^2 and w -= alpha m / (sqrt(v) + epsilon), with
/// alpha = learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) at step t. Kingma and Ba, "Adam: a method for stochastic
/// optimization", ICLR 2015, in its epsilon-hat form as Keras has it; amsgrad: Reddi, Kale and Kumar, "On the
/// convergence of Adam and beyond", ICLR 2018.
class Adam {
 public:
  static constexpr std::string_view type_name = "Adam";
  AdamOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Adam(AdamOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Adam(LearningRate learning_rate, AdamOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const { detail::validate_adam(type_name, options); }

  /// "momentum" (the mean of gradients), "velocity" (the mean of their squares), and with amsgrad "velocity_hat".
  [[gnu::cold]] List<Slot> slots() const { return detail::adam_slots(options); }

  /// What update number `step`, counted from 1, has in common for all weights.
  detail::AdamRates rates(double learning_rate, std::int64_t step) const {
    return detail::adam_rates(learning_rate, options, step);
  }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(const detail::AdamRates& rates, const Update<T>& update) const {
    detail::adam_update(rates, options, update);
  }
};

inline Adam::Adam(AdamOptions chosen) : options(std::move(chosen)) { validate(); }
inline Adam::Adam(LearningRate rate, AdamOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
