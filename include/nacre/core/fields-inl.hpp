#pragma once
// Bodies of core/fields.hpp.

#include <nacre/core/fields.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void Fields::add(const Field& field) { fields_.push_back(field); }

NACRE_SETUP Config get_config(std::string_view class_name, const Fields& fields) {
  Config config{std::string(class_name), {}};
  for (const Field& field : fields.all()) {
    if (field.is_only_read) continue;
    ConfigValue value = field.type->get(field.member);
    if (!field.leaves_out_none || !value.is_none()) config.add(field.name, std::move(value));
  }
  return config;
}

NACRE_SETUP void set_fields(std::string_view class_name, const Fields& fields, const Config& config) {
  for (const ConfigEntry& entry : config.entries) {
    const Field* found = nullptr;
    for (const Field& field : fields.all()) {
      if (field.name == entry.name) found = &field;
    }
    require<ValueError>(found != nullptr, class_name, ": has no field \"", entry.name, "\"");
    try {
      found->type->set(entry.value, found->member);
    } catch (const Error& error) {
      throw ValueError(text(class_name, ": ", entry.name, ": ", error.what()));
    }
  }
}

}  // namespace nacre
