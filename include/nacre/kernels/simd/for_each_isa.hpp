// Compiles one kernel source for every instruction set. Included once for each source, so it has no include guard:
//
//   #define NACRE_SIMD_SOURCE <nacre/kernels/simd/some.inc>
//   #include <nacre/kernels/simd/for_each_isa.hpp>
//
// The source is included inside nacre::kernels::baseline, nacre::kernels::avx2 and nacre::kernels::avx512, as far as
// isa.hpp wants them, with NACRE_SIMD_BYTES the width of a vector register and NACRE_SIMD_REGISTERS their number.
// NACRE_SIMD_COMPACT is 1 where code is to be small rather than fast: in the baseline of x86-64, which only machines of
// before 2013 use and every user compiles; there functions are optimized for size, too. Elsewhere the baseline is all
// there is. The source includes nothing itself, and everything in it is a template or inline. Call what it defines
// through NACRE_SIMD_CALL (simd/dispatch.hpp): a function of one instruction set is never inlined into code that lacks
// it, so cross the border once for a piece of work, not for an element.
//
// Kernels that wait for memory gain nothing from vectors wider than AVX2's: `#define NACRE_SIMD_NARROW` before the
// include leaves out AVX-512 where there is AVX2, and NACRE_SIMD_CALL_NARROW calls them.

#if !defined(NACRE_SIMD_SOURCE)
// A header that is compiled alone has nothing to repeat.
#else

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"  // numbers of lanes and rows are plain ints, also as sizes of arrays

#if NACRE_HAS_BASELINE
#define NACRE_SIMD_BASELINE 1
#define NACRE_SIMD_COMPACT NACRE_HAS_AVX512
#if NACRE_SIMD_COMPACT
#define NACRE_SIMD_COLD __attribute__((cold))
#else
#define NACRE_SIMD_COLD
#endif
#define NACRE_SIMD_BYTES 16
#define NACRE_SIMD_REGISTERS 16
namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::baseline {
#include NACRE_SIMD_SOURCE
}  // namespace nacre::kernels::baseline
#undef NACRE_SIMD_BASELINE
#undef NACRE_SIMD_COMPACT
#undef NACRE_SIMD_COLD
#undef NACRE_SIMD_BYTES
#undef NACRE_SIMD_REGISTERS
#endif

#if NACRE_HAS_AVX2

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define NACRE_SIMD_AVX2 1
#define NACRE_SIMD_COMPACT 0
#define NACRE_SIMD_COLD
#define NACRE_SIMD_BYTES 32
#define NACRE_SIMD_REGISTERS 16
namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::avx2 {
#include NACRE_SIMD_SOURCE
}  // namespace nacre::kernels::avx2
#undef NACRE_SIMD_AVX2
#undef NACRE_SIMD_COMPACT
#undef NACRE_SIMD_COLD
#undef NACRE_SIMD_BYTES
#undef NACRE_SIMD_REGISTERS
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#if NACRE_HAS_AVX512 && !(defined(NACRE_SIMD_NARROW) && NACRE_HAS_AVX2)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma,prefer-vector-width=512")
#endif
#define NACRE_SIMD_AVX512 1
#define NACRE_SIMD_COMPACT 0
#define NACRE_SIMD_COLD
#define NACRE_SIMD_BYTES 64
#define NACRE_SIMD_REGISTERS 32
namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::avx512 {
#include NACRE_SIMD_SOURCE
}  // namespace nacre::kernels::avx512
#undef NACRE_SIMD_AVX512
#undef NACRE_SIMD_COMPACT
#undef NACRE_SIMD_COLD
#undef NACRE_SIMD_BYTES
#undef NACRE_SIMD_REGISTERS
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif

#pragma GCC diagnostic pop

#undef NACRE_SIMD_SOURCE
#undef NACRE_SIMD_NARROW
#endif
