#pragma once
// Confidence intervals of proportions: how far a score on some samples may be from that on all there could be.

#include <algorithm>
#include <cmath>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// From `low` to `high`.
struct Interval {
  double low = 0;
  double high = 0;
};

/// The standard normal distribution's quantile at 0.975: 95 % of it lie within so many standard deviations of the mean.
inline constexpr double normal_quantile_95 = 1.959963984540054;

/// The 95 % confidence interval of a proportion: `successes` out of `trials`. Unlike the simple interval it is sound
/// for few trials and for proportions near 0 and 1, and never leaves [0, 1]. Wilson, "Probable inference, the law of
/// succession, and statistical inference", JASA 22 (1927). Throws ValueError unless 0 <= successes <= trials and there
/// is at least one trial.
inline Interval wilson_interval(double successes, double trials) {
  require<ValueError>(trials > 0 && successes >= 0 && successes <= trials,
                      "wilson_interval: expected 0 <= successes <= trials and trials above 0, got ", successes, " of ",
                      trials);
  const double z2 = normal_quantile_95 * normal_quantile_95;
  const double share = successes / trials;
  const double centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const double half =
      normal_quantile_95 / (1 + z2 / trials) * std::sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
  return {std::max(centre - half, 0.0), std::min(centre + half, 1.0)};
}

}  // namespace nacre
