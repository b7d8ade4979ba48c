#pragma once
// The bodies of normals.hpp.

#include <array>
#include <cmath>
#include <numbers>

#include <nacre/kernels/normals.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

/// The four normal numbers of a block of the stream.
inline std::array<double, 4> four_normals(const std::array<std::uint32_t, 4>& words) {
  std::array<double, 4> numbers;
  for (std::size_t pair = 0; pair < 4; pair += 2) {
    const double radius = std::sqrt(-2 * std::log((static_cast<double>(words[pair]) + 1) * 0x1p-32));
    const double angle = 2 * std::numbers::pi * static_cast<double>(words[pair + 1]) * 0x1p-32;
    numbers[pair] = radius * std::cos(angle);
    numbers[pair + 1] = radius * std::sin(angle);
  }
  return numbers;
}

}  // namespace detail

template <class T>
void normals(const RandomStream& random, std::int64_t first_element, std::int64_t count, T* numbers) {
  for (std::int64_t i = 0; i < count;) {
    const auto element = static_cast<std::uint64_t>(first_element + i);
    const auto four = detail::four_normals(random.words(element / 4));
    for (std::size_t next = element % 4; next < 4 && i < count; ++next) numbers[i++] = static_cast<T>(four[next]);
  }
}

}  // namespace nacre::kernels
