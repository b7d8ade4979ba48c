#pragma once
// Bodies of initializers/variance_scaling.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/core/words.hpp>
#include <nacre/initializers/variance_scaling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Draws again until within two deviations; each element has 16 draws of its own (the chance to need more is 1e-21).
inline double truncated_normal(const RandomStream& random, std::uint64_t element) {
  double draw = 0;
  for (std::uint64_t attempt = 0; attempt < 16; ++attempt) {
    draw = random.normal(element * 16 + attempt);
    if (std::abs(draw) <= 2) return draw;
  }
  return std::clamp(draw, -2.0, 2.0);
}

}  // namespace detail

NACRE_SETUP void VarianceScaling::validate() const {
  require<ValueError>(scale > 0, "VarianceScaling: expected a scale above 0, got ", scale);
  require_one_of(type_name, "mode", mode, {"fan_in", "fan_out", "fan_avg"});
  require_one_of(type_name, "distribution", distribution, {"truncated_normal", "uniform"});
}

NACRE_INLINE void VarianceScaling::fill(const Initialization& step) const {
  const bool is_uniform = distribution == "uniform";
  const Fans fans(step.shape);
  const double fan = mode == "fan_in" ? fans.in : mode == "fan_out" ? fans.out : (fans.in + fans.out) / 2;
  const double variance = scale / std::max(1.0, fan);
  const double limit = std::sqrt(3 * variance);
  // A normal cut at two deviations has 0.8796 times the deviation of the whole one.
  const double deviation = std::sqrt(variance) / 0.87962566103423978;
  const auto count = static_cast<std::uint64_t>(step.shape.size());
  for (std::uint64_t i = 0; i < count; ++i) {
    step.values[i] =
        is_uniform ? limit * (2 * step.random.uniform(i) - 1) : deviation * detail::truncated_normal(step.random, i);
  }
}

}  // namespace nacre
