#pragma once
// Bodies of core/registry.hpp.

#include <memory>

#include <nacre/core/registry.hpp>

namespace nacre {

NACRE_INLINE void ClassTable::add(std::span<const ClassMaker> classes) {
  const std::lock_guard lock(mutex_);
  for (const ClassMaker& next : classes) {
    if (find(next.class_name) == nullptr) classes_.push_back(next);
  }
}

NACRE_INLINE bool ClassTable::contains(std::string_view class_name) const {
  const std::lock_guard lock(mutex_);
  return find(class_name) != nullptr;
}

NACRE_INLINE Held* ClassTable::make(const Config& config) const {
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

NACRE_INLINE const ClassMaker* ClassTable::find(std::string_view class_name) const {
  for (const ClassMaker& known : classes_) {
    if (known.class_name == class_name) return &known;
  }
  return nullptr;
}

}  // namespace nacre
