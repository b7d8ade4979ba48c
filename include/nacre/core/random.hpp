#pragma once
// Counter-based random numbers: a draw is a pure function of (seed, purpose, stream, step, element), so that any
// thread may compute any element and a resumed run draws what an uninterrupted one would have drawn.

#include <nacre/core/version.hpp>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a stream of random numbers is drawn for. Streams of different purposes are independent.
enum class Purpose : std::uint32_t {
  initialization = 1,
  shuffle = 2,
  layer = 3,
  data = 4,
  user = 5,
  generator = 6,
  augmentation = 7,
  search = 8,
  source = 9
};

/// Four 32-bit words from a 128-bit counter and a 64-bit key: Philox4x32-10 of Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t even = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t odd = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(odd >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(odd),
               static_cast<std::uint32_t>(even >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(even)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// The random numbers of one purpose: element `i` is always the same number.
class RandomStream {
 public:
  /// @param seed    the run's seed.
  /// @param purpose what the numbers are for.
  /// @param stream  which of several uses of that purpose: a layer's index, an epoch (below 2^24).
  /// @param step    the training step, where the numbers differ from step to step.
  constexpr explicit RandomStream(std::uint64_t seed = 0, Purpose purpose = Purpose::user, std::uint64_t stream = 0,
                                  std::uint64_t step = 0)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        step_(static_cast<std::uint32_t>(step)),
        use_(static_cast<std::uint32_t>(purpose) << 24 | (static_cast<std::uint32_t>(stream) & 0xFFFFFF)) {}

  /// Four words for elements 4 * `block` to 4 * `block` + 3.
  constexpr std::array<std::uint32_t, 4> words(std::uint64_t block) const {
    return philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), step_, use_}, key_);
  }

  /// 32 random bits for `element`.
  constexpr std::uint32_t bits(std::uint64_t element) const { return words(element / 4)[element % 4]; }

  /// Uniform in [0, 1), with 53 random bits.
  constexpr double uniform(std::uint64_t element) const {
    const auto word = words(element / 2);
    const std::size_t first = element % 2 * 2;
    return static_cast<double>((std::uint64_t{word[first]} << 21) ^ (word[first + 1] >> 11)) * 0x1p-53;
  }

  /// Standard normal, by the method of Box and Muller (1958).
  double normal(std::uint64_t element) const {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(2 * element)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(2 * element + 1));
  }

  /// Uniform integer in [0, bound), without bias (bound >= 1).
  constexpr std::uint64_t below(std::uint64_t bound, std::uint64_t element) const {
    const auto word = words(element);
    std::uint64_t draw = std::uint64_t{word[0]} << 32 | word[1];
    const std::uint64_t fair = std::numeric_limits<std::uint64_t>::max() / bound * bound;
    if (draw >= fair) draw = (std::uint64_t{word[2]} << 32 | word[3]) % fair;
    return draw % bound;
  }

  /// Philox' key, and the two words of its counter that are not the block's number: for kernels that draw many blocks
  /// at once.
  constexpr std::array<std::uint32_t, 2> key() const { return key_; }
  constexpr std::uint32_t step() const { return step_; }
  constexpr std::uint32_t use() const { return use_; }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint32_t step_;
  std::uint32_t use_;
};

namespace detail {
inline std::atomic<std::uint64_t>& default_seed() {
  static std::atomic<std::uint64_t> seed{1};
  return seed;
}
}  // namespace detail

/// Sets the seed that models made from now on start with; it is 1 at first, so that a program draws the same numbers
/// each time it runs. A model of the same layers and seed starts with the same weights.
inline void set_random_seed(std::uint64_t seed) { detail::default_seed().store(seed); }

/// The seed that a new model starts with.
inline std::uint64_t random_seed() { return detail::default_seed().load(); }

}  // namespace nacre
