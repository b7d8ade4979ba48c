#pragma once
// Means, variances and the covariance of a row's targets and predictions.

#include <nacre/core/version.hpp>

#include <cstdint>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

struct RowMoments {
  double target_mean = 0;
  double prediction_mean = 0;
  double target_variance = 0;
  double prediction_variance = 0;
  double covariance = 0;
};

template <class T>
RowMoments row_moments(const T* target, const T* prediction, std::int64_t features) {
  RowMoments of;
  const auto count = static_cast<double>(features);
  for (std::int64_t i = 0; i < features; ++i) {
    of.target_mean += static_cast<double>(target[i]) / count;
    of.prediction_mean += static_cast<double>(prediction[i]) / count;
  }
  for (std::int64_t i = 0; i < features; ++i) {
    const double t = static_cast<double>(target[i]) - of.target_mean;
    const double p = static_cast<double>(prediction[i]) - of.prediction_mean;
    of.target_variance += t * t / count;
    of.prediction_variance += p * p / count;
    of.covariance += t * p / count;
  }
  return of;
}

}  // namespace nacre::detail
