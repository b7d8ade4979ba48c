#pragma once
// Batch normalization: Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal
// covariate shift", ICML 2015. Data is seen as [outer, channels, inner]: for the last axis, outer is the product of all
// other extents and inner is 1. Every function works on a range of channels; channels do not depend on each other.

#include <cstdint>
#include <type_traits>

#include <nacre/core/range.hpp>

namespace nacre::kernels {

/// mean[c] and the biased variance[c] of x[:, c, :], in two passes (the second sums squares of differences from the mean,
/// so that nothing cancels), accumulated in double.
template <class T>
void batch_norm_statistics(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                           const T* x, T* mean, T* variance) {
  const double count = static_cast<double>(outer * inner);
  for (std::int64_t c = channels_range.first; c < channels_range.last; ++c) {
    double total = 0;
    for (std::int64_t o = 0; o < outer; ++o) {
      for (std::int64_t i = 0; i < inner; ++i) total += static_cast<double>(x[(o * channels + c) * inner + i]);
    }
    const double center = total / count;
    double squares = 0;
    for (std::int64_t o = 0; o < outer; ++o) {
      for (std::int64_t i = 0; i < inner; ++i) {
        const double difference = static_cast<double>(x[(o * channels + c) * inner + i]) - center;
        squares += difference * difference;
      }
    }
    mean[c] = static_cast<T>(center);
    variance[c] = static_cast<T>(squares / count);
  }
}

/// y = (x - mean) * inverse_deviation * gamma + beta, channel by channel. inverse_deviation is
/// 1 / sqrt(variance + epsilon); gamma nullptr stands for ones, beta nullptr for zeros. In place allowed.
template <class T>
void batch_norm_forward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range, const T* x,
                        const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                        const std::type_identity_t<T>* beta, T* y) {
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t c = channels_range.first; c < channels_range.last; ++c) {
      const T scale = gamma != nullptr ? inverse_deviation[c] * gamma[c] : inverse_deviation[c];
      const T shift = beta != nullptr ? beta[c] : T(0);
      for (std::int64_t i = 0; i < inner; ++i) {
        const std::int64_t at = (o * channels + c) * inner + i;
        y[at] = (x[at] - mean[c]) * scale + shift;
      }
    }
  }
}

namespace detail {

template <bool constant_statistics, class T>
void batch_norm_backward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                         const T* x, const T* mean, const T* inverse_deviation, const T* gamma, const T* dy, T* dgamma,
                         T* dbeta, T* dx) {
  const double count = static_cast<double>(outer * inner);
  for (std::int64_t c = channels_range.first; c < channels_range.last; ++c) {
    double total = 0;
    double product = 0;
    for (std::int64_t o = 0; o < outer; ++o) {
      for (std::int64_t i = 0; i < inner; ++i) {
        const std::int64_t at = (o * channels + c) * inner + i;
        total += static_cast<double>(dy[at]);
        product += static_cast<double>(dy[at]) * static_cast<double>((x[at] - mean[c]) * inverse_deviation[c]);
      }
    }
    if (dgamma != nullptr) dgamma[c] = static_cast<T>(product);
    if (dbeta != nullptr) dbeta[c] = static_cast<T>(total);
    if (dx == nullptr) continue;
    const T scale = gamma != nullptr ? inverse_deviation[c] * gamma[c] : inverse_deviation[c];
    const T mean_dy = constant_statistics ? T(0) : static_cast<T>(total / count);
    const T mean_product = constant_statistics ? T(0) : static_cast<T>(product / count) * inverse_deviation[c];
    for (std::int64_t o = 0; o < outer; ++o) {
      for (std::int64_t i = 0; i < inner; ++i) {
        const std::int64_t at = (o * channels + c) * inner + i;
        dx[at] = scale * (dy[at] - mean_dy - (x[at] - mean[c]) * mean_product);
      }
    }
  }
}

}  // namespace detail

/// The gradient in training, where mean and variance depend on x. With x_hat = (x - mean) * inverse_deviation and n
/// elements a channel: dgamma = sum(dy x_hat), dbeta = sum(dy), dx = gamma * inverse_deviation *
/// (dy - dbeta / n - x_hat * dgamma / n). Of gamma, dgamma, dbeta and dx each may be nullptr: gamma is then ones, the
/// others are not wanted. `dx` may be `dy`.
template <class T>
void batch_norm_backward(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                         const T* x, const T* mean, const T* inverse_deviation, const std::type_identity_t<T>* gamma,
                         const T* dy, std::type_identity_t<T>* dgamma, std::type_identity_t<T>* dbeta,
                         std::type_identity_t<T>* dx) {
  detail::batch_norm_backward<false>(outer, channels, inner, channels_range, x, mean, inverse_deviation, gamma, dy,
                                     dgamma, dbeta, dx);
}

/// The gradient where mean and variance are constants (the moving statistics): dx = gamma * inverse_deviation * dy;
/// the rest as in batch_norm_backward.
template <class T>
void batch_norm_backward_inference(std::int64_t outer, std::int64_t channels, std::int64_t inner, Range channels_range,
                                   const T* x, const T* mean, const T* inverse_deviation,
                                   const std::type_identity_t<T>* gamma, const T* dy, std::type_identity_t<T>* dgamma,
                                   std::type_identity_t<T>* dbeta, std::type_identity_t<T>* dx) {
  detail::batch_norm_backward<true>(outer, channels, inner, channels_range, x, mean, inverse_deviation, gamma, dy,
                                    dgamma, dbeta, dx);
}

}  // namespace nacre::kernels
