#pragma once
// Sums in a fixed order.

#include <cstdint>
#include <type_traits>

#include <nacre/core/range.hpp>

namespace nacre::kernels {

/// sums[c] = x[0, c] + x[1, c] + ... for the columns c of `columns_range`; x is [rows, columns].
template <class T>
void column_sums(std::int64_t rows, std::int64_t columns, Range columns_range, const T* x, T* sums) {
  for (std::int64_t c = columns_range.first; c < columns_range.last; ++c) {
    double total = 0;
    for (std::int64_t r = 0; r < rows; ++r) total += static_cast<double>(x[r * columns + c]);
    sums[c] = static_cast<T>(total);
  }
}

/// x[0] + x[1] + ..., accumulated in double.
template <class T>
double sum(std::int64_t count, const T* x) {
  double total = 0;
  for (std::int64_t i = 0; i < count; ++i) total += static_cast<double>(x[i]);
  return total;
}

/// x[0]^2 + x[1]^2 + ..., accumulated in double.
template <class T>
double sum_of_squares(std::int64_t count, const T* x) {
  double total = 0;
  for (std::int64_t i = 0; i < count; ++i) total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return total;
}

/// result[i] = parts[i] + parts[stride + i] + parts[2 stride + i] + ..., `partials` terms added from the first to the
/// last. `result` may be `parts` (the first partial sum).
template <class T>
void add_partials(std::int64_t count, std::int64_t partials, std::int64_t stride, const T* parts, T* result) {
  for (std::int64_t i = 0; i < count; ++i) {
    T total = 0;
    for (std::int64_t p = 0; p < partials; ++p) total += parts[p * stride + i];
    result[i] = total;
  }
}

}  // namespace nacre::kernels
