#pragma once
// Nadam: Adam with Nesterov's momentum.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

using NadamOptions = TwoMomentOptions;

/// With u_t = beta_1 (1 - 0.96^t / 2) and p_t = u_1 ... u_t, means m of the gradients and v of their squares as Adam
/// has them: w -= learning_rate (u_{t+1} m / (1 - p_{t+1}) + (1 - u_t) g / (1 - p_t)) / (sqrt(v / (1 - beta_2^t)) +
/// epsilon). Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, with Keras' formulas and defaults.
class Nadam {
 public:
  static constexpr std::string_view type_name = "Nadam";
  NadamOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Nadam(NadamOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Nadam(LearningRate learning_rate, NadamOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const { detail::validate_adam(type_name, options); }

  /// "momentum" (the mean of gradients) and "velocity" (the mean of their squares).
  [[gnu::cold]] List<Slot> slots() const { return {"momentum", "velocity"}; }

  /// What a step has in common for all weights: the factors of the mean, of the gradient and of the mean of squares.
  struct Rates {
    double mean = 0;
    double gradient = 0;
    double squares = 0;
  };

  /// For update number `step`, counted from 1.
  Rates rates(double learning_rate, std::int64_t step) const {
    const double t = static_cast<double>(step);
    const double now = momentum(t);
    const double next = momentum(t + 1);
    const double product = momentum_product(step);
    return {learning_rate * next / (1 - product * next), learning_rate * (1 - now) / (1 - product),
            1 / (1 - std::pow(options.beta_2, t))};
  }

  /// Applies the rule to a part of the weights.
  template <class T>
  void update(const Rates& rates, const Update<T>& update) const {
    kernels::nadam(update.count, update.weights, update.gradient, update.slots[0], update.slots[1],
                   static_cast<T>(rates.mean), static_cast<T>(rates.gradient), static_cast<T>(rates.squares),
                   options.beta_1, options.beta_2, static_cast<T>(options.epsilon));
  }

 private:
  double momentum(double t) const { return options.beta_1 * (1 - 0.5 * std::pow(0.96, t)); }

  /// p_t by itself, so that a resumed training has the same bits. From t = 1000 on 0.96^t does not count any more.
  double momentum_product(std::int64_t step) const {
    double product = std::pow(options.beta_1, static_cast<double>(step));
    double power = 1;
    for (std::int64_t t = std::min<std::int64_t>(step, 1000); t > 0; --t) {
      power *= 0.96;
      product *= 1 - 0.5 * power;
    }
    return product;
  }
};

inline Nadam::Nadam(NadamOptions chosen) : options(std::move(chosen)) { validate(); }
inline Nadam::Nadam(LearningRate rate, NadamOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
