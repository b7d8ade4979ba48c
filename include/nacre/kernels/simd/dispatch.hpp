#pragma once
// How code that is compiled once calls kernels that are compiled for several instruction sets.

#include <nacre/kernels/isa.hpp>

#if NACRE_HAS_X86_KERNELS
/// Calls FUNCTION(ARGUMENTS...) of the namespace of the chosen instruction set:
/// `NACRE_SIMD_CALL(scale<T>, count, factor, data);` calls `avx512::scale<T>(count, factor, data)` or its like.
#define NACRE_SIMD_CALL(FUNCTION, ...)                                                                        \
  (::nacre::kernels::isa() == ::nacre::kernels::Isa::avx512 ? ::nacre::kernels::avx512::FUNCTION(__VA_ARGS__) \
   : ::nacre::kernels::isa() == ::nacre::kernels::Isa::avx2 ? ::nacre::kernels::avx2::FUNCTION(__VA_ARGS__)   \
                                                            : ::nacre::kernels::baseline::FUNCTION(__VA_ARGS__))
#else
#define NACRE_SIMD_CALL(FUNCTION, ...) (::nacre::kernels::baseline::FUNCTION(__VA_ARGS__))
#endif
