#pragma once
// Bodies of core/any.hpp.

#include <nacre/core/any.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Config AnyValue::config() const {
  require<StateError>(held_ != nullptr, "config: expected a value, got none");
  Fields list;
  fields(list);
  return get_config(class_->class_name, list);
}

NACRE_SETUP std::string AnyValue::class_name() const { return std::string(class_->class_name); }

NACRE_SETUP std::string AnyValue::to_string() const { return config().to_string(); }

NACRE_SETUP std::string AnyValue::given_name() const {
  Fields list;
  fields(list);
  for (const Field& field : list.all()) {
    if (field.name == "name" && field.type == &field_type<std::string>) return *static_cast<std::string*>(field.member);
  }
  return {};
}

}  // namespace nacre
