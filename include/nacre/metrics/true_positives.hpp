#pragma once
// TruePositives: how many positives were found.

#include <string_view>
#include <utility>
#include <vector>

#include <nacre/metrics/outcome_count.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of TruePositives.
using TruePositivesOptions = OutcomeOptions;

/// The sum of the weights of all targets other than 0 whose predictions are above the threshold. Targets are
/// shaped as the outputs. With several thresholds the result is that of the first, and `per_class()` those of all.
class TruePositives : public detail::OutcomeCount {
 public:
  static constexpr std::string_view type_name = "TruePositives";
  static constexpr bool larger_is_better = true;

  /// Throws ValueError for thresholds outside [0, 1].
  TruePositives(OutcomeOptions options = {});

  /// Throws ValueError for thresholds outside [0, 1].
  void validate() const { options.thresholds.validate(type_name); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, type_name);
  }

  /// Adds what another has gathered.
  void merge(const TruePositives& other) { OutcomeCount::merge(other, type_name); }

  double result() const { return at(0).true_positives; }

  /// The result at each threshold.
  std::vector<double> per_class() const { return each(&detail::ThresholdCounts::Counts::true_positives); }
};

inline TruePositives::TruePositives(OutcomeOptions chosen) : OutcomeCount(std::move(chosen)) { validate(); }

}  // namespace nacre
