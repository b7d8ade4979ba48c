#pragma once
// Reference cases of short training runs: each step trains on the whole data as one batch.

#include <algorithm>
#include <vector>

#include "json.hpp"

#include <nacre/losses/losses.hpp>
#include <nacre/models/sequential.hpp>

namespace oracles {

template <class T>
xt::xarray<T> to_array(const Json& json) {
  const Values<T> values(json);
  auto array = xt::xarray<T>::from_shape(std::vector<std::size_t>(values.shape.begin(), values.shape.end()));
  std::copy(values.data.begin(), values.data.end(), array.data());
  return array;
}

template <class T>
void compare_weights(const std::string& when, const nacre::BasicSequential<T>& model, const Json& expected,
                     const Tolerance& tolerance) {
  const std::vector<std::string> names = model.weight_names();
  nacre::require<Mismatch>(names.size() == expected.size(), "weights: expected ", expected.size(), ", got ",
                           names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    compare(names[i] + when, model.weight(names[i]), expected[i], tolerance);
  }
}

/// Predictions before and after, the loss of each step, and the weights after the first and the last.
template <class T>
void run_train(const Json& json) {
  const Tolerance tolerance(json.at("tolerance"));
  const Json& config = json.at("model").at("config");
  nacre::BasicSequential<T> model;
  for (const Json& layer : config.at("layers")) model.add(make<nacre::Layer>(layer));
  model.compile({.optimizer = make<nacre::AnyOptimizer<T>>(json.at("optimizer")),
                 .loss = nacre::AnyLoss<T>(json.at("loss").get<std::string>())});
  model.build(to_shape(config.at("input_shape")));

  const Json& weights = json.at("weights");
  const std::vector<std::string> names = model.weight_names();
  nacre::require<Mismatch>(names.size() == weights.size(), "weights: expected ", weights.size(), ", got ",
                           names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Values<T> values(weights[i]);
    auto weight = model.weight(names[i]);
    nacre::require<Mismatch>(weight.extents() == values.shape, names[i], ": expected shape ", values.shape, ", got ",
                             weight.extents());
    std::copy(values.data.begin(), values.data.end(), weight.elements());
  }

  const xt::xarray<T> x = to_array<T>(json.at("x"));
  const xt::xarray<T> y = to_array<T>(json.at("y"));
  const auto compare_prediction = [&](const char* when) {
    const xt::xarray<T> prediction = model.predict(x);
    compare(when, prediction.data(), static_cast<std::int64_t>(prediction.size()), json.at(when), tolerance);
  };
  compare_prediction("predictBefore");
  const Json& losses = json.at("lossPerStep");
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const auto logs = model.train_on_batch(x, y);
    compare(nacre::text("loss of step ", step), logs["loss"], losses[step], tolerance);
    if (step == 0) compare_weights(" after step 1", model, json.at("weightsAfterStep1"), tolerance);
  }
  compare_weights(" afterwards", model, json.at("weightsAfter"), tolerance);
  compare_prediction("predictAfter");
}

}  // namespace oracles
