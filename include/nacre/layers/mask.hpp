#pragma once
// Mask: which steps of a tensor count.

#include <cstdint>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mask of a tensor (batch, axes...): a byte, 1 or 0, for each place of the batch and the first of its axes, as for
/// each step of a sequence. None where `values` is nullptr.
struct Mask {
  const std::uint8_t* values = nullptr;
  std::int64_t inner = 1;  ///< elements of the tensor at each place

  explicit operator bool() const { return values != nullptr; }

  /// Whether that element of the tensor counts; where there is no mask, all do.
  bool counts(std::int64_t element) const { return values == nullptr || values[element / inner] != 0; }
};

/// A mask that a layer makes, to be written to. None where `values` is nullptr.
struct MadeMask {
  std::uint8_t* values = nullptr;
  std::int64_t inner = 1;  ///< elements of the output at each place

  explicit operator bool() const { return values != nullptr; }
};

}  // namespace nacre
