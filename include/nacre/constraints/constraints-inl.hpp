#pragma once
// Bodies of constraints/constraint.hpp and constraints/constraints.hpp.

#include <nacre/constraints/constraints.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void register_constraints() { Registry<AnyConstraint>::add<MaxNorm, MinMaxNorm, NonNeg, UnitNorm>(); }

NACRE_SETUP AnyConstraint::AnyConstraint(std::string_view name) {
  register_constraints();
  *this = of_known(name);
}

NACRE_SETUP AnyConstraint AnyConstraint::of_known(std::string_view name) {
  return AnyConstraint(Registry<AnyConstraint>::table().make_by_name("constraint", name, {}));
}

NACRE_SETUP ConfigValue to_config_value(const AnyConstraint& constraint) { return write_optional(constraint); }

NACRE_SETUP void from_config_value(const ConfigValue& value, AnyConstraint& out) {
  const auto* name = value.get_if<std::string>();  // as Keras' files have it
  out = name ? AnyConstraint::of_known(*name) : read_optional<AnyConstraint>(value, "a constraint");
}

}  // namespace nacre
