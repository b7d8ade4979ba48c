#pragma once
// What the kernels' tests share: Catch2 in either version, data, and comparisons over whole arrays.

#include "../catch.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/kernels/isa.hpp>

namespace nacre::testing {

/// `count` numbers uniform in [low, high), always the same for a seed.
template <class T>
std::vector<T> uniform_values(std::int64_t count, double low, double high, std::uint64_t seed) {
  const RandomStream random(seed);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(low + (high - low) * random.uniform(i));
  return values;
}

/// Whether two numbers are the same to the last bit.
template <class T>
bool same_bits(T a, T b) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return std::bit_cast<Bits>(a) == std::bit_cast<Bits>(b);
}

/// The first index where two arrays differ in a bit, or -1.
template <class T>
std::int64_t first_difference(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_bits(a[i], b[i])) return static_cast<std::int64_t>(i);
  }
  return -1;
}

/// The largest |found - expected| / (absolute + |expected|), infinite where one is a NaN and the other is not.
template <class T, class U>
double worst_error(const std::vector<T>& found, const std::vector<U>& expected, double absolute = 1) {
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double a = static_cast<double>(found[i]);
    const double b = static_cast<double>(expected[i]);
    if (std::isnan(a) && std::isnan(b)) continue;
    if (a == b) continue;
    const double error = std::abs(a - b) / (absolute + std::abs(b));
    if (!(error <= worst)) worst = std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
  }
  return worst;
}

/// A few units in the last place of `T`.
template <class T>
constexpr double few_ulp = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());

/// The instruction sets that this machine can run. A case that begins with
/// `const ScopedIsa isa(GENERATE(from_range(available_isas())));` runs once for each.
inline std::vector<kernels::Isa> available_isas() {
  std::vector<kernels::Isa> isas;
  for (const kernels::Isa isa : {kernels::Isa::baseline, kernels::Isa::avx2, kernels::Isa::avx512}) {
    if (kernels::is_available(isa)) isas.push_back(isa);
  }
  return isas;
}
using kernels::ScopedIsa;

/// Lengths around the widths of vector registers and the loops over them.
inline const std::vector<std::int64_t> awkward_counts{0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 257};

}  // namespace nacre::testing
