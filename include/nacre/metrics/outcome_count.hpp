#pragma once
// What TruePositives, TrueNegatives, FalsePositives and FalseNegatives share.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/fields.hpp>
#include <nacre/metrics/threshold_counts.hpp>
#include <nacre/metrics/thresholds.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of TruePositives and its like.
struct OutcomeOptions {
  Thresholds thresholds{};  ///< predictions above one, strictly, are positive; by default 0.5
  std::string name{};       ///< under which the result appears; by default the class's in snake case
  void fields(Fields& list) {
    list("thresholds", thresholds);
    list("name", name);
  }
};

namespace detail {

/// Counts outcomes at the thresholds of its options.
class OutcomeCount {
 public:
  OutcomeOptions options;
  void fields(Fields& list) { options.fields(list); }
  void reset() { counts_.reset(); }

 protected:
  explicit OutcomeCount(OutcomeOptions chosen) : options(std::move(chosen)) {}

  template <class T>
  void count(const MetricStep<T>& step, std::string_view metric) {
    if (sorted_.empty()) sort_thresholds();
    counts_.update(step, {metric, sorted_});
  }

  /// The counts at one of the thresholds, in the order in which they were given.
  ThresholdCounts::Counts at(std::size_t threshold) const;
  std::vector<double> each(double ThresholdCounts::Counts::*count) const;

  /// Adds what another has counted.
  void merge(const OutcomeCount& other, std::string_view metric);

  ThresholdCounts counts_;

 private:
  void sort_thresholds();

  std::vector<double> sorted_;
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/outcome_count-inl.hpp>
#endif
