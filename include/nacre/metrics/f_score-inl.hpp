#pragma once
// Bodies of metrics/f_score.hpp.

#include <string>
#include <vector>

#include <nacre/core/words.hpp>
#include <nacre/metrics/f_score.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

NACRE_SETUP void FScore::merge(const FScore& other, std::string_view metric) {
  if (other.classes_.empty()) return;
  if (classes_.empty()) classes_.resize(other.classes_.size());
  require<ShapeError>(classes_.size() == other.classes_.size(), metric, ": expected a metric of ", classes_.size(),
                      " outputs to merge with, got ", other.classes_.size());
  for (std::size_t c = 0; c < classes_.size(); ++c) classes_[c] += other.classes_[c];
}

NACRE_INLINE double FScore::result(const std::optional<std::string>& average, double beta) const {
  return average_counts(classes_, average.value_or("macro"),
                        [beta](const ConfusionCounts::Counts& counts) { return score(counts, beta); });
}

NACRE_SETUP std::vector<double> FScore::per_class(double beta) const {
  std::vector<double> all;
  for (const auto& counts : classes_) all.push_back(score(counts, beta));
  return all;
}

NACRE_INLINE double FScore::score(const ConfusionCounts::Counts& counts, double beta) {
  const double square = beta * beta;
  const double precision = ConfusionCounts::share(counts.true_positives, counts.false_positives);
  const double recall = ConfusionCounts::share(counts.true_positives, counts.false_negatives);
  const double sum = square * precision + recall;
  return sum != 0 ? (1 + square) * precision * recall / sum : 0;
}

NACRE_SETUP void check_f_score(std::string_view metric, const std::optional<std::string>& average,
                               const std::optional<double>& threshold) {
  if (average) require_one_of(metric, "average", *average, {"micro", "macro", "weighted"});
  require<ValueError>(!threshold || (*threshold > 0 && *threshold <= 1), metric,
                      ": expected threshold above 0 and up to 1, got ", threshold.value_or(0));
}

}  // namespace detail
}  // namespace nacre
