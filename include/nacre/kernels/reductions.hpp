#pragma once
// Sums in a fixed order: the same arguments give the same bits, on one instruction set.

#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// sums[c] = x[0, c] + x[1, c] + ..., accumulated in double, for the columns c of `columns_range`; x is
/// [rows, columns]. How the columns are cut into ranges does not show in the result.
template <class T>
void column_sums(std::int64_t rows, std::int64_t columns, Range columns_range, const T* x, T* sums);

/// x[0] + x[1] + ..., accumulated in double.
template <class T>
double sum(std::int64_t count, const T* x);

/// x[0]^2 + x[1]^2 + ..., accumulated in double.
template <class T>
double sum_of_squares(std::int64_t count, const T* x);

/// result[i] = parts[i] + parts[stride + i] + parts[2 stride + i] + ..., `partials` (at least 1) terms added from the
/// first to the last. `result` may be `parts` (the first partial sum).
template <class T>
void add_partials(std::int64_t count, std::int64_t partials, std::int64_t stride, const T* parts, T* result);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/reductions-inl.hpp>
#endif
