#pragma once
// Rows of predictions and targets for a metric.

#include <type_traits>
#include <vector>

#include <nacre/metrics/metric.hpp>

/// Adds a batch of rows of `outputs` predictions each; targets are what each row gets of theirs.
template <class Metric>
void add_batch(Metric& metric, std::int64_t outputs, const std::vector<float>& predictions,
               const std::vector<float>& targets, const std::vector<float>& weights = {}) {
  const auto rows = static_cast<std::int64_t>(predictions.size()) / outputs;
  const nacre::TensorView<const float> prediction_rows(predictions.data(), nacre::Shape{rows, outputs});
  const nacre::TensorView<const float> target_rows(
      targets.data(), nacre::Shape{rows, static_cast<std::int64_t>(targets.size()) / rows});
  metric.update(nacre::MetricStep<float>{prediction_rows, target_rows, weights.empty() ? nullptr : weights.data()});
}
