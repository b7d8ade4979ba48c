#pragma once
// The product that everything is made of: a small tile of C, kept in registers, plus A times B.

#include <array>
#include <utility>

#include <nacre/kernels/simd/vector.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// What the calls of one product have in common. A tile of C has some rows and one or more vectors of columns:
/// C[i, j] = start + the sum over `segments` s and `depth` steps k of A[i, s, k] B[s, k, j], where the strides say how
/// far apart neighbours lie. Dense layers have one segment; a convolution has one for each row of its kernel.
template <class T>
struct Product {
  std::int64_t depth = 0;
  std::int64_t segments = 1;
  std::ptrdiff_t a_row = 0;
  // Rows of A are addressed in groups of four: their offsets in a group, and the step from group to group. For rows at
  // even distances `set_rows` makes them; a pooling window's four pixels are a group too.
  std::array<std::ptrdiff_t, 4> a_offset{};
  std::ptrdiff_t a_group = 0;
  std::ptrdiff_t a_step = 1;
  std::ptrdiff_t a_segment = 0;
  std::ptrdiff_t b_step = 0;
  std::ptrdiff_t b_segment = 0;
  std::ptrdiff_t c_row = 0;
  bool accumulate = false;  ///< start from C as it is, otherwise from the columns given to the kernel or from zero
  bool relu = false;

  /// Rows of A lie `distance` apart.
  void set_rows(std::ptrdiff_t distance) {
    a_row = distance;
    a_offset = {0, distance, 2 * distance, 3 * distance};
    a_group = 4 * distance;
  }
};

}  // namespace nacre::kernels

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/tile.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>
