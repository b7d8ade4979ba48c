#pragma once
// Products with a matrix that is used many times: it is laid out once in the panels that tiles read, so that they run
// from cache. Row-major.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// A product C [rows, columns] = A [rows, depth] B [depth, columns]; rows of A and C may lie apart.
struct PackedShape {
  std::int64_t depth;
  std::int64_t columns;

  /// The most elements of B's panels, in any instruction set.
  std::int64_t size() const { return depth * (columns + 15); }
};

/// In how many pieces B is laid out.
template <class T>
std::int64_t pack_tasks(const PackedShape& shape);

/// Piece `task` of the panels of B, whose rows are `b_row` apart; with `transposed` B lies as [columns, depth].
template <class T>
void pack(const PackedShape& shape, std::int64_t task, const T* b, std::int64_t b_row, bool transposed, T* panels);

/// C = start + A B from the panels of B, with `start` [columns], or zeros for nullptr; with `accumulate` C += A B. Rows
/// of A are `a_row` apart, those of C `c_row`.
template <class T>
void multiply_packed(const PackedShape& shape, std::int64_t rows, const T* a, std::int64_t a_row, const T* panels,
                     const std::type_identity_t<T>* start, T* c, std::int64_t c_row, bool accumulate);

/// The same with B as it lies, `b_row` apart: for few rows, which do not pay for laying it out.
template <class T>
void multiply_unpacked(const PackedShape& shape, std::int64_t rows, const T* a, std::int64_t a_row, const T* b,
                       std::int64_t b_row, const std::type_identity_t<T>* start, T* c, std::int64_t c_row,
                       bool accumulate);

/// C [columns of A, columns] = A^T B over `rows` rows, which are `a_row` and `b_row` apart: a layer's weights'
/// gradient. A has `a_columns` (at most 32) columns.
template <class T>
void multiply_transposed(std::int64_t rows, std::int64_t a_columns, const T* a, std::int64_t a_row,
                         std::int64_t columns, const T* b, std::int64_t b_row, T* c, std::int64_t c_row,
                         bool accumulate);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/packed_product-inl.hpp>
#endif
