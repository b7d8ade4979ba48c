#pragma once
// Products larger than a tile, and the copies that let them run from cache.

#include <nacre/kernels/product.hpp>
#include <nacre/kernels/simd/tile.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/gemm.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The products of the chosen instruction set.
template <class T>
const Multiplier<T>& chosen_multiplier() {
  return *NACRE_SIMD_CHOSEN(multiplier<T>);
}

}  // namespace nacre::kernels
