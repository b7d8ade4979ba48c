#pragma once
// Bodies of core/registry.hpp.

#include <algorithm>
#include <string>

#include <nacre/core/registry.hpp>
#include <nacre/core/snake_case.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void ClassTable::add(std::span<const ClassMaker> classes) {
  const std::lock_guard lock(mutex_);
  for (const ClassMaker& next : classes) {
    if (find(next.made->class_name) == nullptr) classes_.push_back(next);
  }
}

NACRE_SETUP bool ClassTable::contains(std::string_view class_name) const {
  const std::lock_guard lock(mutex_);
  return find(class_name) != nullptr;
}

NACRE_SETUP List<std::string_view> ClassTable::class_names() const {
  const std::lock_guard lock(mutex_);
  List<std::string_view> names;
  for (const ClassMaker& known : classes_) names.push_back(known.made->class_name);
  return names;
}

NACRE_SETUP AnyValue ClassTable::make(const Config& config) const {
  const ClassMaker* maker = nullptr;
  {
    const std::lock_guard lock(mutex_);
    maker = find(config.class_name);
  }
  require<ValueError>(maker != nullptr, "no class \"", config.class_name,
                      "\" is registered; register your own classes ", "(register_layer<", config.class_name,
                      ">() and its like) before loading what contains them");
  AnyValue made = (*maker)();
  Fields list;
  made.fields(list);
  set_fields(maker->made->class_name, list, config);
  made.validate();
  return made;
}

NACRE_SETUP AnyValue ClassTable::make_by_name(std::string_view kind, std::string_view name,
                                              std::span<const ClassAlias> aliases) const {
  std::string_view wanted = name;
  for (const ClassAlias& alias : aliases) {
    if (alias.alias == name) wanted = alias.class_name;
  }
  const std::lock_guard lock(mutex_);
  std::string names;
  for (const ClassMaker& known : classes_) {
    const std::string snake = snake_case(known.made->class_name);
    std::string lower = snake;
    lower.erase(std::remove(lower.begin(), lower.end(), '_'), lower.end());
    if (wanted == known.made->class_name || wanted == snake || wanted == lower) return known();
    names += (names.empty() ? "" : ", ") + snake;
  }
  for (const ClassAlias& alias : aliases) names += ", " + std::string(alias.alias);
  throw ValueError(text(kind, ": expected one of ", names, ", got \"", name, "\""));
}

NACRE_SETUP const ClassMaker* ClassTable::find(std::string_view class_name) const {
  for (const ClassMaker& known : classes_) {
    if (known.made->class_name == class_name) return &known;
  }
  return nullptr;
}

}  // namespace nacre
