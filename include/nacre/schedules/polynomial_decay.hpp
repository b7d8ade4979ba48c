#pragma once
// PolynomialDecay: a learning rate that falls to another along a power of the steps that are left.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of PolynomialDecay.
struct PolynomialDecayOptions {
  double end_learning_rate{1e-4};  ///< where the decay ends
  double power{1};                 ///< of the share of steps that are left: 1 falls along a line
  bool cycle{};                    ///< whether the decay goes on over multiples of decay_steps; by default false
};

/// (initial_learning_rate - end_learning_rate) * (1 - step / decay_steps)^power + end_learning_rate; from decay_steps
/// on end_learning_rate. With `cycle`, the first multiple of decay_steps that is not below the step takes decay_steps'
/// place. Keras' formula.
class PolynomialDecay {
 public:
  static constexpr std::string_view type_name = "PolynomialDecay";
  double initial_learning_rate = 0;
  std::int64_t decay_steps = 1;
  PolynomialDecayOptions options;
  void fields(Fields& list) {
    list("initial_learning_rate", initial_learning_rate);
    list("decay_steps", decay_steps);
    list("end_learning_rate", options.end_learning_rate);
    list("power", options.power);
    list("cycle", options.cycle);
  }

  /// @param decay_steps steps over which the rate falls, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  PolynomialDecay(double initial_learning_rate, std::int64_t decay_steps, PolynomialDecayOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::require_rate(type_name, "initial_learning_rate", initial_learning_rate);
    detail::require_rate(type_name, "end_learning_rate", options.end_learning_rate);
    detail::require_rate(type_name, "power", options.power);
    detail::require_steps(type_name, "decay_steps", decay_steps);
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const {
    const double position = detail::decay_position(step, decay_steps, false);
    const double gone = options.cycle ? position / std::max(std::ceil(position), 1.0) : std::min(position, 1.0);
    return (initial_learning_rate - options.end_learning_rate) * std::pow(1 - gone, options.power) +
           options.end_learning_rate;
  }

 private:
  friend struct ConfigAccess;
  PolynomialDecay() = default;
};

inline PolynomialDecay::PolynomialDecay(double initial, std::int64_t steps, PolynomialDecayOptions chosen)
    : initial_learning_rate(initial), decay_steps(steps), options(chosen) {
  validate();
}

}  // namespace nacre
