#pragma once
// What the schedules have in common: how far a decay has come, and what their numbers may be.

#include <cmath>
#include <cstdint>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/core/fields.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// step / decay_steps, rounded down to a whole number where the decay goes down stairs.
inline double decay_position(std::int64_t step, std::int64_t decay_steps, bool staircase) {
  const double position = static_cast<double>(step) / static_cast<double>(decay_steps);
  return staircase ? std::floor(position) : position;
}

/// Half a cosine wave, from 1 at position 0 down to `alpha` at position 1. Loshchilov and Hutter, "SGDR: Stochastic
/// gradient descent with warm restarts", ICLR 2017.
inline double cosine_decay(double position, double alpha) {
  constexpr double pi = 3.14159265358979323846;
  return (1 - alpha) * 0.5 * (1 + std::cos(pi * position)) + alpha;
}

/// Throws ValueError for a number below 0, and for one that is none.
[[gnu::cold]] inline void require_rate(std::string_view schedule, std::string_view field, double value) {
  require<ValueError>(value >= 0 && std::isfinite(value), schedule, ": expected ", field, " of 0 or more, got ", value);
}

/// Throws ValueError for less than `least` steps.
[[gnu::cold]] inline void require_steps(std::string_view schedule, std::string_view field, std::int64_t steps,
                                        std::int64_t least = 1) {
  require<ValueError>(steps >= least, schedule, ": expected ", field, " of ", least, " or more, got ", steps);
}

}  // namespace nacre::detail
