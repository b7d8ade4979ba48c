#pragma once
// The product that everything is made of: a small tile of C, kept in registers, plus A times B.

#include <array>
#include <utility>

#include <nacre/kernels/product.hpp>
#include <nacre/kernels/simd/vector.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/tile.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>
