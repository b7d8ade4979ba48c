#pragma once
// Products of matrices that both change with the sample.

#include <cstdint>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// A product of a [rows, depth] and b [depth, columns].
struct MatmulShape {
  std::int64_t rows;
  std::int64_t depth;
  std::int64_t columns;
};

/// c [rows, columns] = a b; with `accumulate` it is added to c.
template <class T>
void matmul(const MatmulShape& shape, const T* a, const T* b, T* c, bool accumulate);

/// da [rows, depth] = dc b^T; with `accumulate` it is added to da. `scratch` has depth * columns elements.
template <class T>
void matmul_gradient_a(const MatmulShape& shape, const T* b, const T* dc, T* da, T* scratch, bool accumulate);

/// db [depth, columns] = a^T dc; with `accumulate` it is added to db.
template <class T>
void matmul_gradient_b(const MatmulShape& shape, const T* a, const T* dc, T* db, bool accumulate);

/// c = a b for matrices within others: rows of a are `a_row` apart and neighbours in a row `a_step`, rows of b and c
/// `b_row` and `c_row`; with `accumulate` it is added to c.
template <class T>
void strided_matmul(const MatmulShape& shape, const T* a, std::int64_t a_row, std::int64_t a_step, const T* b,
                    std::int64_t b_row, T* c, std::int64_t c_row, bool accumulate);

/// to[j, i] = from[i, j] of rows x columns elements.
template <class T>
void transpose(std::int64_t rows, std::int64_t columns, const T* from, std::int64_t from_row, T* to,
               std::int64_t to_row);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/matmul-inl.hpp>
#endif
