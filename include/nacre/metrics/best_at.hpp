#pragma once
// What SensitivityAtSpecificity, SpecificityAtSensitivity, PrecisionAtRecall and RecallAtPrecision share: the best of
// one score among the thresholds at which another is at least as large as asked for.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
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
[[gnu::cold]] std::vector<double> even_thresholds(std::int64_t count);

/// Counts outcomes at evenly spaced thresholds.
class BestAt {
 public:
  BestAtOptions options;
  void reset() { counts_.reset(); }

 protected:
  explicit BestAt(BestAtOptions chosen) : options(std::move(chosen)) {}

  [[gnu::cold]] void check(std::string_view metric, std::string_view share, double asked) const;

  template <class T>
  void count(const MetricStep<T>& step, std::string_view metric) {
    if (thresholds_.empty()) thresholds_ = even_thresholds(options.num_thresholds);
    counts_.update(step, {metric, thresholds_, false, options.class_id.value_or(-1)});
  }

  /// The largest `wanted` at a threshold where `given` is at least `least`; 0 where there is none.
  double best(OutcomeShare wanted, OutcomeShare given, double least) const;

  ThresholdCounts counts_;

 private:
  std::vector<double> thresholds_;
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/best_at-inl.hpp>
#endif
