#include "kernel_testing.hpp"

#include <cmath>

#include <nacre/kernels/normals.hpp>

using namespace nacre::testing;
using nacre::RandomStream;
namespace kernels = nacre::kernels;

TEMPLATE_TEST_CASE("a normal number depends on stream and element alone", "[kernels][normals]", float, double) {
  const RandomStream random(3);
  std::vector<TestType> all(100), some(7);
  kernels::normals(random, 0, 100, all.data());
  for (const std::int64_t first : {0, 1, 2, 3, 50, 93}) {
    kernels::normals(random, first, 7, some.data());
    CHECK(std::equal(some.begin(), some.end(), all.begin() + first));
  }
  kernels::normals(RandomStream(4), 0, 7, some.data());
  CHECK_FALSE(std::equal(some.begin(), some.end(), all.begin()));
}

TEST_CASE("normal numbers have the moments of their distribution") {
  constexpr std::int64_t count = 200000;
  std::vector<double> values(count);
  kernels::normals(RandomStream(1), 0, count, values.data());
  double sums[5] = {};
  for (const double value : values) {
    for (int power = 1; power < 5; ++power) sums[power] += std::pow(value, power) / count;
  }
  CHECK(std::abs(sums[1]) < 0.012);  // about five standard deviations each
  CHECK(std::abs(sums[2] - 1) < 0.016);
  CHECK(std::abs(sums[3]) < 0.045);
  CHECK(std::abs(sums[4] - 3) < 0.11);
}
