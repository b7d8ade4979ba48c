#pragma once
// Bodies of initializers/orthogonal.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <nacre/core/buffer.hpp>
#include <nacre/initializers/orthogonal.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/kernels/blas_product.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// vectors [last - first, length] lose what they have in common with the orthonormal rows before them.
inline void take_out(std::int64_t first, std::int64_t last, std::int64_t length, double* rows, double* products) {
  const std::int64_t count = last - first;
  double* vectors = rows + first * length;
  const double* const others = rows;
  kernels::blas_product(false, true, count, first, length, static_cast<const double*>(vectors), length, others, length,
                        products, first);
  for (std::int64_t i = 0; i < count * first; ++i) products[i] = -products[i];
  kernels::blas_product(false, false, count, length, first, static_cast<const double*>(products), first, others, length,
                        vectors, length, true);
}

/// The rows become orthonormal, by Gram and Schmidt's method in blocks; each step is done twice, which makes it as
/// exact as reflections (Giraud, Langou and Rozloznik, 2005).
inline void make_orthonormal(std::int64_t count, std::int64_t length, double* rows) {
  constexpr std::int64_t block = 32;
  const SingleThreadedBlas one_thread;
  Buffer<double> products(static_cast<std::size_t>(block * count));
  for (std::int64_t first = 0; first < count; first += block) {
    const std::int64_t last = std::min(first + block, count);
    for (int pass = 0; pass < 2; ++pass) {
      if (first > 0) take_out(first, last, length, rows, products.data());
      for (std::int64_t i = first; i < last; ++i) {
        double* row = rows + i * length;
        for (std::int64_t other = first; other < i; ++other) {
          const double* before = rows + other * length;
          double dot = 0;
          for (std::int64_t k = 0; k < length; ++k) dot += row[k] * before[k];
          for (std::int64_t k = 0; k < length; ++k) row[k] -= dot * before[k];
        }
        double square = 0;
        for (std::int64_t k = 0; k < length; ++k) square += row[k] * row[k];
        const double scale = 1 / std::sqrt(square);
        for (std::int64_t k = 0; k < length; ++k) row[k] *= scale;
      }
    }
  }
}

}  // namespace detail

NACRE_SETUP void Orthogonal::fill(const Initialization& step) const {
  require<ValueError>(step.shape.rank() >= 2, "Orthogonal: expected a weight of two axes or more, got shape ",
                      step.shape);
  const std::int64_t columns = step.shape.back();
  const std::int64_t rows = step.shape.size() / columns;
  // Vectors lie side by side as rows of this matrix, in the order of the columns of Keras' one.
  const std::int64_t vectors = std::min(rows, columns);
  const std::int64_t length = std::max(rows, columns);
  Buffer<double> matrix(static_cast<std::size_t>(vectors * length));
  for (std::int64_t i = 0; i < vectors * length; ++i) {
    matrix[static_cast<std::size_t>(i)] = step.random.normal(static_cast<std::uint64_t>(i));
  }
  detail::make_orthonormal(vectors, length, matrix.data());
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const std::int64_t at = rows < columns ? row * length + column : column * length + row;
      step.values[row * columns + column] = gain * matrix[static_cast<std::size_t>(at)];
    }
  }
}

}  // namespace nacre
