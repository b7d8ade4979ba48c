#pragma once
// Normalization of rows, each by its own statistics: Ba, Kiros and Hinton, "Layer normalization", 2016; Zhang and
// Sennrich, "Root mean square layer normalization", NeurIPS 2019; and rows of length 1. Rows do not depend on each
// other.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// What rows are divided by.
enum class RowNorm : std::uint8_t {
  deviation,    ///< sqrt(variance + epsilon), after the mean is subtracted
  mean_square,  ///< sqrt(mean of squares + epsilon)
  length,       ///< sqrt(max(sum of squares, epsilon))
};

/// y = (x - mean) * inverse * gamma + beta for x [rows, length]; the mean is 0 but for RowNorm::deviation, `inverse` is
/// 1 by what rows are divided by. gamma [length] nullptr stands for ones, beta for zeros. `statistics` [rows, 2], where
/// it is not nullptr, receives mean and inverse of each row. In place allowed.
template <class T>
void normalize_each_row(RowNorm norm, std::int64_t rows, std::int64_t length, std::type_identity_t<T> epsilon,
                        const T* x, const std::type_identity_t<T>* gamma, const std::type_identity_t<T>* beta, T* y,
                        std::type_identity_t<T>* statistics);

/// The gradient: with x_hat = (x - mean) * inverse and g = dy gamma, dx = inverse (g - mean(g) - x_hat mean(g x_hat)),
/// where mean(g) is left out but for RowNorm::deviation, and means are sums for RowNorm::length. Adds dy x_hat and dy,
/// summed over the rows, to dgamma and dbeta. Of gamma, dgamma, dbeta and dx each may be nullptr: gamma is then ones,
/// the others are not wanted.
template <class T>
void normalize_each_row_gradient(RowNorm norm, std::int64_t rows, std::int64_t length, std::type_identity_t<T> epsilon,
                                 const T* x, const T* statistics, const std::type_identity_t<T>* gamma, const T* dy,
                                 std::type_identity_t<T>* dgamma, std::type_identity_t<T>* dbeta,
                                 std::type_identity_t<T>* dx);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/row_normalization-inl.hpp>
#endif
