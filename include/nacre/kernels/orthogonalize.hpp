#pragma once
// The orthogonal matrix nearest to another, about.

#include <algorithm>
#include <cstdint>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// The polynomial of an iteration of Newton and Schulz: x = a x + b (x x^T) x + c (x x^T)^2 x.
struct NewtonSchulz {
  double a = 3.4445;
  double b = -4.7750;
  double c = 2.0315;
  std::int64_t steps = 5;
};

/// Numbers of scratch that `orthogonalize` needs.
inline std::int64_t orthogonalize_scratch(std::int64_t rows, std::int64_t columns) {
  const std::int64_t least = std::min(rows, columns);
  return 2 * (rows * columns + least * least);
}

/// Brings all singular values of x [rows, columns] near to 1, and leaves its singular vectors: x is divided by its
/// Frobenius norm + 1e-7, and then iterated on. Jordan et al., "Muon: an optimizer for hidden layers in neural
/// networks", 2024. The products are OpenBLAS', on this thread where a SingleThreadedBlas lives.
template <class T>
void orthogonalize(std::int64_t rows, std::int64_t columns, T* x, const NewtonSchulz& iteration, T* scratch);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/orthogonalize-inl.hpp>
#endif
