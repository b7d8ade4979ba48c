#pragma once
// RMSprop: gradient descent divided by a running mean of the gradients' size.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/optimizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RMSprop. At most one of the three kinds of clipping.
struct RMSpropOptions {
  double rho{0.9};                          ///< how slowly the running means change, from 0 to below 1
  double momentum{};                        ///< from 0 to 1; by default 0
  double epsilon{1e-7};                     ///< added under the root; 1e-37 or more
  bool centered{};                          ///< divide by the deviation instead; by default false
  std::optional<double> weight_decay{};     ///< weights first shrink by learning_rate * weight_decay; by default none
  std::optional<double> clipnorm{};         ///< each weight tensor's gradient is scaled down to this norm
  std::optional<double> clipvalue{};        ///< each gradient is cut at +- this
  std::optional<double> global_clipnorm{};  ///< all gradients together are scaled down to this norm
  bool use_ema{};                           ///< keep running averages of the weights; by default false
  double ema_momentum{0.99};                ///< how slowly these averages change, from 0 to 1
  std::optional<std::int64_t> ema_overwrite_frequency{};      ///< averages become the weights every so many updates
  std::optional<std::int64_t> gradient_accumulation_steps{};  ///< update once in so many steps, by their mean gradient
  void fields(Fields& list) {
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
  double learning_rate;
  RMSpropOptions options;
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    options.fields(list);
  }

  /// Throws ValueError for an option outside what is allowed.
  explicit RMSprop(double learning_rate = 1e-3, RMSpropOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  void validate() const {
    base_of(options).validate(type_name, learning_rate);
    require<ValueError>(options.rho >= 0 && options.rho < 1, type_name, ": expected rho from 0 to below 1, got ",
                        options.rho);
    require<ValueError>(options.momentum >= 0 && options.momentum <= 1, type_name,
                        ": expected momentum from 0 to 1, got ", options.momentum);
    // Numbers below 1.2e-38 are 0 in float, and the mean square of small gradients is 0, too.
    require<ValueError>(options.epsilon >= 1e-37, type_name,
                        ": expected epsilon of 1e-37 or more, as smaller numbers are 0 in float, got ",
                        options.epsilon);
  }

  /// "velocity" (the mean of squares), then "momentum" and "average_gradient" where the options ask for them.
  std::vector<std::string> slot_names() const {
    std::vector<std::string> names{"velocity"};
    if (options.momentum > 0) names.push_back("momentum");
    if (options.centered) names.push_back("average_gradient");
    return names;
  }

  /// What a step has in common for all weights: the learning rate.
  struct Rates {
    double learning_rate = 0;
  };

  /// The same for every step.
  Rates rates(std::int64_t /*step*/) const { return {learning_rate}; }

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

inline RMSprop::RMSprop(double rate, RMSpropOptions chosen) : learning_rate(rate), options(chosen) { validate(); }

}  // namespace nacre
