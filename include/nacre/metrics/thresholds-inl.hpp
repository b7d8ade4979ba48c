#pragma once
// Bodies of metrics/thresholds.hpp.

#include <string_view>

#include <nacre/metrics/thresholds.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void Thresholds::validate(std::string_view metric) const {
  for (const double value : values) {
    require<ValueError>(value >= 0 && value <= 1, metric, ": expected thresholds from 0 to 1, got ", value);
  }
}

NACRE_SETUP ConfigValue to_config_value(const Thresholds& thresholds) {
  if (thresholds.values.empty()) return {};
  return thresholds.values.size() == 1 ? ConfigValue(thresholds.values[0]) : to_config_value(thresholds.values);
}

NACRE_SETUP void from_config_value(const ConfigValue& value, Thresholds& out) {
  out.values.clear();
  if (value.is_none()) return;
  if (value.get_if<ConfigList>() != nullptr) return from_config_value(value, out.values);
  from_config_value(value, out.values.emplace_back());
}

}  // namespace nacre
