#pragma once
// What ExponentialDecay and InverseTimeDecay have in common: all but the formula.

#include <cstdint>
#include <string_view>

#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ExponentialDecay and InverseTimeDecay.
struct StaircaseDecayOptions {
  bool staircase{};  ///< whether the rate falls once in decay_steps instead of a little each step; by default false
};

namespace detail {

/// A learning rate that shrinks by the same rule every so many steps.
struct StaircaseDecay {
  double initial_learning_rate = 0;
  std::int64_t decay_steps = 1;
  double decay_rate = 0;
  StaircaseDecayOptions options{};
  void fields(Fields& list) {
    list("initial_learning_rate", initial_learning_rate);
    list("decay_steps", decay_steps);
    list("decay_rate", decay_rate);
    list("staircase", options.staircase);
  }

 protected:
  [[gnu::cold]] void validate_decay(std::string_view schedule) const {
    require_rate(schedule, "initial_learning_rate", initial_learning_rate);
    require_rate(schedule, "decay_rate", decay_rate);
    require_steps(schedule, "decay_steps", decay_steps);
  }

  double position(std::int64_t step) const { return decay_position(step, decay_steps, options.staircase); }
};

}  // namespace detail
}  // namespace nacre
