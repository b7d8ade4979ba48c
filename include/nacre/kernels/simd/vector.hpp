#pragma once
// Vector types and operations for every instruction set, over the vector extensions that GCC and Clang share.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <nacre/kernels/simd/dispatch.hpp>

/// A function that is always inlined into kernels: vectors are passed in registers, and no vector type ever crosses the
/// border of an instruction set.
#define NACRE_SIMD_INLINE inline __attribute__((always_inline))

/// After the parameters of a lambda: it is always inlined, as it would otherwise take vectors through memory at -O0.
#define NACRE_SIMD_LAMBDA __attribute__((always_inline))

/// A function that is compiled once and called by address or name, to keep compile time small.
#define NACRE_SIMD_NOINLINE NACRE_SIMD_COLD __attribute__((noinline))

/// Unrolls the loop that follows completely, so that an array of vectors becomes registers.
#if defined(__clang__)
#define NACRE_SIMD_UNROLL _Pragma("clang loop unroll(full)")
#else
#define NACRE_SIMD_UNROLL _Pragma("GCC unroll 32")
#endif

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/vector.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>
