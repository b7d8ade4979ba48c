#pragma once
// Samples on their way from where they are stored into a batch.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// out[i] = T(source[i]) * scale + offset: stored pixels or features become what the network takes.
template <class T>
void gather(const std::uint8_t* source, std::int64_t count, std::type_identity_t<T> scale,
            std::type_identity_t<T> offset, T* out);
template <class T>
void gather(const float* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out);
template <class T>
void gather(const double* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out);
template <class T>
void gather(const std::int32_t* source, std::int64_t count, std::type_identity_t<T> scale,
            std::type_identity_t<T> offset, T* out);

/// Asks the processor to bring `bytes` bytes from `memory` on into the cache.
inline void prefetch(const void* memory, std::int64_t bytes) {
  for (std::int64_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch(static_cast<const char*>(memory) + byte);
  asm volatile("");  // g++ takes a function that only prefetches for one without effects, and leaves its calls out
}

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/gather-inl.hpp>
#endif
