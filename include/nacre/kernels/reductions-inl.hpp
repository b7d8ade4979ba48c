#pragma once
// The bodies of reductions.hpp.

#include <nacre/kernels/reductions.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/reductions.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void column_sums(std::int64_t rows, std::int64_t columns, Range columns_range, const T* x, T* sums) {
  NACRE_SIMD_CALL(column_sums<T>, rows, columns, columns_range, x, sums);
}

template <class T>
double sum(std::int64_t count, const T* x) {
  return NACRE_SIMD_CALL(sum<T>, count, x);
}

template <class T>
double sum_of_squares(std::int64_t count, const T* x) {
  return NACRE_SIMD_CALL(sum_of_squares<T>, count, x);
}

template <class T>
void add_partials(std::int64_t count, std::int64_t partials, std::int64_t stride, const T* parts, T* result) {
  NACRE_SIMD_CALL(add_partials<T>, count, partials, stride, parts, result);
}

}  // namespace nacre::kernels
