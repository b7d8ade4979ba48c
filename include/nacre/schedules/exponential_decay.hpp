#pragma once
// ExponentialDecay: a learning rate that shrinks by the same factor every so many steps.

#include <cmath>
#include <cstdint>

#include <nacre/schedules/staircase_decay.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

using ExponentialDecayOptions = StaircaseDecayOptions;

/// initial_learning_rate * decay_rate^(step / decay_steps). Keras' formula.
class ExponentialDecay : public detail::StaircaseDecay {
 public:
  static constexpr std::string_view type_name = "ExponentialDecay";

  /// @param decay_steps steps in which the rate shrinks by `decay_rate`, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  ExponentialDecay(double initial_learning_rate, std::int64_t decay_steps, double decay_rate,
                   ExponentialDecayOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const { validate_decay(type_name); }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const { return initial_learning_rate * std::pow(decay_rate, position(step)); }

 private:
  friend struct ConfigAccess;
  ExponentialDecay() = default;
};

inline ExponentialDecay::ExponentialDecay(double initial, std::int64_t steps, double rate,
                                          ExponentialDecayOptions chosen)
    : detail::StaircaseDecay{initial, steps, rate, chosen} {
  validate();
}

}  // namespace nacre
