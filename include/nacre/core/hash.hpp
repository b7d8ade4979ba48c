#pragma once
// Hashes that are the same everywhere and forever: those by which Keras' Hashing puts texts into bins.

#include <cstdint>
#include <string_view>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// FarmHash's Fingerprint64: G. Pike, "FarmHash", 2014, its function farmhashna::Hash64.
std::uint64_t fingerprint64(std::string_view text);

/// SipHash-2-4 with a key of two words: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012.
std::uint64_t siphash(std::string_view text, std::uint64_t key0, std::uint64_t key1);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/hash-inl.hpp>
#endif
