#pragma once
// ThresholdCounts: for each of some thresholds, how many predictions above it and below it were right and wrong; what
// AUC, TruePositives and the metrics at a given recall, precision, ... are made of.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/range.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Sums of weights by threshold and label, kept in double.
class ThresholdCounts {
 public:
  /// What was counted at one threshold.
  struct Counts {
    double true_positives = 0;
    double false_positives = 0;
    double true_negatives = 0;
    double false_negatives = 0;
  };

  /// How a batch is looked at.
  struct Use {
    std::string_view metric;                             ///< named in errors
    const std::vector<double>& thresholds;               ///< in rising order
    bool by_label = false;                               ///< whether each output is a problem of its own
    std::int64_t class_id = -1;                          ///< the only output that is looked at, where it is not -1
    const std::vector<double>* label_weights = nullptr;  ///< of the outputs, where there are some
    bool from_logits = false;                            ///< predictions are logits of a sigmoid
  };

  /// Forgets everything.
  void reset() { sums_.clear(); }

  /// Adds a batch: all outputs that are looked at, each with its row's weight. Targets but 0 are positive. Throws
  /// ShapeError for targets that are not shaped as the outputs, and for another number of these than before.
  template <class T>
  void update(const MetricStep<T>& step, const Use& use) {
    const std::int64_t features = step.predictions.sample_size();
    const Range chosen = start(use, features, step.targets.sample_size());
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const double weight = step.sample_weight(row);
      for (std::int64_t c = chosen.first; c < chosen.last; ++c) {
        const auto prediction = static_cast<double>(step.predictions.elements()[row * features + c]);
        const bool positive = step.targets.elements()[row * features + c] != T(0);
        add(use, c, prediction, positive, weight);
      }
    }
  }

  /// Adds what another has counted. Throws ShapeError for another number of outputs.
  [[gnu::cold]] void merge(const ThresholdCounts& other, std::string_view metric);

  /// How many labels were counted apart; 0 where nothing was counted.
  std::size_t labels() const { return sums_.size() / std::max<std::size_t>(2 * buckets_, 1); }

  /// Calls `visit(threshold, counts)` for each threshold, by its number, from the last to the first: what was counted
  /// of a label at it. Allocates nothing, since a training step asks for results.
  template <class Visit>
  void each_threshold(std::size_t label, Visit visit) const {
    if (sums_.empty()) return;
    const double* positives = sums_.data() + 2 * label * buckets_;
    const double* negatives = positives + buckets_;
    Counts counts;
    for (std::size_t i = 0; i < buckets_; ++i) {
      counts.false_negatives += positives[i];
      counts.true_negatives += negatives[i];
    }
    // Those above a threshold are those in the buckets behind it.
    for (std::size_t i = buckets_ - 1; i-- > 0;) {
      counts.true_positives += positives[i + 1];
      counts.false_positives += negatives[i + 1];
      counts.false_negatives -= positives[i + 1];
      counts.true_negatives -= negatives[i + 1];
      visit(i, counts);
    }
  }

  /// part / (part + rest), 0 where there was nothing.
  static double share(double part, double rest) { return part + rest != 0 ? part / (part + rest) : 0; }

 private:
  Range start(const Use& use, std::int64_t features, std::int64_t columns);

  void add(const Use& use, std::int64_t output, double prediction, bool positive, double weight) {
    if (use.from_logits) prediction = 1 / (1 + std::exp(-prediction));
    if (use.label_weights != nullptr && !use.by_label) weight *= (*use.label_weights)[static_cast<std::size_t>(output)];
    // How many thresholds it is above.
    const auto above = std::lower_bound(use.thresholds.begin(), use.thresholds.end(), prediction);
    const auto bucket = static_cast<std::size_t>(above - use.thresholds.begin());
    const std::size_t label = use.by_label ? static_cast<std::size_t>(output) : 0;
    sums_[(2 * label + (positive ? 0 : 1)) * buckets_ + bucket] += weight;
  }

  std::size_t buckets_ = 0;
  std::vector<double> sums_;  ///< by label: of positives, then negatives, by how many thresholds they are above
};

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/threshold_counts-inl.hpp>
#endif
