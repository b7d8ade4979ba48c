#pragma once
// Bodies of metrics/best_at.hpp.

#include <algorithm>
#include <vector>

#include <nacre/metrics/best_at.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_SETUP std::vector<double> even_thresholds(std::int64_t count) {
  if (count == 1) return {0.5};
  std::vector<double> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
  return all;
}

NACRE_SETUP void BestAt::check(std::string_view metric, std::string_view share, double asked) const {
  require<ValueError>(asked >= 0 && asked <= 1, metric, ": expected ", share, " from 0 to 1, got ", asked);
  require<ValueError>(options.num_thresholds >= 1, metric, ": expected num_thresholds of 1 or more, got ",
                      options.num_thresholds);
  require<ValueError>(!options.class_id || *options.class_id >= 0, metric, ": expected class_id of 0 or more, got ",
                      options.class_id.value_or(0));
}

NACRE_INLINE double BestAt::best(OutcomeShare wanted, OutcomeShare given, double least) const {
  double best = 0;
  counts_.each_threshold(0, [&](std::size_t, const ThresholdCounts::Counts& counts) {
    if (given(counts) >= least) best = std::max(best, wanted(counts));
  });
  return best;
}

}  // namespace detail
}  // namespace nacre
