#pragma once
// CosineDecayRestarts: cosine decays one after another.

#include <cmath>
#include <cstdint>

#include <nacre/schedules/decay_position.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CosineDecayRestarts.
struct CosineDecayRestartsOptions {
  double t_mul{2};  ///< how many times longer each decay is than the one before; 1 or more
  double m_mul{1};  ///< what the rate is multiplied with at each restart
  double alpha{};   ///< the share of initial_learning_rate that is left where a decay ends; by default 0
};

/// A cosine decay over first_decay_steps, then again over t_mul times as many steps from m_mul times the rate, and so
/// on: initial_learning_rate * ((1 - alpha) m_mul^i (1 + cos(pi p)) / 2 + alpha) at share p of decay number i.
/// Loshchilov and Hutter, "SGDR", ICLR 2017, with Keras' formula.
class CosineDecayRestarts {
 public:
  static constexpr std::string_view type_name = "CosineDecayRestarts";
  double initial_learning_rate = 0;
  std::int64_t first_decay_steps = 1;
  CosineDecayRestartsOptions options;
  void fields(Fields& list) {
    list("initial_learning_rate", initial_learning_rate);
    list("first_decay_steps", first_decay_steps);
    list("t_mul", options.t_mul);
    list("m_mul", options.m_mul);
    list("alpha", options.alpha);
  }

  /// @param first_decay_steps steps of the first decay, 1 or more.
  /// Throws ValueError for a number outside what is allowed.
  CosineDecayRestarts(double initial_learning_rate, std::int64_t first_decay_steps,
                      CosineDecayRestartsOptions options = {});

  /// Throws ValueError for a number outside what is allowed.
  [[gnu::cold]] void validate() const {
    detail::require_rate(type_name, "initial_learning_rate", initial_learning_rate);
    detail::require_steps(type_name, "first_decay_steps", first_decay_steps);
    require<ValueError>(options.t_mul >= 1 && std::isfinite(options.t_mul), type_name,
                        ": expected t_mul of 1 or more, got ", options.t_mul);
    detail::require_rate(type_name, "m_mul", options.m_mul);
    detail::require_rate(type_name, "alpha", options.alpha);
  }

  /// The learning rate of step number `step`, counted from 0.
  double operator()(std::int64_t step) const {
    const double position = detail::decay_position(step, first_decay_steps, false);
    const double restart = restarts(position);
    const double gone = (position - start_of(restart)) / std::pow(options.t_mul, restart);
    return initial_learning_rate *
           ((1 - options.alpha) * std::pow(options.m_mul, restart) * detail::cosine_decay(gone, 0) + options.alpha);
  }

 private:
  friend struct ConfigAccess;
  CosineDecayRestarts() = default;

  /// Where decay number `restart` begins, in lengths of the first.
  double start_of(double restart) const {
    if (options.t_mul == 1) return restart;
    return (std::pow(options.t_mul, restart) - 1) / (options.t_mul - 1);
  }

  /// How many decays are over. The logarithm may be off by one at a restart.
  double restarts(double position) const {
    if (options.t_mul == 1) return std::floor(position);
    double count = std::floor(std::log(1 + position * (options.t_mul - 1)) / std::log(options.t_mul));
    if (start_of(count + 1) <= position) ++count;
    if (count > 0 && start_of(count) > position) --count;
    return count;
  }
};

inline CosineDecayRestarts::CosineDecayRestarts(double initial, std::int64_t steps, CosineDecayRestartsOptions chosen)
    : initial_learning_rate(initial), first_decay_steps(steps), options(chosen) {
  validate();
}

}  // namespace nacre
