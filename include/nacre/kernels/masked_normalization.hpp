#pragma once
// Batch normalization of which a mask leaves elements out of the statistics; see normalization.hpp for what it does
// without one. As Keras has it: mean = sum(m x) / (n + 1e-7) and variance = sum(m (x - mean)^2) / (n + 1e-7), where m
// is the mask and n its sum. All elements are normalized.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Data [outer, channels, inner], and a mask with a byte for each `run` elements of it. Either a run is a row of all
/// channels (inner is 1), or inner is made of whole runs.
struct MaskedChannels {
  std::int64_t outer;
  std::int64_t channels;
  std::int64_t inner;
  const std::uint8_t* mask;
  std::int64_t run;
};

/// mean[c] and variance[c] for the channels in `range`.
template <class T>
void masked_statistics(const MaskedChannels& data, Range range, const T* x, T* mean, T* variance);

/// What dx has besides gamma * inverse_deviation * dy, because mean and variance depend on x; it is added to dx.
/// @param dgamma, dbeta the sums of dy x_hat and of dy, over all elements.
template <class T>
void masked_statistics_gradient(const MaskedChannels& data, Range range, const T* x, const T* mean,
                                const T* inverse_deviation, const std::type_identity_t<T>* gamma, const T* dgamma,
                                const T* dbeta, T* dx);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/masked_normalization-inl.hpp>
#endif
