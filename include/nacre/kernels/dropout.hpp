#pragma once
// Dropout: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15 (2014), in
// the inverted form of Keras (kept elements are scaled up in training, so that inference does nothing).

#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/random.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// y[i] = 0 where element first_element + i is dropped, x[i] / (1 - rate) where it is kept. An element is dropped when
/// its 32 random bits, as a fraction of 2^32, lie below `rate`: rate 0 copies, rate 1 gives zeros. The mask is a
/// function of the stream and the element alone, so the backward pass calls this on the gradients instead of storing a
/// mask. In place allowed.
template <class T>
void dropout(const RandomStream& random, double rate, std::int64_t first_element, std::int64_t count, const T* x, T* y);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/dropout-inl.hpp>
#endif
