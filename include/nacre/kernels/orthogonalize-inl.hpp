#pragma once
// Body of kernels/orthogonalize.hpp.

#include <cmath>
#include <utility>

#include <nacre/kernels/blas_product.hpp>
#include <nacre/kernels/orthogonalize.hpp>
#include <nacre/kernels/reductions.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void orthogonalize(std::int64_t rows, std::int64_t columns, T* x, const NewtonSchulz& iteration, T* scratch) {
  // On the matrix with no more rows than columns: products of rows are then as small as can be.
  const bool transposed = rows > columns;
  const std::int64_t low = std::min(rows, columns);
  const std::int64_t wide = std::max(rows, columns);
  T* now = scratch;
  T* next = now + rows * columns;
  T* const square = next + rows * columns;  // x x^T
  T* const factor = square + low * low;     // b x x^T + c (x x^T)^2
  const T share = static_cast<T>(1 / (std::sqrt(sum_of_squares(rows * columns, static_cast<const T*>(x))) + 1e-7));
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j)
      now[transposed ? j * wide + i : i * wide + j] = share * x[i * columns + j];
  }
  const T a = static_cast<T>(iteration.a);
  const T b = static_cast<T>(iteration.b);
  const T c = static_cast<T>(iteration.c);
  for (std::int64_t step = 0; step < iteration.steps; ++step) {
    // Both squares are symmetric, so that a transposed one is as good: see blas_product.
    blas_product(false, true, low, low, wide, now, wide, now, wide, square, low);
    blas_product(false, true, low, low, low, square, low, square, low, factor, low);
    for (std::int64_t i = 0; i < low * low; ++i) factor[i] = b * square[i] + c * factor[i];
    for (std::int64_t i = 0; i < low * wide; ++i) next[i] = a * now[i];
    blas_product(true, false, low, wide, low, factor, low, now, wide, next, wide, true);
    std::swap(now, next);
  }
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) x[i * columns + j] = now[transposed ? j * wide + i : i * wide + j];
  }
}

}  // namespace nacre::kernels
