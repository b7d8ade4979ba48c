#pragma once
// What SensitivityAtSpecificity, SpecificityAtSensitivity, PrecisionAtRecall and RecallAtPrecision share: the best of
// one score among the thresholds at which another is at least as large as asked for.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/fields.hpp>
#include <nacre/metrics/threshold_counts.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of PrecisionAtRecall and its like.
struct BestAtOptions {
  std::int64_t num_thresholds = 200;       ///< of evenly spaced thresholds from 0 to 1; 1 has that of 0.5
  std::optional<std::int64_t> class_id{};  ///< look at this class only
  std::string name{};                      ///< under which the result appears; by default the class's in snake case
  void fields(Fields& list) {
    list("num_thresholds", num_thresholds);
    list("class_id", class_id);
    list("name", name);
  }
};

namespace detail {

/// A quotient of counts at a threshold.
using OutcomeShare = double (*)(const ThresholdCounts::Counts& counts);

inline double recall_of(const ThresholdCounts::Counts& c) {
  return ThresholdCounts::share(c.true_positives, c.false_negatives);
}
inline double precision_of(const ThresholdCounts::Counts& c) {
  return ThresholdCounts::share(c.true_positives, c.false_positives);
}
inline double specificity_of(const ThresholdCounts::Counts& c) {
  return ThresholdCounts::share(c.true_negatives, c.false_positives);
}

/// `count` thresholds from 0 to 1.
[[gnu::cold]] inline std::vector<double> even_thresholds(std::int64_t count) {
  if (count == 1) return {0.5};
  std::vector<double> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back(static_cast<double>(i) / static_cast<double>(count - 1));
  return all;
}

/// Counts outcomes at evenly spaced thresholds.
class BestAt {
 public:
  BestAtOptions options;
  void reset() { counts_.reset(); }

 protected:
  explicit BestAt(BestAtOptions chosen) : options(std::move(chosen)) {}

  [[gnu::cold]] void check(std::string_view metric, std::string_view share, double asked) const {
    require<ValueError>(asked >= 0 && asked <= 1, metric, ": expected ", share, " from 0 to 1, got ", asked);
    require<ValueError>(options.num_thresholds >= 1, metric, ": expected num_thresholds of 1 or more, got ",
                        options.num_thresholds);
    require<ValueError>(!options.class_id || *options.class_id >= 0, metric, ": expected class_id of 0 or more, got ",
                        options.class_id.value_or(0));
  }

  template <class T>
  void count(const MetricStep<T>& step, std::string_view metric) {
    if (thresholds_.empty()) thresholds_ = even_thresholds(options.num_thresholds);
    counts_.update(step, {metric, thresholds_, false, options.class_id.value_or(-1)});
  }

  /// The largest `wanted` at a threshold where `given` is at least `least`; 0 where there is none.
  [[gnu::cold]] double best(OutcomeShare wanted, OutcomeShare given, double least) const {
    double best = 0;
    for (const auto& counts : counts_.at_thresholds(static_cast<std::size_t>(options.num_thresholds))) {
      if (given(counts) >= least) best = std::max(best, wanted(counts));
    }
    return counts_.labels() > 0 ? best : 0;
  }

  ThresholdCounts counts_;

 private:
  std::vector<double> thresholds_;
};

}  // namespace detail
}  // namespace nacre
