#pragma once
// Products of matrices as their callers see them: what one product is, and the functions that an instruction set offers
// for them. simd/tile.hpp and simd/gemm.hpp have the functions.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// What the calls of one product have in common. A tile of C has some rows and one or more vectors of columns:
/// C[i, j] = start + the sum over `segments` s and `depth` steps k of A[i, s, k] B[s, k, j], where the strides say how
/// far apart neighbours lie. Dense layers have one segment; a convolution has one for each row of its kernel.
template <class T>
struct Product {
  std::int64_t depth = 0;
  std::int64_t segments = 1;
  std::ptrdiff_t a_row = 0;
  // Rows of A are addressed in groups of four: their offsets in a group, and the step from group to group. For rows at
  // even distances `set_rows` makes them; a pooling window's four pixels are a group too.
  std::array<std::ptrdiff_t, 4> a_offset{};
  std::ptrdiff_t a_group = 0;
  std::ptrdiff_t a_step = 1;
  std::ptrdiff_t a_segment = 0;
  std::ptrdiff_t b_step = 0;
  std::ptrdiff_t b_segment = 0;
  std::ptrdiff_t c_row = 0;
  bool accumulate = false;  ///< start from C as it is, otherwise from the columns given to the kernel or from zero
  bool relu = false;

  /// Rows of A lie `distance` apart.
  void set_rows(std::ptrdiff_t distance) {
    a_row = distance;
    a_offset = {0, distance, 2 * distance, 3 * distance};
    a_group = 4 * distance;
  }
};

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
