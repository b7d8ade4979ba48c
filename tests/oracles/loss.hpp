#pragma once
// Reference cases of losses.

#include <vector>

#include "json.hpp"

#include <nacre/losses/losses.hpp>
#include <nacre/models/loss_evaluation.hpp>

namespace oracles {

inline void register_losses() {
  nacre::register_losses<float>();
  nacre::register_losses<double>();
}

/// The values of all rows, or of what else the loss has values; then, with the sample weights, what they come to, and
/// its gradient.
template <class T>
void run_loss(const Json& json) {
  const auto loss = make<nacre::AnyLoss<T>>(json.at("loss"));
  const Tolerance tolerance(json.at("tolerance"));
  const Values<T> predictions(json.at("yPred"));
  const Values<T> targets(json.at("yTrue"));
  const std::int64_t batch = predictions.shape.front();
  const nacre::Shape output = predictions.shape.from(1);
  const nacre::Shape target = targets.shape.from(1);
  loss.check_shapes(output, target);

  std::vector<T> weights;
  if (json.contains("sampleWeight")) {
    const Values<T> given(json.at("sampleWeight"));
    const std::int64_t rows = predictions.rows().batch();
    for (std::int64_t row = 0; row < rows; ++row) {
      weights.push_back(given.data[static_cast<std::size_t>(row * given.size() / rows)]);
    }
  }
  nacre::LossEvaluation<T> evaluation(loss, output, target, batch);
  Values<T> gradient(predictions.shape);
  const double value = evaluation.evaluate(batch, predictions.data.data(), targets.data.data(),
                                           weights.empty() ? nullptr : weights.data(), nullptr, gradient.data.data(), 1,
                                           *nacre::thread_pool());
  const nacre::Shape values = to_shape(json.at("perSample").at("shape"));
  compare("perSample", evaluation.values(), values.size(), json.at("perSample"), tolerance);
  compare("value", value, json.at("value"), tolerance);
  compare("dPred", gradient.data.data(), gradient.size(), json.at("dPred"), tolerance);
}

}  // namespace oracles
