#pragma once
// Bodies of initializers/variance_scaling.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/core/words.hpp>
#include <nacre/initializers/random_normal.hpp>
#include <nacre/initializers/truncated_normal.hpp>
#include <nacre/initializers/variance_scaling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void VarianceScaling::validate() const {
  require<ValueError>(scale > 0, "VarianceScaling: expected a scale above 0, got ", scale);
  require_one_of(type_name, "mode", mode, {"fan_in", "fan_out", "fan_avg"});
  require_one_of(type_name, "distribution", distribution, {"truncated_normal", "untruncated_normal", "uniform"});
}

NACRE_INLINE void VarianceScaling::fill(const Initialization& step) const {
  const Fans fans(step.shape);
  const double fan = mode == "fan_in" ? fans.in : mode == "fan_out" ? fans.out : (fans.in + fans.out) / 2;
  const double variance = scale / std::max(1.0, fan);
  const double limit = std::sqrt(3 * variance);
  const double deviation = std::sqrt(variance);
  const auto count = static_cast<std::uint64_t>(step.shape.size());
  if (distribution == "uniform") {
    for (std::uint64_t i = 0; i < count; ++i) step.values[i] = limit * (2 * step.random.uniform(i) - 1);
    return;
  }
  if (distribution == "untruncated_normal") return RandomNormal{0, deviation}.fill(step);
  // A normal cut at two deviations has 0.8796 times the deviation of the whole one.
  TruncatedNormal{0, deviation / 0.87962566103423978}.fill(step);
}

}  // namespace nacre
