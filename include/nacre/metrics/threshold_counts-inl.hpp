#pragma once
// Bodies of metrics/threshold_counts.hpp.

#include <algorithm>
#include <vector>

#include <nacre/metrics/threshold_counts.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_SETUP void ThresholdCounts::merge(const ThresholdCounts& other, std::string_view metric) {
  if (other.sums_.empty()) return;
  if (sums_.empty()) return static_cast<void>(*this = other);
  require<ShapeError>(sums_.size() == other.sums_.size(), metric,
                      ": expected a metric of as many outputs to merge with");
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
}

NACRE_INLINE Range ThresholdCounts::start(const Use& use, std::int64_t features, std::int64_t columns) {
  require<ShapeError>(columns == features, use.metric, ": expected targets shaped as the outputs, ", features,
                      " a row, got ", columns);
  require<ShapeError>(!use.label_weights || static_cast<std::int64_t>(use.label_weights->size()) == features,
                      use.metric, ": expected label_weights of ", features, " outputs, got ",
                      use.label_weights ? use.label_weights->size() : 0);
  require<ValueError>(use.class_id < features, use.metric, ": expected class_id below the ", features, " outputs, got ",
                      use.class_id);
  buckets_ = use.thresholds.size() + 1;
  const std::size_t size = 2 * buckets_ * static_cast<std::size_t>(use.by_label ? features : 1);
  require<ShapeError>(sums_.empty() || sums_.size() == size, use.metric,
                      ": expected as many outputs as in the batches before, got ", features);
  if (sums_.empty()) sums_.assign(size, 0.0);
  return use.class_id >= 0 ? Range{use.class_id, use.class_id + 1} : Range{0, features};
}

}  // namespace detail
}  // namespace nacre
