#pragma once
// What F1Score and FBetaScore share.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/metrics/confusion_counts.hpp>
#include <nacre/metrics/rows.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Counts of classes, and the mean of precision and recall that they come to.
class FScore {
 public:
  void reset() { classes_.clear(); }

  /// Adds a batch. Where there is no threshold, the largest outputs of a row are positive, unless they are 0. Throws
  /// ShapeError for targets that are not shaped as the outputs, and for another number of these than before.
  template <class T>
  void update(const MetricStep<T>& step, std::optional<double> threshold, std::string_view metric) {
    require_alike(step, metric);
    const std::int64_t features = step.predictions.sample_size();
    const auto size = static_cast<std::size_t>(features);
    if (classes_.empty()) classes_.resize(size);
    require<ShapeError>(classes_.size() == size, metric, ": expected ", classes_.size(),
                        " outputs as in the batches before, got ", size);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* prediction = step.predictions.elements() + row * features;
      const T* target = step.targets.elements() + row * features;
      const T largest = *std::max_element(prediction, prediction + features);
      for (std::size_t c = 0; c < size; ++c) {
        const bool predicted = threshold ? prediction[c] > static_cast<T>(*threshold)
                                         : prediction[c] >= largest && std::abs(prediction[c]) > static_cast<T>(1e-9);
        const double weight = step.sample_weight(row);
        const auto truth = static_cast<double>(target[c]);
        (predicted ? classes_[c].true_positives : classes_[c].false_negatives) += weight * truth;
        if (predicted) classes_[c].false_positives += weight * (1 - truth);
      }
    }
  }

  [[gnu::cold]] void merge(const FScore& other, std::string_view metric);

  /// As `average` says; without one, as "macro".
  double result(const std::optional<std::string>& average, double beta) const;

  [[gnu::cold]] std::vector<double> per_class(double beta) const;

 private:
  /// (1 + beta^2) precision recall / (beta^2 precision + recall), 0 where that is 0 / 0.
  static double score(const ConfusionCounts::Counts& counts, double beta);

  List<ConfusionCounts::Counts> classes_;
};

[[gnu::cold]] void check_f_score(std::string_view metric, const std::optional<std::string>& average,
                                 const std::optional<double>& threshold);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/metrics/f_score-inl.hpp>
#endif
