#pragma once
// Bodies of initializers/initializer.hpp.

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Fans::Fans(const Shape& shape) {
  if (shape.rank() == 0) return;
  if (shape.rank() == 1) {
    in = out = static_cast<double>(shape[0]);
    return;
  }
  double positions = 1;
  for (std::size_t axis = 0; axis + 2 < shape.rank(); ++axis) positions *= static_cast<double>(shape[axis]);
  in = positions * static_cast<double>(shape[shape.rank() - 2]);
  out = positions * static_cast<double>(shape.back());
}

NACRE_SETUP ConfigValue to_config_value(const AnyInitializer& initializer) { return initializer.config(); }
NACRE_SETUP void from_config_value(const ConfigValue& value, AnyInitializer& out) {
  out = Registry<AnyInitializer>::make(config_get<Config>(value, "an initializer"));
}

}  // namespace nacre
