#pragma once
// Reference cases of layers.

#include "json.hpp"

#include <nacre/layers/harness.hpp>
#include <nacre/layers/layers.hpp>

namespace oracles {

inline void register_layers() { nacre::register_layers(); }

inline std::vector<nacre::HarnessMask> masks_of(const Json& json) {
  if (!json.contains("mask")) return {};
  return {{to_shape(json.at("mask").at("shape")).from(1), json.at("mask").at("data").get<std::vector<std::uint8_t>>()}};
}

/// The output, the gradients of the input and of the weights, and what became of the weights that a layer writes
/// itself.
template <class T>
void run_layer(const Json& json) {
  auto layer = make<nacre::Layer>(json.at("layer"));
  const Tolerance tolerance(json.at("tolerance"));
  const Values<T> input(json.at("input"));
  nacre::LayerHarness<T> harness(std::move(layer), input.shape.from(1), input.shape.front(), 0, masks_of(json));

  const auto& specs = harness.weight_specs();
  const Json& weights = json.at("weights");
  nacre::require<Mismatch>(specs.size() == weights.size(), "weights: expected ", weights.size(), ", got ",
                           specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const Values<T> values(weights[i]);
    const bool trainable = weights[i].at("trainable").get<bool>();
    nacre::require<Mismatch>(specs[i].shape == values.shape && specs[i].trainable == trainable, "weight ", i,
                             ": expected ", weights[i].at("name").get<std::string>(), " of shape ", values.shape,
                             ", got ", specs[i].name, " of shape ", specs[i].shape);
    std::copy(values.data.begin(), values.data.end(), harness.weight(i).elements());
  }

  compare("output", harness.forward(input.view(), json.at("training").get<bool>()), json.at("output"), tolerance);
  std::size_t after = 0;
  for (std::size_t i = 0; i < specs.size() && json.contains("weightsAfter"); ++i) {
    if (specs[i].trainable) continue;
    compare(specs[i].name + " afterwards", harness.weight(i), json.at("weightsAfter").at(after++), tolerance);
  }
  if (!json.contains("dOutput")) return;
  const bool has_input_gradient = json.contains("dInput") && !json.at("dInput").is_null();
  const Values<T> output_gradient(json.at("dOutput"));
  const auto& input_gradient = harness.backward(output_gradient.view(), has_input_gradient);
  if (has_input_gradient) compare("dInput", input_gradient, json.at("dInput"), tolerance);
  std::size_t trainable = 0;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!specs[i].trainable) continue;
    compare("d" + specs[i].name, harness.gradient(i), json.at("dWeights").at(trainable++), tolerance);
  }
}

}  // namespace oracles
