#pragma once
// InverseTimeDecay: a learning rate that shrinks as one over the steps.

#include <cstdint>

#include <nacre/schedules/staircase_decay.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

using InverseTimeDecayOptions = StaircaseDecayOptions;

/// initial_learning_rate / (1 + decay_rate * step / decay_steps). Keras' formula.
class InverseTimeDecay : public detail::StaircaseDecay {
 public:
  static constexpr std::string_view type_name = "InverseTimeDecay";

  /// @param decay_steps how often the decay is applied, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  InverseTimeDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                   InverseTimeDecayOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const { validate_decay(type_name); }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const { return initial_learning_rate / (1 + decay_rate * position(step)); }

 private:
  friend struct ConfigAccess;
  InverseTimeDecay() = default;
};

inline InverseTimeDecay::InverseTimeDecay(double initial, std::int64_t steps, double rate,
                                          InverseTimeDecayOptions chosen)
    : detail::StaircaseDecay{initial, steps, rate, chosen} {
  validate();
}

}  // namespace nacre
