#pragma once
// Batch normalization: Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal
// covariate shift", ICML 2015. Data is seen as [outer, channels, inner]: for the last axis, outer is the product of all
// other extents and inner is 1. Every function works on a range of channels; channels do not depend on each other, and
// how they are cut into ranges does not show in the result. Sums are kept in double.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// mean[c] and the biased variance[c] of x[:, c, :], in two passes: the second sums squares of differences from the
/// mean, so that nothing cancels.
template <class T>
void batch_norm_statistics(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                           const T* x, T* mean, T* variance);

/// y = (x - mean) * inverse_deviation * gamma + beta, channel by channel. inverse_deviation is
/// 1 / sqrt(variance + epsilon); gamma nullptr stands for ones, beta nullptr for zeros. In place allowed.
template <class T>
void batch_norm_forward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range, const T* x,
                        const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                        const std::type_identity_t<T>* beta, T* y);

/// The gradient in training, where mean and variance depend on x. With x_hat = (x - mean) * inverse_deviation and n
/// elements a channel: dgamma = sum(dy x_hat), dbeta = sum(dy), dx = gamma * inverse_deviation *
/// (dy - dbeta / n - x_hat * dgamma / n). Of gamma, dgamma, dbeta and dx each may be nullptr: gamma is then ones, the
/// others are not wanted. `dx` may be `dy`.
template <class T>
void batch_norm_backward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                         const T* x, const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                         const T* dy, std::type_identity_t<T>* dgamma, std::type_identity_t<T>* dbeta,
                         std::type_identity_t<T>* dx);

/// The gradient where mean and variance are constants (the moving statistics): dx = gamma * inverse_deviation * dy;
/// the rest as in batch_norm_backward.
template <class T>
void batch_norm_backward_inference(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                                   const T* x, const T* mean, const T* inverse_deviation,
                                   const std::type_identity_t<T>* gamma, const T* dy, std::type_identity_t<T>* dgamma,
                                   std::type_identity_t<T>* dbeta, std::type_identity_t<T>* dx);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/normalization-inl.hpp>
#endif
