#pragma once
// MemoryPlan: one block for tensors that live at different times.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/sorted.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Gives each piece of memory a place in one block, such that pieces that live at the same time do not overlap.
class MemoryPlan {
 public:
  /// Asks for so many elements from time `first` to time `last`; returns the piece's number.
  std::size_t add(std::int64_t elements, std::int64_t first, std::int64_t last) {
    pieces_.push_back({elements, first, last, 0});
    return pieces_.size() - 1;
  }

  /// The piece lives at that time, too.
  void extend(std::size_t piece, std::int64_t time) {
    pieces_[piece].first = std::min(pieces_[piece].first, time);
    pieces_[piece].last = std::max(pieces_[piece].last, time);
  }

  /// Places all pieces: the largest first, each as low as it can lie. (The greedy-by-size order of Pisarchyk and Lee,
  /// "Efficient memory management for deep neural net inference", 2020.) Returns the size of the block.
  std::int64_t place();

  std::int64_t offset(std::size_t piece) const { return pieces_[piece].offset; }

 private:
  struct Piece {
    std::int64_t elements;
    std::int64_t first;
    std::int64_t last;
    std::int64_t offset;
  };

  List<Piece> pieces_;
};

[[gnu::cold]] inline std::int64_t MemoryPlan::place() {
  const List<std::size_t> order = sorted_order(
      pieces_.size(), [&](std::size_t a, std::size_t b) { return pieces_[a].elements > pieces_[b].elements; });
  List<std::size_t> placed;  // by offset
  std::int64_t size = 0;
  for (std::size_t index : order) {
    Piece& piece = pieces_[index];
    piece.offset = 0;
    for (std::size_t other : placed) {
      const Piece& there = pieces_[other];
      if (there.last < piece.first || there.first > piece.last) continue;
      if (piece.offset + piece.elements <= there.offset) break;
      piece.offset = std::max(piece.offset, there.offset + there.elements);
    }
    const auto behind = std::upper_bound(placed.begin(), placed.end(), index, [&](std::size_t a, std::size_t b) {
      return pieces_[a].offset < pieces_[b].offset;
    });
    placed.insert(behind, index);
    size = std::max(size, piece.offset + piece.elements);
  }
  return size;
}

}  // namespace nacre
