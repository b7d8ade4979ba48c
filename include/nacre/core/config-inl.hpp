#pragma once
// Bodies of core/config.hpp.

#include <nacre/core/config.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Config::Config() = default;
NACRE_SETUP Config::Config(std::string name, List<ConfigEntry> fields)
    : class_name(std::move(name)), entries(std::move(fields)) {}
NACRE_SETUP Config::Config(const Config&) = default;
NACRE_SETUP Config::Config(Config&&) noexcept = default;
NACRE_SETUP Config& Config::operator=(const Config&) = default;
NACRE_SETUP Config& Config::operator=(Config&&) noexcept = default;
NACRE_SETUP Config::~Config() = default;

NACRE_SETUP ConfigValue::ConfigValue() = default;
NACRE_SETUP ConfigValue::ConfigValue(const ConfigValue&) = default;
NACRE_SETUP ConfigValue::ConfigValue(ConfigValue&&) noexcept = default;
NACRE_SETUP ConfigValue& ConfigValue::operator=(const ConfigValue&) = default;
NACRE_SETUP ConfigValue& ConfigValue::operator=(ConfigValue&&) noexcept = default;
NACRE_SETUP ConfigValue::~ConfigValue() = default;
NACRE_SETUP ConfigValue::ConfigValue(bool value) : kind_(Kind::boolean), boolean_(value) {}
NACRE_SETUP ConfigValue::ConfigValue(std::string value) : kind_(Kind::text), text_(std::move(value)) {}
NACRE_SETUP ConfigValue::ConfigValue(const char* value) : kind_(Kind::text), text_(value) {}
NACRE_SETUP ConfigValue::ConfigValue(ConfigList values) : kind_(Kind::list), list_(std::move(values)) {}
NACRE_SETUP ConfigValue::ConfigValue(Config value) : kind_(Kind::object), object_(std::move(value)) {}

NACRE_SETUP bool operator==(const ConfigValue& a, const ConfigValue& b) {
  // What is not in use is empty in both.
  return a.kind_ == b.kind_ && a.boolean_ == b.boolean_ && a.integer_ == b.integer_ && a.real_ == b.real_ &&
         a.text_ == b.text_ && a.list_ == b.list_ && a.object_ == b.object_;
}
NACRE_SETUP bool operator==(const ConfigEntry& a, const ConfigEntry& b) {
  return a.name == b.name && a.value == b.value;
}
NACRE_SETUP bool operator==(const Config& a, const Config& b) {
  return a.class_name == b.class_name && a.entries == b.entries;
}

NACRE_SETUP void Config::add(std::string_view name, ConfigValue value) {
  entries.push_back({std::string(name), std::move(value)});
}

NACRE_SETUP const ConfigValue* Config::find(std::string_view name) const {
  for (const ConfigEntry& entry : entries) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

NACRE_SETUP std::string Config::to_string() const {
  std::string out = class_name + "(";
  for (const ConfigEntry& entry : entries) {
    if (&entry != entries.data()) out += ", ";
    out += entry.name + "=" + entry.value.to_string();
  }
  return out + ")";
}

NACRE_SETUP std::string ConfigValue::to_string() const {
  switch (kind_) {
    case Kind::none:
      return "none";
    case Kind::boolean:
      return text(boolean_);
    case Kind::integer:
      return text(integer_);
    case Kind::real:
      return text(real_);
    case Kind::text:
      return "\"" + text_ + "\"";
    case Kind::object:
      return object_.to_string();
    case Kind::list:
      break;
  }
  std::string out = "(";
  for (const ConfigValue& value : list_) {
    if (&value != list_.data()) out += ", ";
    out += value.to_string();
  }
  return out + ")";
}

NACRE_SETUP ConfigValue to_config_value(const std::string& value) { return value; }
NACRE_SETUP ConfigValue to_config_value(const Config& value) { return value; }
NACRE_SETUP ConfigValue to_config_value(const Shape& value) {
  ConfigList list;
  for (std::int64_t extent : value) list.emplace_back(extent);
  return list;
}

NACRE_SETUP void from_config_value(const ConfigValue& value, bool& out) {
  out = config_get<bool>(value, "true or false");
}
NACRE_SETUP void from_config_value(const ConfigValue& value, double& out) {
  const auto* whole = value.get_if<std::int64_t>();
  out = whole ? static_cast<double>(*whole) : config_get<double>(value, "a number");
}
NACRE_SETUP void from_config_value(const ConfigValue& value, std::string& out) {
  out = config_get<std::string>(value, "a text");
}
NACRE_SETUP void from_config_value(const ConfigValue& value, Config& out) {
  out = config_get<Config>(value, "a class");
}
NACRE_SETUP void from_config_value(const ConfigValue& value, Shape& out) {
  out = Shape();
  for (const ConfigValue& extent : config_get<ConfigList>(value, "a list of extents")) {
    out.push_back(config_get<std::int64_t>(extent, "a whole number"));
  }
}

NACRE_SETUP ConfigValue to_config_value(const ConfigList& values) { return values; }
NACRE_SETUP void from_config_value(const ConfigValue& value, ConfigList& out) {
  out = config_get<ConfigList>(value, "a list");
}

}  // namespace nacre
