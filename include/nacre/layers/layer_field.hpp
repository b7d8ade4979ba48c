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

namespace detail {

/// The layer with other values of some of its fields. Throws ValueError for a field that its class does not have.
[[gnu::cold]] inline Layer with_fields(Layer layer, List<ConfigEntry> entries) {
  Fields list;
  layer.fields(list);
  Config changed(layer.class_name(), {});
  changed.entries = std::move(entries);
  set_fields(changed.class_name, list, changed);
  layer.validate();
  return layer;
}

/// The value of a layer's field. Throws ValueError where its class has no such field.
template <class V>
[[gnu::cold]] V field_of(const Layer& layer, std::string_view name) {
  Fields list;
  layer.fields(list);
  for (const Field& field : list.all()) {
    if (field.name != name) continue;
    const ConfigValue value = field.type->get(field.member);
    return config_get<V>(value, name);
  }
  throw ValueError(text(layer.class_name(), ": expected a layer with an option \"", name, "\""));
}

}  // namespace detail

}  // namespace nacre
