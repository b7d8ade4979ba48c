#pragma once
// How code that is compiled once calls kernels that are compiled for several instruction sets.

#include <nacre/kernels/isa.hpp>

/// NACRE_SIMD_CHOSEN(name) is what `name` means in the namespace of the chosen instruction set: a pointer to a function
/// or an object, of the same type in all of them.
///
/// NACRE_SIMD_CALL(function, arguments...) calls that function: `NACRE_SIMD_CALL(scale<T>, count, data, factor);` calls
/// `avx512::scale<T>(count, data, factor)` or its like.
#if NACRE_HAS_BASELINE && NACRE_HAS_AVX512
#define NACRE_SIMD_CHOSEN(NAME)                                                                  \
  ::nacre::kernels::detail::pick(&::nacre::kernels::avx512::NAME, &::nacre::kernels::avx2::NAME, \
                                 &::nacre::kernels::baseline::NAME)
#elif NACRE_HAS_AVX2
#define NACRE_SIMD_CHOSEN(NAME)                                                                  \
  ::nacre::kernels::detail::pick(&::nacre::kernels::avx512::NAME, &::nacre::kernels::avx2::NAME, \
                                 &::nacre::kernels::avx2::NAME)
#elif NACRE_HAS_AVX512
#define NACRE_SIMD_CHOSEN(NAME) (&::nacre::kernels::avx512::NAME)
#else
#define NACRE_SIMD_CHOSEN(NAME) (&::nacre::kernels::baseline::NAME)
#endif

#define NACRE_SIMD_CALL(FUNCTION, ...) (*NACRE_SIMD_CHOSEN(FUNCTION))(__VA_ARGS__)

/// The same for kernels that are not compiled for AVX-512 where they are for AVX2 (for_each_isa.hpp).
#if NACRE_HAS_BASELINE && NACRE_HAS_AVX2
#define NACRE_SIMD_CALL_NARROW(FUNCTION, ...)                                                            \
  (*::nacre::kernels::detail::pick(&::nacre::kernels::avx2::FUNCTION, &::nacre::kernels::avx2::FUNCTION, \
                                   &::nacre::kernels::baseline::FUNCTION))(__VA_ARGS__)
#elif NACRE_HAS_AVX2
#define NACRE_SIMD_CALL_NARROW(FUNCTION, ...) ::nacre::kernels::avx2::FUNCTION(__VA_ARGS__)
#else
#define NACRE_SIMD_CALL_NARROW(FUNCTION, ...) NACRE_SIMD_CALL(FUNCTION, __VA_ARGS__)
#endif

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::detail {

/// The one of the three that belongs to the chosen instruction set.
template <class Pointer>
inline Pointer pick(Pointer avx512, Pointer avx2, Pointer baseline) {
  const Isa chosen = isa();
  return chosen == Isa::avx512 ? avx512 : chosen == Isa::avx2 ? avx2 : baseline;
}

}  // namespace nacre::kernels::detail
