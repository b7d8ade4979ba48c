#pragma once
// The bodies of dropout.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/simd/math.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels::detail {

/// What a RandomStream consists of: Philox' key and the two words of its counter that are not the block's number.
struct PhiloxCounter {
  std::uint32_t key_0, key_1;
  std::uint32_t word_2, word_3;
};

}  // namespace nacre::kernels::detail

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/dropout.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void dropout(const RandomStream& random, double rate, std::int64_t first_element, std::int64_t count, const T* x,
             T* y) {
  const double threshold = std::ceil(rate * 0x1p32);
  if (threshold >= 0x1p32) {
    std::fill_n(y, count, T(0));
  } else if (threshold <= 0) {
    if (x != y) std::copy_n(x, count, y);
  } else {
    const detail::PhiloxCounter stream{random.key()[0], random.key()[1], random.step(), random.use()};
    NACRE_SIMD_CALL(dropout<T>, stream, static_cast<std::uint32_t>(threshold), static_cast<T>(1 / (1 - rate)),
                    first_element, count, x, y);
  }
}

}  // namespace nacre::kernels
