#pragma once
// What classes are called.

#include <nacre/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Names of classes, in the order of their numbers. A class without one is called by its number.
using ClassNames = std::vector<std::string>;

namespace detail {

inline std::string class_name(const ClassNames& names, std::int64_t label) {
  const auto index = static_cast<std::size_t>(label);
  return index < names.size() && !names[index].empty() ? names[index] : std::to_string(label);
}

}  // namespace detail
}  // namespace nacre::reports
