#pragma once
// What the elementwise kernels, reductions, softmax, pooling, normalization and optimizers share beyond vector.hpp:
// loops over vectors with a tail, square root, exponential, hyperbolic tangent, and sums in double.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include <nacre/kernels/simd/vector.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/math.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>
