#pragma once
// The bodies of matmul.hpp.

#include <nacre/core/range.hpp>
#include <nacre/kernels/matmul.hpp>
#include <nacre/kernels/simd/gemm.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void strided_matmul(const MatmulShape& shape, const T* a, std::int64_t a_row, std::int64_t a_step, const T* b,
                    std::int64_t b_row, T* c, std::int64_t c_row, bool accumulate) {
  Product<T> product;
  product.set_rows(a_row);
  product.a_step = a_step;
  product.b_step = b_row;
  product.c_row = c_row;
  // Steps of the sum that are done before the next columns: so much of B, a tile wide, fits the first-level cache.
  const std::int64_t blocks = (shape.depth + 255) / 256;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const Range depth = piece(shape.depth, blocks, block);
    product.depth = depth.size();
    product.accumulate = accumulate || block > 0;
    chosen_multiplier<T>().product(product, shape.rows, shape.columns, a + depth.first * a_step,
                                   b + depth.first * b_row, c, nullptr);
  }
}

template <class T>
void transpose(std::int64_t rows, std::int64_t columns, const T* from, std::int64_t from_row, T* to,
               std::int64_t to_row) {
  chosen_multiplier<T>().transpose(rows, columns, from, from_row, to, to_row);
}

template <class T>
void matmul(const MatmulShape& shape, const T* a, const T* b, T* c, bool accumulate) {
  strided_matmul(shape, a, shape.depth, 1, b, shape.columns, c, shape.columns, accumulate);
}

template <class T>
void matmul_gradient_a(const MatmulShape& shape, const T* b, const T* dc, T* da, T* scratch, bool accumulate) {
  transpose(shape.depth, shape.columns, b, shape.columns, scratch, shape.depth);
  strided_matmul({shape.rows, shape.columns, shape.depth}, dc, shape.columns, 1, static_cast<const T*>(scratch),
                 shape.depth, da, shape.depth, accumulate);
}

template <class T>
void matmul_gradient_b(const MatmulShape& shape, const T* a, const T* dc, T* db, bool accumulate) {
  strided_matmul({shape.depth, shape.rows, shape.columns}, a, 1, shape.depth, dc, shape.columns, db, shape.columns,
                 accumulate);
}

}  // namespace nacre::kernels
