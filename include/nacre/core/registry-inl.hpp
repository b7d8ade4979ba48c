#pragma once
// Bodies of core/registry.hpp.

#include <algorithm>
#include <memory>
#include <string>

#include <nacre/core/registry.hpp>
#include <nacre/core/snake_case.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP void ClassTable::add(std::span<const ClassMaker> classes) {
  const std::lock_guard lock(mutex_);
  for (const ClassMaker& next : classes) {
    if (find(next.class_name) == nullptr) classes_.push_back(next);
  }
}

NACRE_SETUP bool ClassTable::contains(std::string_view class_name) const {
  const std::lock_guard lock(mutex_);
  return find(class_name) != nullptr;
}

NACRE_SETUP Held* ClassTable::make(const Config& config) const {
  std::unique_ptr<Held> made;
  {
    const std::lock_guard lock(mutex_);
    if (const ClassMaker* found = find(config.class_name)) made.reset(found->make());
  }
  require<ValueError>(made != nullptr, "no class \"", config.class_name, "\" is registered; register your own classes ",
                      "(register_layer<", config.class_name, ">() and its like) before loading what contains them");
  Fields list;
  made->fields(list);
  set_fields(made->class_name(), list, config);
  made->validate();
  return made.release();
}

NACRE_SETUP Held* ClassTable::make_by_name(std::string_view kind, std::string_view name,
                                           std::span<const ClassAlias> aliases) const {
  std::string_view wanted = name;
  for (const ClassAlias& alias : aliases) {
    if (alias.alias == name) wanted = alias.class_name;
  }
  const std::lock_guard lock(mutex_);
  std::string names;
  for (const ClassMaker& known : classes_) {
    const std::string snake = snake_case(known.class_name);
    std::string lower = snake;
    lower.erase(std::remove(lower.begin(), lower.end(), '_'), lower.end());
    if (wanted == known.class_name || wanted == snake || wanted == lower) return known.make();
    names += (names.empty() ? "" : ", ") + snake;
  }
  for (const ClassAlias& alias : aliases) names += ", " + std::string(alias.alias);
  throw ValueError(text(kind, ": expected one of ", names, ", got \"", name, "\""));
}

NACRE_SETUP const ClassMaker* ClassTable::find(std::string_view class_name) const {
  for (const ClassMaker& known : classes_) {
    if (known.class_name == class_name) return &known;
  }
  return nullptr;
}

}  // namespace nacre
