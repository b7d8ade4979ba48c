#pragma once
// Bodies of metrics/r2_score.hpp.

#include <vector>

#include <nacre/core/words.hpp>
#include <nacre/metrics/r2_score.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void R2Score::validate() const {
  require_one_of(type_name, "class_aggregation", options.class_aggregation,
                 {"uniform_average", "variance_weighted_average"});
  require<ValueError>(options.num_regressors >= 0, type_name, ": expected num_regressors of 0 or more, got ",
                      options.num_regressors);
}

NACRE_SETUP void R2Score::merge(const R2Score& other) {
  if (other.outputs_.empty()) return;
  if (outputs_.empty()) outputs_.resize(other.outputs_.size());
  require<ShapeError>(outputs_.size() == other.outputs_.size(), type_name, ": expected a metric of ", outputs_.size(),
                      " outputs to merge with, got ", other.outputs_.size());
  for (std::size_t i = 0; i < outputs_.size(); ++i) outputs_[i].merge(other.outputs_[i]);
  rows_ += other.rows_;
}

NACRE_INLINE double R2Score::result() const {
  if (outputs_.empty()) return 0;
  double sum = 0;
  double weights = 0;
  for (const Sums& output : outputs_) {
    const double weight = options.class_aggregation == "uniform_average" ? 1 : output.variance();
    sum += weight * output.score();
    weights += weight;
  }
  const double score = weights != 0 ? sum / weights : 0;
  const double freedom = rows_ - static_cast<double>(options.num_regressors) - 1;
  if (options.num_regressors == 0 || freedom <= 0) return score;
  return 1 - (1 - score) * (rows_ - 1) / freedom;
}

NACRE_SETUP std::vector<double> R2Score::per_class() const {
  std::vector<double> all;
  for (const Sums& output : outputs_) all.push_back(output.score());
  return all;
}

}  // namespace nacre
