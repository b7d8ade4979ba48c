#pragma once
// Half-open ranges and how they are cut into pieces.

#include <nacre/core/version.hpp>

#include <algorithm>
#include <cstdint>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The indices from `first` up to, not including, `last`.
struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
  constexpr std::int64_t size() const { return last - first; }
};

/// Piece `index` of `pieces` almost equal pieces of [0, count).
constexpr Range piece(std::int64_t count, std::int64_t pieces, std::int64_t index) {
  return {count * index / pieces, count * (index + 1) / pieces};
}

/// The same, cut between multiples of `grain` only.
constexpr Range aligned_piece(std::int64_t count, std::int64_t grain, std::int64_t pieces, std::int64_t index) {
  const Range grains = piece((count + grain - 1) / grain, pieces, index);
  return {std::min(count, grains.first * grain), std::min(count, grains.last * grain)};
}

/// How many pieces of about `grain` elements [0, count) is cut into: at least 1, at most `most`.
constexpr std::int64_t piece_count(std::int64_t count, std::int64_t grain, std::int64_t most = 64) {
  return std::clamp(count / std::max<std::int64_t>(grain, 1), std::int64_t{1}, most);
}

}  // namespace nacre
