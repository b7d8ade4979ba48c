#pragma once
// RMSprop: gradient descent divided by a running mean of the gradients' size.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RMSprop. At most one of the three kinds of clipping.
struct RMSpropOptions {
  LearningRate learning_rate{1e-3};      ///< a number or a schedule; by default 1e-3
  double rho{0.9};                       ///< how slowly the running means change, from 0 to below 1
  double momentum{};                     ///< from 0 to 1; by default 0
  double epsilon{1e-7};                  ///< added under the root; 1e-37 or more
  bool centered{};                       ///< divide by the deviation instead; by default false
  std::optional<double> weight_decay{};  ///< weights first shrink by learning_rate * weight_decay; by default none
  NACRE_OPTIMIZER_BASE_OPTIONS;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("rho", rho);
    list("momentum", momentum);
    list("epsilon", epsilon);
    list("centered", centered);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
  }
};

/// s = rho s + (1 - rho) g^2 and w -= learning_rate g / sqrt(s + epsilon); centered, the root is of s - m^2 + epsilon
/// with the running mean m of g; with momentum, v = momentum v + that step and w -= v. Hinton, lecture 6e of "Neural
/// networks for machine learning" (2012), with Keras' formulas and defaults.
class RMSprop {
 public:
  static constexpr std::string_view type_name = "RMSprop";
  RMSpropOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit RMSprop(RMSpropOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit RMSprop(LearningRate learning_rate, RMSpropOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    detail::require_share(type_name, "rho", options.rho);
    require<ValueError>(options.momentum >= 0 && options.momentum <= 1, type_name,
                        ": expected momentum from 0 to 1, got ", options.momentum);
    detail::require_root_epsilon(type_name, options.epsilon);
  }

  /// "velocity" (the mean of squares), then "momentum" and "average_gradient" where the options ask for them.
  [[gnu::cold]] List<Slot> slots() const {
    List<Slot> slots{"velocity"};
    if (options.momentum > 0) slots.emplace_back("momentum");
    if (options.centered) slots.emplace_back("average_gradient");
    return slots;
  }

  /// What a step has in common for all weights: the learning rate.
  struct Rates {
    double learning_rate = 0;
  };

  Rates rates(double learning_rate, std::int64_t /*step*/) const { return {learning_rate}; }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(const Rates& rates, const Update<T>& update) const {
    std::size_t slot = 1;
    T* momentum = options.momentum > 0 ? update.slots[slot++] : nullptr;
    T* average = options.centered ? update.slots[slot] : nullptr;
    kernels::rmsprop(update.count, update.weights, update.gradient, update.slots[0], average, momentum,
                     static_cast<T>(rates.learning_rate), options.rho, static_cast<T>(options.momentum),
                     static_cast<T>(options.epsilon));
  }
};

inline RMSprop::RMSprop(RMSpropOptions chosen) : options(std::move(chosen)) { validate(); }
inline RMSprop::RMSprop(LearningRate rate, RMSpropOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
