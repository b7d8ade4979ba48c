#pragma once
// The bodies of hash.hpp.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include <nacre/core/hash.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Little-endian words of a text.
inline std::uint64_t word64(const char* at) {
  std::uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(at[i]);
  return word;
}
inline std::uint64_t word32(const char* at) {
  std::uint64_t word = 0;
  for (int i = 3; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(at[i]);
  return word;
}

/// Fingerprint64, by the length of the text.
struct Fingerprint {
  static constexpr std::uint64_t k0 = 0xC3A5C85C97CB3127u;
  static constexpr std::uint64_t k1 = 0xB492B66FBE98F273u;
  static constexpr std::uint64_t k2 = 0x9AE16A3B2F90404Fu;
  using Pair = std::pair<std::uint64_t, std::uint64_t>;

  static std::uint64_t mix(std::uint64_t word) { return word ^ word >> 47; }
  static std::uint64_t both(std::uint64_t u, std::uint64_t v, std::uint64_t factor) {
    const std::uint64_t a = mix((u ^ v) * factor);
    return mix((v ^ a) * factor) * factor;
  }

  static std::uint64_t up_to_16(const char* s, std::size_t size) {
    if (size == 0) return k2;
    const std::uint64_t factor = k2 + size * 2;
    if (size >= 8) {
      const std::uint64_t a = word64(s) + k2;
      const std::uint64_t b = word64(s + size - 8);
      return both(std::rotr(b, 37) * factor + a, (std::rotr(a, 25) + b) * factor, factor);
    }
    if (size >= 4) return both(size + (word32(s) << 3), word32(s + size - 4), factor);
    const auto byte = [&](std::size_t place) { return std::uint64_t{static_cast<unsigned char>(s[place])}; };
    const std::uint64_t y = byte(0) + (byte(size >> 1) << 8);
    const std::uint64_t z = size + (byte(size - 1) << 2);
    return mix((y * k2) ^ (z * k0)) * k2;
  }

  static std::uint64_t up_to_32(const char* s, std::size_t size) {
    const std::uint64_t factor = k2 + size * 2;
    const std::uint64_t a = word64(s) * k1;
    const std::uint64_t b = word64(s + 8);
    const std::uint64_t c = word64(s + size - 8) * factor;
    const std::uint64_t d = word64(s + size - 16) * k2;
    return both(std::rotr(a + b, 43) + std::rotr(c, 30) + d, a + std::rotr(b + k2, 18) + c, factor);
  }

  static std::uint64_t up_to_64(const char* s, std::size_t size) {
    const std::uint64_t factor = k2 + size * 2;
    const std::uint64_t a = word64(s) * k2;
    const std::uint64_t b = word64(s + 8);
    const std::uint64_t c = word64(s + size - 8) * factor;
    const std::uint64_t d = word64(s + size - 16) * k2;
    const std::uint64_t y = std::rotr(a + b, 43) + std::rotr(c, 30) + d;
    const std::uint64_t z = both(y, a + std::rotr(b + k2, 18) + c, factor);
    const std::uint64_t e = word64(s + 16) * factor;
    const std::uint64_t f = word64(s + 24);
    const std::uint64_t g = (y + word64(s + size - 32)) * factor;
    const std::uint64_t h = (z + word64(s + size - 24)) * factor;
    return both(std::rotr(e + f, 43) + std::rotr(g, 30) + h, e + std::rotr(f + a, 18) + g, factor);
  }

  static Pair of_32_bytes(const char* s, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t last = word64(s + 24);
    a += word64(s);
    b = std::rotr(b + a + last, 21);
    const std::uint64_t before = a;
    a += word64(s + 8) + word64(s + 16);
    b += std::rotr(a, 44);
    return {a + last, b + before};
  }

  /// What is kept from one block of 64 bytes to the next.
  struct Blocks {
    std::uint64_t x, y, z;
    Pair v, w;

    void take(const char* s, std::uint64_t factor, std::uint64_t times) {
      x = std::rotr(x + y + v.first + word64(s + 8), 37) * factor;
      y = std::rotr(y + v.second + word64(s + 48), 42) * factor;
      x ^= w.second * times;
      y += v.first * times + word64(s + 40);
      z = std::rotr(z + w.first, 33) * factor;
      v = of_32_bytes(s, v.second * factor, x + w.first);
      w = of_32_bytes(s + 32, z + w.second, y + word64(s + 16));
      std::swap(z, x);
    }
  };

  static std::uint64_t long_text(const char* s, std::size_t size) {
    constexpr std::uint64_t seed = 81;
    Blocks blocks{seed * k2 + word64(s), seed * k1 + 113, 0, {0, 0}, {0, 0}};
    blocks.z = mix(blocks.y * k2 + 113) * k2;
    const std::size_t whole = (size - 1) / 64 * 64;
    for (std::size_t first = 0; first < whole; first += 64) blocks.take(s + first, k1, 1);
    const std::uint64_t factor = k1 + ((blocks.z & 0xFF) << 1);
    blocks.w.first += (size - 1) & 63;
    blocks.v.first += blocks.w.first;
    blocks.w.first += blocks.v.first;
    blocks.take(s + size - 64, factor, 9);
    return both(both(blocks.v.first, blocks.w.first, factor) + mix(blocks.y) * k0 + blocks.z,
                both(blocks.v.second, blocks.w.second, factor) + blocks.x, factor);
  }
};

}  // namespace detail

NACRE_INLINE std::uint64_t fingerprint64(std::string_view text) {
  using detail::Fingerprint;
  if (text.size() <= 16) return Fingerprint::up_to_16(text.data(), text.size());
  if (text.size() <= 32) return Fingerprint::up_to_32(text.data(), text.size());
  if (text.size() <= 64) return Fingerprint::up_to_64(text.data(), text.size());
  return Fingerprint::long_text(text.data(), text.size());
}

NACRE_INLINE std::uint64_t siphash(std::string_view text, std::uint64_t key0, std::uint64_t key1) {
  std::uint64_t v0 = key0 ^ 0x736F6D6570736575u;
  std::uint64_t v1 = key1 ^ 0x646F72616E646F6Du;
  std::uint64_t v2 = key0 ^ 0x6C7967656E657261u;
  std::uint64_t v3 = key1 ^ 0x7465646279746573u;
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  };
  const auto take = [&](std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  };
  std::size_t place = 0;
  for (; place + 8 <= text.size(); place += 8) take(detail::word64(text.data() + place));
  std::uint64_t last = std::uint64_t{text.size()} << 56;
  for (std::size_t i = 0; place + i < text.size(); ++i) {
    last |= std::uint64_t{static_cast<unsigned char>(text[place + i])} << 8 * i;
  }
  take(last);
  v2 ^= 0xFF;
  rounds(4);
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace nacre
