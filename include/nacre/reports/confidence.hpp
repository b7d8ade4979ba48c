#pragma once
// Confidence intervals: how far a score on some samples may be from the score on all samples there could be.

#include <cmath>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/metrics/confidence.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

using nacre::Interval;
using nacre::normal_quantile_95;
using nacre::wilson_interval;

/// The 95 % confidence interval of a mean: mean +- z * s / sqrt(n), where s is the standard deviation of the sample. By
/// the central limit theorem it holds for many values whatever their distribution; NIST/SEMATECH e-Handbook of
/// Statistical Methods, section 1.3.5.2, with the normal quantile in place of Student's. Throws ValueError for fewer
/// than two values.
inline Interval mean_interval(const std::vector<double>& values) {
  require<ValueError>(values.size() >= 2, "mean_interval: expected two values or more, got ", values.size());
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (double value : values) sum += value;
  const double mean = sum / count;
  double squares = 0;
  for (double value : values) squares += (value - mean) * (value - mean);
  const double half = normal_quantile_95 * std::sqrt(squares / (count - 1) / count);
  return {mean - half, mean + half};
}

}  // namespace nacre::reports
