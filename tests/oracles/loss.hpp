#pragma once
// Reference cases of losses.

#include "json.hpp"

#include <nacre/losses/losses.hpp>

namespace oracles {

inline void register_losses() {
  nacre::register_losses<float>();
  nacre::register_losses<double>();
}

/// Each row's value; then, with the sample weights, their sum over the number of rows, and its gradient.
template <class T>
void run_loss(const Json& json) {
  const auto loss = make<nacre::AnyLoss<T>>(json.at("loss"));
  const Tolerance tolerance(json.at("tolerance"));
  const Values<T> predictions(json.at("yPred"));
  const Values<T> targets(json.at("yTrue"));
  loss.check_shapes(predictions.shape.from(1), targets.shape.from(1));

  const auto prediction_rows = predictions.rows();
  const std::int64_t rows = prediction_rows.batch();
  const auto target_rows = targets.rows(rows);
  Values<T> values(nacre::Shape{rows});
  Values<T> gradient(prediction_rows.extents());
  auto value_view = values.view();
  auto gradient_view = gradient.view();
  loss.evaluate({prediction_rows, target_rows, value_view, gradient_view, true}, *nacre::thread_pool());
  compare("perSample", values.data.data(), rows, json.at("perSample"), tolerance);

  std::vector<double> weights(static_cast<std::size_t>(rows), 1);
  if (json.contains("sampleWeight")) {
    const Values<double> given(json.at("sampleWeight"));
    for (std::int64_t row = 0; row < rows; ++row) {
      weights[static_cast<std::size_t>(row)] = given.data[static_cast<std::size_t>(row * given.size() / rows)];
    }
  }
  double total = 0;
  const std::int64_t features = prediction_rows.sample_size();
  for (std::int64_t i = 0; i < rows * features; ++i) {
    const double weight = weights[static_cast<std::size_t>(i / features)] / static_cast<double>(rows);
    if (i % features == 0) total += weight * static_cast<double>(values.data[static_cast<std::size_t>(i / features)]);
    gradient.data[static_cast<std::size_t>(i)] *= static_cast<T>(weight);
  }
  compare("value", total, json.at("value"), tolerance);
  compare("dPred", gradient.data.data(), gradient.size(), json.at("dPred"), tolerance);
}

}  // namespace oracles
