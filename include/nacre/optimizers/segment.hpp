#pragma once
// Segment: a part of a block of weights.

#include <cstdint>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Where a weight tensor lies in the block of trainable weights.
struct Segment {
  std::int64_t offset = 0;  ///< of its first element
  std::int64_t count = 0;   ///< its elements
};

}  // namespace nacre
