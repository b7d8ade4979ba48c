#pragma once
// Layers as members of layers: how they are saved and loaded.

#include <nacre/core/registry.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The layer of that config, for training where its class is registered for it, otherwise for inference. Throws as
/// Registry::make does.
[[gnu::cold]] inline Layer make_layer(const Config& config) {
  return Registry<Layer>::contains(config.class_name) ? Registry<Layer>::make(config)
                                                      : Layer::make_for_inference(config);
}

inline ConfigValue to_config_value(const Layer& layer) { return layer.config(); }
inline void from_config_value(const ConfigValue& value, Layer& out) {
  out = make_layer(config_get<Config>(value, "a layer"));
}

}  // namespace nacre
