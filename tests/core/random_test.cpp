#include <nacre/core/random.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "catch.hpp"

using namespace nacre;

using Words = std::array<std::uint32_t, 4>;

// The known answers that the authors of Philox publish with their library Random123.
TEST_CASE("philox gives its authors' known answers") {
  constexpr std::uint32_t ones = 0xffffffff;
  STATIC_REQUIRE(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("an element is always the same number") {
  const RandomStream stream(42, Purpose::layer, 3, 7);
  const RandomStream alike(42, Purpose::layer, 3, 7);
  for (std::uint64_t element : {0u, 1u, 5u, 1000000u}) {
    CHECK(stream.bits(element) == alike.bits(element));
    CHECK(stream.bits(element) == stream.words(element / 4)[element % 4]);
    CHECK(stream.uniform(element) == alike.uniform(element));
    CHECK(stream.normal(element) == alike.normal(element));
  }
}

TEST_CASE("streams differ in seed, purpose, stream, step and element") {
  std::set<Words> seen;
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    for (const Purpose purpose : {Purpose::initialization, Purpose::shuffle, Purpose::layer, Purpose::user}) {
      for (std::uint64_t stream : {0u, 1u, 0xffffffu}) {
        for (std::uint64_t step : {0u, 1u, 0xffffffffu}) {
          for (std::uint64_t block : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40}) {
            seen.insert(RandomStream(seed, purpose, stream, step).words(block));
          }
        }
      }
    }
  }
  CHECK(seen.size() == 4 * 4 * 3 * 3 * 3);
}

TEST_CASE("uniform numbers lie in [0, 1) with the right mean and variance") {
  const RandomStream stream(1);
  constexpr std::uint64_t count = 100000;
  double sum = 0, squares = 0, least = 1, greatest = 0;
  for (std::uint64_t element = 0; element < count; ++element) {
    const double draw = stream.uniform(element);
    sum += draw;
    squares += draw * draw;
    least = std::min(least, draw);
    greatest = std::max(greatest, draw);
  }
  const double mean = sum / count;
  CHECK(least >= 0);
  CHECK(least < 1e-3);
  CHECK(greatest < 1);
  CHECK(greatest > 1 - 1e-3);
  CHECK(mean == Approx(0.5).margin(0.005));  // 5 standard errors are 0.0046
  CHECK(squares / count - mean * mean == Approx(1.0 / 12).margin(0.002));
}

TEST_CASE("normal numbers have mean 0, variance 1 and the kurtosis of the normal distribution") {
  const RandomStream stream(2);
  constexpr std::uint64_t count = 100000;
  double first = 0, second = 0, fourth = 0;
  for (std::uint64_t element = 0; element < count; ++element) {
    const double draw = stream.normal(element);
    CHECK(std::isfinite(draw));
    first += draw;
    second += draw * draw;
    fourth += draw * draw * draw * draw;
  }
  CHECK(first / count == Approx(0).margin(0.016));
  CHECK(second / count == Approx(1).margin(0.025));
  CHECK(fourth / count == Approx(3).margin(0.16));
}

TEST_CASE("below draws every number below its bound equally often") {
  const RandomStream stream(3);
  std::vector<int> counts(7);
  constexpr int draws = 70000;
  for (std::uint64_t element = 0; element < draws; ++element) ++counts[stream.below(7, element)];
  for (const int count : counts) CHECK(count == Approx(draws / 7.0).margin(500));

  CHECK(stream.below(1, 9) == 0);
  const std::uint64_t large = std::numeric_limits<std::uint64_t>::max();
  CHECK(stream.below(large, 9) < large);
}
