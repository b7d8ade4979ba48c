#pragma once
// What TruePositives, TrueNegatives, FalsePositives and FalseNegatives share.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    if (sorted_.empty()) {
      sorted_ = options.thresholds.value_or(0.5);
      std::sort(sorted_.begin(), sorted_.end());
    }
    counts_.update(step, {metric, sorted_});
  }

  /// The counts at one of the thresholds, in the order in which they were given.
  [[gnu::cold]] ThresholdCounts::Counts at(std::size_t threshold) const {
    const std::vector<double> given = options.thresholds.value_or(0.5);
    std::vector<double> sorted = given;
    std::sort(sorted.begin(), sorted.end());
    const auto place = std::lower_bound(sorted.begin(), sorted.end(), given[threshold]);
    return counts_.at_thresholds(sorted.size())[static_cast<std::size_t>(place - sorted.begin())];
  }
  [[gnu::cold]] std::vector<double> each(double ThresholdCounts::Counts::*count) const {
    std::vector<double> all;
    for (std::size_t i = 0; i < options.thresholds.value_or(0.5).size(); ++i) all.push_back(at(i).*count);
    return all;
  }

  ThresholdCounts counts_;

 private:
  std::vector<double> sorted_;
};

}  // namespace detail
}  // namespace nacre
