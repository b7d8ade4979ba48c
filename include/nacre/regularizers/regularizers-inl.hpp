#pragma once
// Bodies of regularizers/regularizer.hpp and regularizers/regularizers.hpp.

#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void register_regularizers() { Registry<AnyRegularizer>::add<L1, L2, L1L2>(); }

NACRE_SETUP AnyRegularizer::AnyRegularizer(std::string_view name) {
  register_regularizers();
  *this = of_known(name);
}

NACRE_SETUP AnyRegularizer AnyRegularizer::of_known(std::string_view name) {
  if (name == "l1_l2") {  // whose factors are 0.01 by name, and 0 as an object: Keras' defaults
    return Registry<AnyRegularizer>::make(Config("L1L2", {{"l1", 0.01}, {"l2", 0.01}}));
  }
  return AnyRegularizer(Registry<AnyRegularizer>::table().make_by_name("regularizer", name, {}));
}

NACRE_SETUP ConfigValue to_config_value(const AnyRegularizer& regularizer) { return write_optional(regularizer); }

NACRE_SETUP void from_config_value(const ConfigValue& value, AnyRegularizer& out) {
  const auto* name = value.get_if<std::string>();  // as Keras' files have it
  out = name ? AnyRegularizer::of_known(*name) : read_optional<AnyRegularizer>(value, "a regularizer");
}

}  // namespace nacre
