#pragma once
// The bodies of normalization.hpp.

#include <nacre/kernels/normalization.hpp>
#include <nacre/kernels/simd/math.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::detail {

/// A range of the channels of [outer, channels, inner].
struct ChannelView {
  std::int64_t outer, channels, inner;
  Range range;
  /// Where the elements [o, c, 0..inner] begin.
  constexpr std::int64_t at(std::int64_t o, std::int64_t c) const { return (o * channels + c) * inner; }
};

}  // namespace nacre::kernels::detail

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/normalization.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void batch_norm_statistics(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                           const T* x, T* mean, T* variance) {
  const detail::ChannelView view{outer, channels, inner, channels_range};
  NACRE_SIMD_CALL(batch_norm_statistics<T>, view, x, mean, variance);
}

template <class T>
void batch_norm_forward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range, const T* x,
                        const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                        const std::type_identity_t<T>* beta, T* y) {
  const detail::ChannelView view{outer, channels, inner, channels_range};
  NACRE_SIMD_CALL(batch_norm_forward<T>, view, x, mean, inverse_deviation, gamma, beta, y);
}

template <class T>
void batch_norm_backward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                         const T* x, const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                         const T* dy, std::type_identity_t<T>* dgamma, std::type_identity_t<T>* dbeta,
                         std::type_identity_t<T>* dx) {
  const detail::ChannelView view{outer, channels, inner, channels_range};
  NACRE_SIMD_CALL(batch_norm_backward<T>, view, false, x, mean, inverse_deviation, gamma, dy, dgamma, dbeta, dx);
}

template <class T>
void batch_norm_backward_inference(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                                   const T* x, const T* mean, const T* inverse_deviation,
                                   const std::type_identity_t<T>* gamma, const T* dy, std::type_identity_t<T>* dgamma,
                                   std::type_identity_t<T>* dbeta, std::type_identity_t<T>* dx) {
  const detail::ChannelView view{outer, channels, inner, channels_range};
  NACRE_SIMD_CALL(batch_norm_backward<T>, view, true, x, mean, inverse_deviation, gamma, dy, dgamma, dbeta, dx);
}

template <class T>
void channel_moments(std::int64_t rows, std::int64_t channels, const T* x, T* mean, T* squares) {
  NACRE_SIMD_CALL(channel_moments<T>, rows, channels, x, mean, squares);
}

template <class T>
void merge_moments(std::int64_t runs, std::int64_t rows, std::int64_t channels, const T* moments, T* mean,
                   T* variance) {
  NACRE_SIMD_CALL(merge_moments<T>, runs, rows, channels, moments, mean, variance);
}

template <class T>
void normalize_rows(std::int64_t rows, std::int64_t channels, const T* x, const ChannelNormalization<T>& normalization,
                    const std::type_identity_t<T>* added, bool relu, T* y) {
  NACRE_SIMD_CALL(normalize_rows<T>, rows, channels, x, normalization, added, relu, y);
}

template <class T>
void normalization_gradient_sums(std::int64_t rows, std::int64_t channels, const T* x,
                                 const ChannelNormalization<T>& normalization, bool relu,
                                 const std::type_identity_t<T>* added, T* dy, T* sums) {
  NACRE_SIMD_CALL(normalization_gradient_sums<T>, rows, channels, x, normalization, relu, added, dy, sums);
}

template <class T>
void normalization_gradient(std::int64_t rows, std::int64_t channels, const T* x,
                            const ChannelNormalization<T>& normalization, bool relu, const T* dy, const T* offset,
                            const T* slope, T* dx) {
  NACRE_SIMD_CALL(normalization_gradient<T>, rows, channels, x, normalization, relu, dy, offset, slope, dx);
}

}  // namespace nacre::kernels
