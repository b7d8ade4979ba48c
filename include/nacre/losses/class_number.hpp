#pragma once
// What losses of class numbers ask of their targets.

#include <cmath>
#include <cstdint>
#include <string_view>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Throws ValueError for a target that is the number of no class, with what may be wrong.
template <class T>
[[noreturn, gnu::cold]] void fail_class_number(std::string_view loss, T label, std::int64_t classes, std::int64_t row) {
  const char* fix = "; labels count from 0: is the last layer too narrow, or do the labels start elsewhere?";
  if (label != std::floor(label)) fix = "; for distributions over the classes use CategoricalCrossentropy";
  if (label == static_cast<T>(classes)) fix = "; labels count from 0: subtract 1, or give the last layer one more unit";
  throw ValueError(
      text(loss, ": row ", row, ": expected the number of a class from 0 to ", classes - 1, ", got ", label, fix));
}

/// The target of a row as the number of a class. Throws ValueError where it is none.
template <class T>
std::int64_t class_number(std::string_view loss, T label, std::int64_t classes, std::int64_t row) {
  // Written so that a NaN fails, too.
  if (!(label >= T(0) && label < static_cast<T>(classes) && label == std::floor(label))) {
    fail_class_number(loss, label, classes, row);
  }
  return static_cast<std::int64_t>(label);
}

}  // namespace nacre::detail
