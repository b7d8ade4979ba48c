#pragma once
// What a classifier gets right and wrong, in numbers: the counts of its confusions, and what follows from them.

#include <cstddef>
#include <cstdint>

#include <nacre/core/list.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/reports/classification.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Numbers of samples, (classes, classes).
using CountMatrix = xt::xarray<std::int64_t>;

/// How many samples of each class (rows) were taken for each class (columns), as scikit-learn's `confusion_matrix`.
inline CountMatrix count_confusions(const Classification& classification) {
  const auto classes = static_cast<std::size_t>(classification.classes());
  CountMatrix counts = xt::zeros<std::int64_t>({classes, classes});
  for (std::int64_t sample = 0; sample < classification.size(); ++sample) {
    counts(static_cast<std::size_t>(classification.truth(sample)),
           static_cast<std::size_t>(classification.predicted(sample))) += 1;
  }
  return counts;
}

/// The share of the samples that were taken for what they are; 0 without samples.
inline double share_correct(const Classification& classification) {
  std::int64_t correct = 0;
  for (std::int64_t sample = 0; sample < classification.size(); ++sample) correct += classification.correct(sample);
  return classification.size() > 0 ? static_cast<double>(correct) / static_cast<double>(classification.size()) : 0.0;
}

/// How well one class is recognized, as scikit-learn's `precision_recall_fscore_support` has it with zero_division 0.
struct ClassScore {
  double precision = 0;      ///< of what was taken for this class, the share that is of it; 0 where nothing was
  double recall = 0;         ///< of what is of this class, the share that was taken for it; 0 where nothing is
  double f1 = 0;             ///< harmonic mean of the two; 0 where both are 0
  std::int64_t support = 0;  ///< samples of this class
};

/// The scores of each class.
inline List<ClassScore> score_classes(const Classification& classification) {
  const CountMatrix counts = count_confusions(classification);
  const auto ratio = [](std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
  };
  List<ClassScore> scores;
  for (std::size_t c = 0; c < counts.shape(0); ++c) {
    std::int64_t is = 0;
    std::int64_t taken_for = 0;
    for (std::size_t other = 0; other < counts.shape(0); ++other) {
      is += counts(c, other);
      taken_for += counts(other, c);
    }
    const std::int64_t hits = counts(c, c);
    scores.push_back({ratio(hits, taken_for), ratio(hits, is), ratio(2 * hits, is + taken_for), is});
  }
  return scores;
}

namespace detail {

/// Mean of the scores, each counted as often as `weight_of` says; all 0 where the weights add up to 0.
template <class WeightOf>
ClassScore average(const List<ClassScore>& scores, WeightOf weight_of) {
  ClassScore mean;
  double total = 0;
  for (const ClassScore& score : scores) {
    const double weight = weight_of(score);
    mean.precision += weight * score.precision;
    mean.recall += weight * score.recall;
    mean.f1 += weight * score.f1;
    mean.support += score.support;
    total += weight;
  }
  if (total > 0) {
    mean.precision /= total;
    mean.recall /= total;
    mean.f1 /= total;
  }
  return mean;
}

}  // namespace detail

/// The mean of the classes' scores, each counted once, over all classes, with or without samples; its support is the
/// number of samples.
inline ClassScore macro_average(const List<ClassScore>& scores) {
  return detail::average(scores, [](const ClassScore&) { return 1.0; });
}

/// The mean of the classes' scores, each counted as often as it has samples; its support is the number of samples.
inline ClassScore weighted_average(const List<ClassScore>& scores) {
  return detail::average(scores, [](const ClassScore& score) { return static_cast<double>(score.support); });
}

}  // namespace nacre::reports
