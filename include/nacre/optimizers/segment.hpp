#pragma once
// Segment: a part of a block of weights.

#include <cstdint>
#include <string>

#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A weight tensor in the block of trainable weights: where it lies, its shape and its name.
struct Segment {
  std::int64_t offset = 0;  ///< of its first element
  Shape shape{};            ///< as the layer has it: (in, out) of Dense, (height, width, in, out) of Conv2D
  std::string name{};       ///< "dense/kernel": its layer's name and its own

  /// Its elements.
  std::int64_t count() const { return shape.size(); }
};

}  // namespace nacre
