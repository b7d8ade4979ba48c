#pragma once
// Products by OpenBLAS, for the shapes where it is faster than nacre's own tiles: few columns, which fill no vector.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/kernels/isa.hpp>

#define NACRE_TEXT_OF(NAME) #NAME
#define NACRE_SYMBOL(PREFIX, NAME) NACRE_TEXT_OF(PREFIX) #NAME

// CBLAS' functions under names of nacre's own, as headers declare them in different ways. OpenBLAS' own function is
// weak, so that a program links with another CBLAS too, which is then left alone.
extern "C" {
char* openblas_get_corename(void) __attribute__((weak));
void nacre_sgemm(int order, int a_transposed, int b_transposed, int rows, int columns, int depth, float alpha,
                 const float* a, int a_row, const float* b, int b_row, float beta, float* c,
                 int c_row) __asm__(NACRE_SYMBOL(__USER_LABEL_PREFIX__, cblas_sgemm));
void nacre_dgemm(int order, int a_transposed, int b_transposed, int rows, int columns, int depth, double alpha,
                 const double* a, int a_row, const double* b, int b_row, double beta, double* c,
                 int c_row) __asm__(NACRE_SYMBOL(__USER_LABEL_PREFIX__, cblas_dgemm));
}

#undef NACRE_SYMBOL
#undef NACRE_TEXT_OF

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Whether OpenBLAS is there and computes with vectors as wide as nacre's. (It takes an older processor's kernels where
/// it does not know the one that it runs on.)
inline bool blas_keeps_up() {
  static const bool has_avx512_kernels = [] {
    if (openblas_get_corename == nullptr) return false;
    constexpr std::array<std::string_view, 3> names{"SkylakeX", "Cooperlake", "SapphireRapids"};
    return std::find(names.begin(), names.end(), std::string_view(openblas_get_corename())) != names.end();
  }();
  return has_avx512_kernels && isa() == Isa::avx512;
}

/// C [rows, columns] = A [rows, depth] B [depth, columns], where A and B may lie transposed; `a_row` and so on are the
/// distances of rows as they lie in memory; with `accumulate` it is added to C. Computes on the calling thread where a
/// SingleThreadedBlas lives. Neither matrix transposed, and few columns, OpenBLAS 0.3.21 allocates memory: a training
/// step should transpose B.
inline void blas_product(bool a_transposed, bool b_transposed, std::int64_t rows, std::int64_t columns,
                         std::int64_t depth, const float* a, std::int64_t a_row, const float* b, std::int64_t b_row,
                         float* c, std::int64_t c_row, bool accumulate = false) {
  nacre_sgemm(101, a_transposed ? 112 : 111, b_transposed ? 112 : 111, static_cast<int>(rows),
              static_cast<int>(columns), static_cast<int>(depth), 1, a, static_cast<int>(a_row), b,
              static_cast<int>(b_row), accumulate ? 1 : 0, c, static_cast<int>(c_row));
}
inline void blas_product(bool a_transposed, bool b_transposed, std::int64_t rows, std::int64_t columns,
                         std::int64_t depth, const double* a, std::int64_t a_row, const double* b, std::int64_t b_row,
                         double* c, std::int64_t c_row, bool accumulate = false) {
  nacre_dgemm(101, a_transposed ? 112 : 111, b_transposed ? 112 : 111, static_cast<int>(rows),
              static_cast<int>(columns), static_cast<int>(depth), 1, a, static_cast<int>(a_row), b,
              static_cast<int>(b_row), accumulate ? 1 : 0, c, static_cast<int>(c_row));
}

}  // namespace nacre::kernels
