#pragma once
// A model as the page's script reads it: its layers as saved files describe them, and its weights as float32.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <nacre/core/list.hpp>
#include <nacre/models/model.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/page/base64.hpp>
#include <nacre/saving/json.hpp>
#include <nacre/saving/saved_model.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

/// The layers that page/inference.js computes.
inline constexpr std::array<std::string_view, 16> page_layers{"Activation",
                                                              "AveragePooling2D",
                                                              "BatchNormalization",
                                                              "Conv2D",
                                                              "Dense",
                                                              "Dropout",
                                                              "ELU",
                                                              "Flatten",
                                                              "GlobalMaxPooling2D",
                                                              "LeakyReLU",
                                                              "MaxPooling2D",
                                                              "ReLU",
                                                              "Rescaling",
                                                              "GlobalAveragePooling2D",
                                                              "Reshape",
                                                              "Softmax"};

/// The activations that page/inference.js computes.
inline constexpr std::array<std::string_view, 29> page_activations{
    "celu",        "elu",        "exponential", "gelu",        "hard_shrink", "hard_sigmoid",
    "hard_silu",   "hard_tanh",  "leaky_relu",  "linear",      "log_sigmoid", "log_softmax",
    "mish",        "relu",       "relu6",       "selu",        "sigmoid",     "silu",
    "soft_shrink", "softmax",    "softplus",    "softsign",    "sparse_plus", "sparse_sigmoid",
    "sparsemax",   "squareplus", "tanh",        "tanh_shrink", "threshold"};

/// The name of a layer's activation that page/inference.js does not compute; empty where it does, or there is none.
inline std::string unknown_activation(const Config& layer) {
  const ConfigValue* value = layer.find("activation");
  if (value == nullptr) return {};
  const auto* config = value->get_if<Config>();
  const auto* text = value->get_if<std::string>();
  const std::string name = config != nullptr ? config->class_name : text != nullptr ? *text : std::string("linear");
  const bool known = std::find(page_activations.begin(), page_activations.end(), name) != page_activations.end();
  return known ? std::string() : name;
}

/// Why the page cannot compute the model, in a sentence; empty where it can.
/// @param most bytes of weights that a page may hold.
template <class T>
std::string why_not_embedded(const BasicModel<T>& model, std::int64_t most) {
  if (!model.state().graph.is_chain()) return "its layers are not one after another";
  for (const std::string& layer : model.layer_names()) {
    const std::string name = model.layer(layer).class_name();
    if (std::find(page_layers.begin(), page_layers.end(), name) == page_layers.end()) {
      return text("its layer \"", layer, "\" is a ", name, ", which this page's script does not know how to compute");
    }
    const std::string activation = unknown_activation(model.layer(layer).config());
    if (!activation.empty()) {
      return text("its layer \"", layer, "\" has the activation ", activation,
                  ", which this page's script does not know how to compute");
    }
  }
  const std::int64_t bytes = 4 * model.count_params();
  if (bytes <= most) return {};
  return text("its weights take ", nacre::detail::readable_bytes(bytes), ", more than the ",
              nacre::detail::readable_bytes(most), " that a page may hold");
}

/// Appends a number's bytes, the lowest first.
inline void append_float(std::string& bytes, float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xFFU);
}

/// What page/inference.js makes a Model of.
template <class T>
nlohmann::ordered_json embedded_model(const BasicModel<T>& model) {
  nlohmann::ordered_json weights = nlohmann::ordered_json::array();
  std::string bytes;
  const Parameters<T>& parameters = model.state().parameters;
  for (const Weight& weight : parameters.weights()) {
    const Shape& shape = weight.spec.shape;
    weights.push_back({{"name", weight.name}, {"shape", {}}, {"offset", bytes.size()}});
    weights.back()["shape"] = List<std::int64_t>(shape.begin(), shape.end());
    const T* values = parameters.data(weight);
    for (std::int64_t i = 0; i < shape.size(); ++i) append_float(bytes, static_cast<float>(values[i]));
  }
  const std::string architecture = to_json_text(nacre::detail::describe_model(model.state()));
  return {{"architecture", nlohmann::ordered_json::parse(architecture)},
          {"weights", std::move(weights)},
          {"bytes", base64(bytes)},
          {"logits", ends_in_logits(model)}};
}

}  // namespace nacre::reports::page
