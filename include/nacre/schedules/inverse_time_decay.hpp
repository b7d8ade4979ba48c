#pragma once
// InverseTimeDecay: a learning rate that shrinks as one over the steps.

#include <cstdint>

#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of InverseTimeDecay.
struct InverseTimeDecayOptions {
  bool staircase{};  ///< whether the rate falls once in decay_steps instead of a little each step; by default false
};

/// initial_learning_rate / (1 + decay_rate * step / decay_steps). Keras' formula.
class InverseTimeDecay {
 public:
  static constexpr std::string_view type_name = "InverseTimeDecay";
  double initial_learning_rate = 0;
  std::int64_t decay_steps = 1;
  double decay_rate = 0;
  InverseTimeDecayOptions options;
  void fields(Fields& list) {
    list("initial_learning_rate", initial_learning_rate);
    list("decay_steps", decay_steps);
    list("decay_rate", decay_rate);
    list("staircase", options.staircase);
  }

  /// @param decay_steps how often the decay is applied, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  InverseTimeDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                   InverseTimeDecayOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::require_rate(type_name, "initial_learning_rate", initial_learning_rate);
    detail::require_rate(type_name, "decay_rate", decay_rate);
    detail::require_steps(type_name, "decay_steps", decay_steps);
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const {
    return initial_learning_rate / (1 + decay_rate * detail::decay_position(step, decay_steps, options.staircase));
  }

 private:
  friend struct ConfigAccess;
  InverseTimeDecay() = default;
};

inline InverseTimeDecay::InverseTimeDecay(double initial, std::int64_t steps, double rate,
                                          InverseTimeDecayOptions chosen)
    : initial_learning_rate(initial), decay_steps(steps), decay_rate(rate), options(chosen) {
  validate();
}

}  // namespace nacre
