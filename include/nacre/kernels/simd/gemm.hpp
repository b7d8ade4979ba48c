#pragma once
// Products larger than a tile, and the copies that let them run from cache.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/range.hpp>
#include <nacre/kernels/simd/tile.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// How many of the next `left` columns one tile takes: two vectors where they are full, else one or what is left of
/// one.
constexpr std::int64_t next_tile_columns(std::int64_t left, std::int64_t lanes) {
  return left >= 2 * lanes ? 2 * lanes : std::min(left, lanes);
}

/// The products of one instruction set. What cuts a layer into products is compiled once and calls them through this.
template <class T>
struct Multiplier {
  std::int64_t rows;   ///< of a full tile
  std::int64_t lanes;  ///< columns in a vector; a full tile has two

  /// All of `rows` rows for the columns of one tile: C = start + A B, or as `Product` says.
  void (*panel)(const Product<T>& product, std::int64_t rows, std::int64_t columns, const T* a, const T* b, T* c,
                const T* start);

  /// Any number of rows and columns, with B used where it lies: for few rows or a small B.
  void (*product)(const Product<T>& product, std::int64_t rows, std::int64_t columns, const T* a, const T* b, T* c,
                  const T* start);

  /// Copies `depth` rows of a tile's columns of B, `b_step` apart, to rows `packed_step(columns)` apart.
  void (*pack)(std::int64_t depth, std::int64_t columns, const T* b, std::ptrdiff_t b_step, T* packed);

  /// to[j, i] = from[i, j] for a block of rows x columns.
  void (*transpose)(std::int64_t rows, std::int64_t columns, const T* from, std::ptrdiff_t from_row, T* to,
                    std::ptrdiff_t to_row);

  std::int64_t next_columns(std::int64_t left) const { return next_tile_columns(left, lanes); }
  std::int64_t packed_step(std::int64_t columns) const { return std::max(columns, lanes); }
  /// Rows are best cut into tiles between multiples of it.
  std::int64_t row_grain() const { return std::max<std::int64_t>(rows / 3, 1); }
};

/// The most columns of a tile of any instruction set.
template <class T>
inline constexpr std::int64_t widest_tile = 2 * 64 / static_cast<std::int64_t>(sizeof(T));

/// The most rows of a tile of any instruction set.
inline constexpr std::int64_t highest_tile = 12;

}  // namespace nacre::kernels

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/gemm.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The products of the chosen instruction set.
template <class T>
const Multiplier<T>& chosen_multiplier() {
  return *NACRE_SIMD_CHOSEN(multiplier<T>);
}

}  // namespace nacre::kernels
