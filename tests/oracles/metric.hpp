#pragma once
// Reference cases of metrics.

#include <string>
#include <vector>

#include "json.hpp"

#include <nacre/metrics/metrics.hpp>

namespace oracles {

inline void register_metrics() {
  nacre::register_metrics<float>();
  nacre::register_metrics<double>();
}

/// The result after each batch, or the results of all classes where Keras has these.
template <class T>
void run_metric(const Json& json) {
  auto metric = make<nacre::AnyMetric<T>>(json.at("metric"));
  const Tolerance tolerance(json.at("tolerance"));
  std::size_t number = 0;
  for (const Json& batch : json.at("batches")) {
    const Values<T> predictions(batch.at("yPred"));
    const Values<T> targets(batch.contains("yTrue") ? batch.at("yTrue") : batch.at("yPred"));
    const auto prediction_rows = predictions.rows();
    const auto target_rows = targets.rows(prediction_rows.batch());
    if (batch.contains("sampleWeight")) {
      const Values<T> weights(batch.at("sampleWeight"));
      metric.update({prediction_rows, target_rows, weights.data.data()});
    } else {
      metric.update({prediction_rows, target_rows});
    }
    const std::string what = nacre::text("result after batch ", number++);
    const Json& expected = batch.at("result");
    if (expected.at("shape").empty()) {
      compare(what, metric.result(), expected, tolerance);
    } else {
      const std::vector<double> results = metric.per_class();
      compare(what, results.data(), static_cast<std::int64_t>(results.size()), expected, tolerance);
    }
  }
}

}  // namespace oracles
