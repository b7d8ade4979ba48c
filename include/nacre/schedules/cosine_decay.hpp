#pragma once
// CosineDecay: a learning rate that falls along half a cosine wave, after a linear warmup where one is wanted.

#include <algorithm>
#include <cstdint>
#include <optional>

#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CosineDecay.
struct CosineDecayOptions {
  double alpha{};                         ///< the share of the rate that is left at the end; by default 0
  std::optional<double> warmup_target{};  ///< the rate that a warmup climbs to; by default there is none
  std::int64_t warmup_steps{};            ///< steps of the warmup; by default 0
};

/// initial_learning_rate * ((1 - alpha) (1 + cos(pi step / decay_steps)) / 2 + alpha), from decay_steps on
/// initial_learning_rate * alpha. Loshchilov and Hutter, "SGDR", ICLR 2017.
///
/// With a `warmup_target`, the rate first climbs from initial_learning_rate to the target on a line, in `warmup_steps`,
/// and then falls from the target. Goyal et al., "Accurate, large minibatch SGD", 2017. As in Keras, a warmup_steps
/// without a target has no effect.
class CosineDecay {
 public:
  static constexpr std::string_view type_name = "CosineDecay";
  double initial_learning_rate = 0;
  std::int64_t decay_steps = 1;
  CosineDecayOptions options;
  void fields(Fields& list) {
    list("initial_learning_rate", initial_learning_rate);
    list("decay_steps", decay_steps);
    list("alpha", options.alpha);
    list("warmup_target", options.warmup_target);
    list("warmup_steps", options.warmup_steps);
  }

  /// @param decay_steps steps of the decay, those of the warmup not counted, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  CosineDecay(double initial_learning_rate, std::int64_t decay_steps, CosineDecayOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::require_rate(type_name, "initial_learning_rate", initial_learning_rate);
    detail::require_rate(type_name, "alpha", options.alpha);
    detail::require_rate(type_name, "warmup_target", options.warmup_target.value_or(0));
    detail::require_steps(type_name, "decay_steps", decay_steps);
    detail::require_steps(type_name, "warmup_steps", options.warmup_steps, 0);
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const {
    const std::int64_t warmup = options.warmup_target ? options.warmup_steps : 0;
    const double target = options.warmup_target.value_or(initial_learning_rate);
    if (step < warmup) {
      return initial_learning_rate + (target - initial_learning_rate) * detail::decay_position(step, warmup, false);
    }
    const double gone = std::min(detail::decay_position(step - warmup, decay_steps, false), 1.0);
    return target * detail::cosine_decay(gone, options.alpha);
  }

 private:
  friend struct ConfigAccess;
  CosineDecay() = default;
};

inline CosineDecay::CosineDecay(double initial, std::int64_t steps, CosineDecayOptions chosen)
    : initial_learning_rate(initial), decay_steps(steps), options(chosen) {
  validate();
}

}  // namespace nacre
