#pragma once
// The bodies of matmul.hpp.

#include <nacre/core/range.hpp>
#include <nacre/kernels/matmul.hpp>
#include <nacre/kernels/simd/gemm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// c [rows, columns] += a b, where elements of a lie `a_row` and `a_step` apart, and those of the others row by row.
template <class T>
void multiply_matrices(const MatmulShape& shape, const T* a, std::ptrdiff_t a_row, std::ptrdiff_t a_step, const T* b,
                       T* c, bool accumulate) {
  Product<T> product;
  product.set_rows(a_row);
  product.a_step = a_step;
  product.b_step = shape.columns;
  product.c_row = shape.columns;
  // Steps of the sum that are done before the next columns: so much of B, a tile wide, fits the first-level cache.
  const std::int64_t blocks = (shape.depth + 255) / 256;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const Range depth = piece(shape.depth, blocks, block);
    product.depth = depth.size();
    product.accumulate = accumulate || block > 0;
    chosen_multiplier<T>().product(product, shape.rows, shape.columns, a + depth.first * a_step,
                                   b + depth.first * shape.columns, c, nullptr);
  }
}

}  // namespace detail

template <class T>
void matmul(const MatmulShape& shape, const T* a, const T* b, T* c, bool accumulate) {
  detail::multiply_matrices(shape, a, shape.depth, 1, b, c, accumulate);
}

template <class T>
void matmul_gradient_a(const MatmulShape& shape, const T* b, const T* dc, T* da, T* scratch, bool accumulate) {
  chosen_multiplier<T>().transpose(shape.depth, shape.columns, b, shape.columns, scratch, shape.depth);
  detail::multiply_matrices({shape.rows, shape.columns, shape.depth}, dc, shape.columns, 1,
                            static_cast<const T*>(scratch), da, accumulate);
}

template <class T>
void matmul_gradient_b(const MatmulShape& shape, const T* a, const T* dc, T* db, bool accumulate) {
  detail::multiply_matrices({shape.depth, shape.rows, shape.columns}, a, 1, shape.depth, dc, db, accumulate);
}

}  // namespace nacre::kernels
