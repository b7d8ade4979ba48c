#pragma once
// The bodies of row_normalization.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/row_normalization.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_NARROW
#define NACRE_SIMD_SOURCE <nacre/kernels/simd/row_normalization.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void normalize_each_row(RowNorm norm, std::int64_t rows, std::int64_t length, std::type_identity_t<T> epsilon,
                        const T* x, const std::type_identity_t<T>* gamma, const std::type_identity_t<T>* beta, T* y,
                        std::type_identity_t<T>* statistics) {
  NACRE_SIMD_CALL_NARROW(normalize_each_row<T>, norm, rows, length, epsilon, x, gamma, beta, y, statistics);
}

template <class T>
void normalize_each_row_gradient(RowNorm norm, std::int64_t rows, std::int64_t length, std::type_identity_t<T> epsilon,
                                 const T* x, const T* statistics, const std::type_identity_t<T>* gamma, const T* dy,
                                 std::type_identity_t<T>* dgamma, std::type_identity_t<T>* dbeta,
                                 std::type_identity_t<T>* dx) {
  NACRE_SIMD_CALL_NARROW(normalize_each_row_gradient<T>, norm, rows, length, epsilon, x, statistics, gamma, dy, dgamma,
                         dbeta, dx);
}

}  // namespace nacre::kernels
