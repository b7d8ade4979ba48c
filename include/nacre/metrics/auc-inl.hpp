#pragma once
// Bodies of metrics/auc.hpp.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <nacre/core/words.hpp>
#include <nacre/metrics/auc.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void AUC::validate() const {
  require_one_of(type_name, "curve", options.curve, {"ROC", "PR"});
  require_one_of(type_name, "summation_method", options.summation_method, {"interpolation", "minoring", "majoring"});
  require<ValueError>(options.num_thresholds >= 2, type_name, ": expected num_thresholds of 2 or more, got ",
                      options.num_thresholds);
  if (options.thresholds) Thresholds(*options.thresholds).validate(type_name);
}

NACRE_INLINE double AUC::result() const {
  double sum = 0;
  double weights = 0;
  for (std::size_t label = 0; label < counts_.labels(); ++label) {
    const double weight = options.multi_label && options.label_weights ? (*options.label_weights)[label] : 1;
    sum += weight * area(label);
    weights += weight;
  }
  return weights != 0 ? sum / weights : 0;
}

NACRE_SETUP std::vector<double> AUC::per_class() const {
  std::vector<double> all;
  for (std::size_t label = 0; options.multi_label && label < counts_.labels(); ++label) all.push_back(area(label));
  return all;
}

NACRE_SETUP std::vector<double> AUC::all_thresholds() const {
  std::vector<double> all = detail::even_thresholds(options.num_thresholds);
  if (options.thresholds) {
    all = *options.thresholds;
    std::sort(all.begin(), all.end());
    all.insert(all.begin(), 0.0);
    all.push_back(1.0);
  }
  all.front() = -1e-7;
  all.back() = 1 + 1e-7;
  return all;
}

NACRE_INLINE double AUC::area(std::size_t label) const {
  double sum = 0;
  Counts above;
  bool is_last = true;
  counts_.each_threshold(label, [&](std::size_t, const Counts& counts) {
    if (!is_last) sum += area_between(counts, above);
    above = counts;
    is_last = false;
  });
  return sum;
}

NACRE_INLINE double AUC::area_between(const Counts& a, const Counts& b) const {
  const bool roc = options.curve == "ROC";
  if (!roc && options.summation_method == "interpolation") return interpolated(a, b);
  const detail::OutcomeShare height = roc ? detail::recall_of : detail::precision_of;
  const double width = roc ? fallout(a) - fallout(b) : detail::recall_of(a) - detail::recall_of(b);
  if (options.summation_method == "minoring") return width * std::min(height(a), height(b));
  if (options.summation_method == "majoring") return width * std::max(height(a), height(b));
  return width * (height(a) + height(b)) / 2;
}

NACRE_INLINE double AUC::fallout(const Counts& c) {
  return detail::ThresholdCounts::share(c.false_positives, c.true_negatives);
}

NACRE_INLINE double AUC::interpolated(const Counts& a, const Counts& b) {
  const double rise = a.true_positives - b.true_positives;
  const double p_a = a.true_positives + a.false_positives;
  const double p_b = b.true_positives + b.false_positives;
  const double slope = p_a > p_b ? rise / (p_a - p_b) : 0;
  const double intercept = b.true_positives - slope * p_b;
  const double ratio = p_a > 0 && p_b > 0 ? p_a / p_b : 1;
  const double positives = b.true_positives + b.false_negatives;
  return positives > 0 ? slope * (rise + intercept * std::log(ratio)) / positives : 0;
}

NACRE_SETUP AUC::AUC(AUCOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
