#include "kernel_testing.hpp"

#include <nacre/kernels/dropout.hpp>

using namespace nacre::testing;
using nacre::Purpose;
using nacre::RandomStream;
namespace kernels = nacre::kernels;

TEMPLATE_TEST_CASE("dropout follows the stream's bits", "[kernels][dropout]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::vector<std::int64_t> first_elements{0, 1, 2, 3, 4, 61, (std::int64_t{1} << 34) - 7, std::int64_t{1} << 40};
  for (const RandomStream& random : {RandomStream(1), RandomStream(~std::uint64_t{0}, Purpose::layer, 12345, 67)}) {
    for (std::int64_t first : first_elements) {
      for (std::int64_t count : awkward_counts) {
        for (double rate : {0.1, 0.5, 0.97}) {
          const auto x = uniform_values<TestType>(count, -1, 1, 2);
          std::vector<TestType> y(x.size());
          kernels::dropout(random, rate, first, count, x.data(), y.data());
          std::vector<TestType> expected;
          for (std::size_t i = 0; i < x.size(); ++i) {
            const bool dropped = random.bits(static_cast<std::uint64_t>(first) + i) < rate * 0x1p32;
            expected.push_back(dropped ? TestType(0) : x[i] * static_cast<TestType>(1 / (1 - rate)));
          }
          CAPTURE(first, count, rate);
          CHECK(first_difference(y, expected) == -1);

          auto in_place = x;
          kernels::dropout(random, rate, first, count, in_place.data(), in_place.data());
          CHECK(first_difference(in_place, expected) == -1);
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("dropout does not depend on how the range was cut", "[kernels][dropout]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const RandomStream random(5, Purpose::layer, 3, 9);
  const std::int64_t count = 333;
  const auto x = uniform_values<TestType>(count, -1, 1, 2);
  std::vector<TestType> whole(x.size());
  kernels::dropout(random, 0.4, 100, count, x.data(), whole.data());
  for (std::int64_t piece : {1, 3, 17, 64}) {
    std::vector<TestType> y(x.size());
    for (std::int64_t first = 0; first < count; first += piece) {
      kernels::dropout(random, 0.4, 100 + first, std::min(piece, count - first), x.data() + first, y.data() + first);
    }
    CAPTURE(piece);
    CHECK(first_difference(y, whole) == -1);
  }
}

TEMPLATE_TEST_CASE("dropout at the ends of its rate", "[kernels][dropout]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  auto x = uniform_values<TestType>(1000, -1, 1, 2);
  x[7] = std::numeric_limits<TestType>::quiet_NaN();
  std::vector<TestType> y(x.size(), TestType(3));
  kernels::dropout(RandomStream(1), 1.0, 0, 1000, x.data(), y.data());
  CHECK(first_difference(y, std::vector<TestType>(1000)) == -1);
  kernels::dropout(RandomStream(1), 0.0, 0, 1000, x.data(), y.data());
  CHECK(first_difference(y, x) == -1);
}

TEST_CASE("dropout keeps the share it should", "[kernels][dropout]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t count = 100000;
  const std::vector<float> x(static_cast<std::size_t>(count), 1.0f);
  std::vector<float> y(x.size());
  for (double rate : {0.1, 0.5, 0.9}) {
    kernels::dropout(RandomStream(3, Purpose::layer), rate, 0, count, x.data(), y.data());
    double kept = 0;
    for (float value : y) kept += value != 0;
    CHECK(std::abs(kept / static_cast<double>(count) - (1 - rate)) < 0.01);
  }
}
