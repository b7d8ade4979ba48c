#pragma once
// Functions beyond math.hpp, which activations are made of: e^x - 1, log(1 + x), and the normal distribution.

#include <cmath>

#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/special.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>
