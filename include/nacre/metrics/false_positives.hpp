#pragma once
// FalsePositives: how many negatives were taken for positives.

#include <string_view>
#include <utility>
#include <vector>

#include <nacre/metrics/outcome_count.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of FalsePositives.
using FalsePositivesOptions = OutcomeOptions;

/// The sum of the weights of all targets of 0 whose predictions are above the threshold. Targets are
/// shaped as the outputs. With several thresholds the result is that of the first, and `per_class()` those of all.
class FalsePositives : public detail::OutcomeCount {
 public:
  static constexpr std::string_view type_name = "FalsePositives";
  static constexpr bool larger_is_better = false;

  /// Throws ValueError for thresholds outside [0, 1].
  FalsePositives(OutcomeOptions options = {});

  /// Throws ValueError for thresholds outside [0, 1].
  void validate() const { options.thresholds.validate(type_name); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const FalsePositives& other) { OutcomeCount::merge(other, type_name); }

  double result() const { return at(0).false_positives; }

  /// The result at each threshold.
  std::vector<double> per_class() const { return each(&detail::ThresholdCounts::Counts::false_positives); }
};

inline FalsePositives::FalsePositives(OutcomeOptions chosen) : OutcomeCount(std::move(chosen)) { validate(); }

}  // namespace nacre
