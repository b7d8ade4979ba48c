#pragma once
// The bodies of packed_product.hpp.

#include <algorithm>

#include <nacre/core/range.hpp>
#include <nacre/kernels/packed_product.hpp>
#include <nacre/kernels/simd/gemm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// Steps of the sum that are done before the next columns: so much of a panel fits the first-level cache.
inline constexpr std::int64_t packed_depth = 256;

/// Calls `work(steps, first)` for the pieces that a sum of `depth` steps is done in.
template <class Work>
void each_depth(std::int64_t depth, Work work) {
  const std::int64_t blocks = (depth + packed_depth - 1) / packed_depth;
  for (std::int64_t block = 0; block < blocks; ++block) work(piece(depth, blocks, block), block == 0);
}

template <class T>
Product<T> row_product(std::int64_t a_row, std::int64_t b_row, std::int64_t c_row) {
  Product<T> product;
  product.set_rows(a_row);
  product.b_step = b_row;
  product.c_row = c_row;
  return product;
}

}  // namespace detail

template <class T>
std::int64_t pack_tasks(const PackedShape& shape) {
  const std::int64_t lanes = chosen_multiplier<T>().lanes;
  const std::int64_t whole = shape.columns / (2 * lanes);
  return whole + (shape.columns - whole * 2 * lanes + lanes - 1) / lanes;
}

template <class T>
void pack(const PackedShape& shape, std::int64_t task, const T* b, std::int64_t b_row, bool transposed, T* panels) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  const std::int64_t whole = shape.columns / (2 * tiles.lanes);
  const std::int64_t first = (task <= whole ? 2 * task : whole + task) * tiles.lanes;
  const std::int64_t width = tiles.next_columns(shape.columns - first);
  T* const panel = panels + shape.depth * first;
  if (transposed) {
    tiles.transpose(width, shape.depth, b + first * b_row, b_row, panel, tiles.packed_step(width));
  } else {
    tiles.pack(shape.depth, width, b + first, b_row, panel);
  }
}

template <class T>
void multiply_packed(const PackedShape& shape, std::int64_t rows, const T* a, std::int64_t a_row, const T* panels,
                     const std::type_identity_t<T>* start, T* c, std::int64_t c_row, bool accumulate) {
  const Multiplier<T>& tiles = chosen_multiplier<T>();
  Product<T> product = detail::row_product<T>(a_row, 0, c_row);
  detail::each_depth(shape.depth, [&](Range depth, bool first) {
    product.depth = depth.size();
    product.accumulate = accumulate || !first;
    for (std::int64_t j = 0; j < shape.columns;) {
      const std::int64_t width = tiles.next_columns(shape.columns - j);
      product.b_step = tiles.packed_step(width);
      tiles.panel(product, rows, width, a + depth.first, panels + shape.depth * j + depth.first * product.b_step, c + j,
                  start == nullptr ? nullptr : start + j);
      j += width;
    }
  });
}

template <class T>
void multiply_unpacked(const PackedShape& shape, std::int64_t rows, const T* a, std::int64_t a_row, const T* b,
                       std::int64_t b_row, const std::type_identity_t<T>* start, T* c, std::int64_t c_row,
                       bool accumulate) {
  Product<T> product = detail::row_product<T>(a_row, b_row, c_row);
  detail::each_depth(shape.depth, [&](Range depth, bool first) {
    product.depth = depth.size();
    product.accumulate = accumulate || !first;
    chosen_multiplier<T>().product(product, rows, shape.columns, a + depth.first, b + depth.first * b_row, c, start);
  });
}

template <class T>
void multiply_transposed(std::int64_t rows, std::int64_t a_columns, const T* a, std::int64_t a_row,
                         std::int64_t columns, const T* b, std::int64_t b_row, T* c, std::int64_t c_row,
                         bool accumulate) {
  constexpr std::int64_t most_columns = 32;
  alignas(64) T turned[detail::packed_depth * most_columns];
  Product<T> product = detail::row_product<T>(1, b_row, c_row);
  product.a_step = a_columns;
  detail::each_depth(rows, [&](Range depth, bool first) {
    // Side by side the rows are read once for all columns.
    for (std::int64_t row = 0; row < depth.size(); ++row) {
      std::copy_n(a + (depth.first + row) * a_row, a_columns, turned + row * a_columns);
    }
    product.depth = depth.size();
    product.accumulate = accumulate || !first;
    chosen_multiplier<T>().product(product, a_columns, columns, turned, b + depth.first * b_row, c, nullptr);
  });
}

}  // namespace nacre::kernels
