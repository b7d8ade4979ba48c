#pragma once
// The bodies of gather.hpp.

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <nacre/kernels/gather.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/gather.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void gather(const std::uint8_t* source, std::int64_t count, std::type_identity_t<T> scale,
            std::type_identity_t<T> offset, T* out) {
  NACRE_SIMD_CALL(gather_uint8<T>, count, source, scale, offset, out);
}

namespace detail {

/// What is seldom stored is converted by small blocks first, so that there are no kernels for it.
template <class T, class Source>
void gather_converted(const Source* source, std::int64_t count, T scale, T offset, T* out) {
  if constexpr (std::is_same_v<T, Source>) {
    NACRE_SIMD_CALL(gather_same<T>, count, source, scale, offset, out);
  } else {
    constexpr std::int64_t block = 256;
    T converted[block];
    for (std::int64_t first = 0; first < count; first += block) {
      const std::int64_t size = std::min(block, count - first);
      for (std::int64_t i = 0; i < size; ++i) converted[i] = static_cast<T>(source[first + i]);
      NACRE_SIMD_CALL(gather_same<T>, size, converted, scale, offset, out + first);
    }
  }
}

}  // namespace detail

template <class T>
void gather(const float* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out) {
  detail::gather_converted(source, count, scale, offset, out);
}

template <class T>
void gather(const double* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out) {
  detail::gather_converted(source, count, scale, offset, out);
}

template <class T>
void gather(const std::int32_t* source, std::int64_t count, std::type_identity_t<T> scale,
            std::type_identity_t<T> offset, T* out) {
  detail::gather_converted(source, count, scale, offset, out);
}

}  // namespace nacre::kernels
