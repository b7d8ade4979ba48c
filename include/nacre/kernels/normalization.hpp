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

// The same for channels last, a run of rows [rows, channels] at a time, for callers that have the rows at hand while
// they are in the cache, and add up what the runs give.

/// mean[c] and the sum of the squares of differences from it, of x[:, c]. At least one row.
template <class T>
void channel_moments(std::int64_t rows, std::int64_t channels, const T* x, T* mean, T* squares);

/// The mean and the biased variance of all rows from the moments of `runs` runs of equally many rows: moments is
/// [runs, 2, channels], a run's means and then its squares.
template <class T>
void merge_moments(std::int64_t runs, std::int64_t rows, std::int64_t channels, const T* moments, T* mean, T* variance);

/// What a channel is normalized with: z = (x - mean) * scale + shift.
template <class T>
struct ChannelNormalization {
  const T* mean;
  const T* scale;
  const T* shift;
};

/// y = z, plus `added` where that is not nullptr, and with `relu` rectified. In place allowed.
template <class T>
void normalize_rows(std::int64_t rows, std::int64_t channels, const T* x, const ChannelNormalization<T>& normalization,
                    const std::type_identity_t<T>* added, bool relu, T* y);

/// The sums over the rows of dz and of dz (x - mean), as sums [2, channels]. With `relu`, dz is dy where the output of
/// `normalize_rows`, computed again, is above 0, and 0 elsewhere; where `added` is not nullptr, dy becomes dz.
template <class T>
void normalization_gradient_sums(std::int64_t rows, std::int64_t channels, const T* x,
                                 const ChannelNormalization<T>& normalization, bool relu,
                                 const std::type_identity_t<T>* added, T* dy, T* sums);

/// dx = scale * (dz - offset - (x - mean) * slope), channel by channel, with dz as above; without `relu` it is dy.
template <class T>
void normalization_gradient(std::int64_t rows, std::int64_t channels, const T* x,
                            const ChannelNormalization<T>& normalization, bool relu, const T* dy, const T* offset,
                            const T* slope, T* dx);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/normalization-inl.hpp>
#endif
