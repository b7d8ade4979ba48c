#pragma once
// Bodies of metrics/outcome_count.hpp.

#include <algorithm>
#include <vector>

#include <nacre/metrics/outcome_count.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_INLINE ThresholdCounts::Counts OutcomeCount::at(std::size_t threshold) const {
  const double given = options.thresholds.values.empty() ? 0.5 : options.thresholds.values[threshold];
  const auto place =
      static_cast<std::size_t>(std::lower_bound(sorted_.begin(), sorted_.end(), given) - sorted_.begin());
  ThresholdCounts::Counts found;
  counts_.each_threshold(0, [&](std::size_t i, const ThresholdCounts::Counts& counts) {
    if (i == place) found = counts;
  });
  return found;
}

NACRE_SETUP std::vector<double> OutcomeCount::each(double ThresholdCounts::Counts::*count) const {
  std::vector<double> all;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.thresholds.values.size(), 1); ++i) {
    all.push_back(at(i).*count);
  }
  return all;
}

NACRE_SETUP void OutcomeCount::merge(const OutcomeCount& other, std::string_view metric) {
  counts_.merge(other.counts_, metric);
  sorted_ = other.sorted_.empty() ? sorted_ : other.sorted_;
}

NACRE_SETUP void OutcomeCount::sort_thresholds() {
  sorted_ = options.thresholds.value_or(0.5);
  std::sort(sorted_.begin(), sorted_.end());
}

}  // namespace detail
}  // namespace nacre
