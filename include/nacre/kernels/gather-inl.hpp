#pragma once
// The bodies of gather.hpp.

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

template <class T>
void gather(const float* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out) {
  NACRE_SIMD_CALL(gather_float<T>, count, source, scale, offset, out);
}

template <class T>
void gather(const double* source, std::int64_t count, std::type_identity_t<T> scale, std::type_identity_t<T> offset,
            T* out) {
  NACRE_SIMD_CALL(gather_double<T>, count, source, scale, offset, out);
}

template <class T>
void gather(const std::int32_t* source, std::int64_t count, std::type_identity_t<T> scale,
            std::type_identity_t<T> offset, T* out) {
  NACRE_SIMD_CALL(gather_int32<T>, count, source, scale, offset, out);
}

}  // namespace nacre::kernels
