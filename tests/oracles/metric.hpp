#pragma once
// Reference cases of metrics.

#include "json.hpp"

#include <nacre/metrics/accuracy.hpp>
#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/metrics/recall.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>

namespace oracles {

/// Accuracy is not among them: under this name Keras has another class.
inline void register_metrics() {
  nacre::register_metric<nacre::BinaryAccuracy, float, double>();
  nacre::register_metric<nacre::CategoricalAccuracy, float, double>();
  nacre::register_metric<nacre::Mean, float, double>();
  nacre::register_metric<nacre::Precision, float, double>();
  nacre::register_metric<nacre::Recall, float, double>();
  nacre::register_metric<nacre::SparseCategoricalAccuracy, float, double>();
}

/// The result after each batch.
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
    compare(nacre::text("result after batch ", number++), metric.result(), batch.at("result"), tolerance);
  }
}

}  // namespace oracles
