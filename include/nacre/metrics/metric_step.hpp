#pragma once
// What a metric is given: a batch of predictions and targets.

#include <cstdint>

#include <nacre/core/tensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One batch of predictions and targets. All axes but the last count as rows.
template <class T>
struct MetricStep {
  const TensorView<const T>& predictions;  ///< (rows, features)
  const TensorView<const T>& targets;      ///< (rows, features), or (rows, 1) for class numbers
  const T* sample_weights = nullptr;       ///< a weight for each row, or none

  /// The weight of a row.
  double sample_weight(std::int64_t row) const {
    return sample_weights ? static_cast<double>(sample_weights[row]) : 1.0;
  }
};

}  // namespace nacre
