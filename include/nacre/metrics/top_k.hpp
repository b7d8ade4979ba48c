#pragma once
// What the metrics share that count a row as right where the right class is among the k largest outputs.

#include <nacre/core/version.hpp>

#include <cstdint>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Whether fewer than k outputs of a row are larger than that of class `label`.
template <class T>
bool is_in_top(const T* outputs, std::int64_t count, std::int64_t label, std::int64_t k) {
  std::int64_t larger = 0;
  // Written so that a NaN is in no top.
  for (std::int64_t c = 0; c < count; ++c) larger += !(outputs[c] <= outputs[label]);
  return larger < k;
}

}  // namespace nacre::detail
