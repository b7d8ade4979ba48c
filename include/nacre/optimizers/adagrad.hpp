#pragma once
// Adagrad: gradient descent divided by the root of all squared gradients so far.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Adagrad. At most one of the three kinds of clipping.
struct AdagradOptions {
  LearningRate learning_rate{1e-3};       ///< a number or a schedule; by default 1e-3
  double initial_accumulator_value{0.1};  ///< what the sums of squares start at; 0 or more
  double epsilon{1e-7};                   ///< added under the root; 1e-37 or more
  std::optional<double> weight_decay{};   ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("initial_accumulator_value", initial_accumulator_value);
    list("epsilon", epsilon);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// s += g^2 and w -= learning_rate g / sqrt(s + epsilon). Duchi, Hazan and Singer, "Adaptive subgradient methods for
/// online learning and stochastic optimization", JMLR 2011, with Keras' formulas and defaults.
class Adagrad {
 public:
  static constexpr std::string_view type_name = "Adagrad";
  AdagradOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Adagrad(AdagradOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Adagrad(LearningRate learning_rate, AdagradOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    detail::require_at_least_zero(type_name, "initial_accumulator_value", options.initial_accumulator_value);
    detail::require_root_epsilon(type_name, options.epsilon);
  }

  /// "accumulator", the sum of squares.
  [[gnu::cold]] List<Slot> slots() const { return {{"accumulator", options.initial_accumulator_value}}; }

  /// What a step has in common for all weights: the learning rate.
  double rates(double learning_rate, std::int64_t /*step*/) const { return learning_rate; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(double rate, const Update<T>& update) const {
    kernels::adagrad(update.count, update.weights, update.gradient, update.slots[0], static_cast<T>(rate),
                     static_cast<T>(options.epsilon));
  }
};

inline Adagrad::Adagrad(AdagradOptions chosen) : options(std::move(chosen)) { validate(); }
inline Adagrad::Adagrad(LearningRate rate, AdagradOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
