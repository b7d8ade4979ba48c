#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include <nacre/data/shuffle.hpp>

using namespace nacre;

namespace {

std::vector<std::int64_t> order(std::size_t size, std::uint64_t seed, std::uint64_t stream = 0) {
  std::vector<std::int64_t> result(size, -1);
  random_order(result, RandomStream(seed, Purpose::shuffle, stream));
  return result;
}

}  // namespace

TEST_CASE("a random order holds every index once") {
  for (std::size_t size : {0u, 1u, 2u, 3u, 100u, 1001u}) {
    std::vector<std::int64_t> found = order(size, 5);
    std::sort(found.begin(), found.end());
    std::vector<std::int64_t> expected(size);
    std::iota(expected.begin(), expected.end(), 0);
    CHECK(found == expected);
  }
}

TEST_CASE("a random order is a function of its stream and size") {
  CHECK(order(100, 7) == order(100, 7));
  CHECK(order(100, 7) != order(100, 8));
  CHECK(order(100, 7, 1) != order(100, 7, 2));
  std::vector<std::int64_t> used = order(100, 1);
  random_order(used, RandomStream(7, Purpose::shuffle));
  CHECK(used == order(100, 7));
}

TEST_CASE("every order is equally likely") {
  std::map<std::vector<std::int64_t>, int> counts;
  const int draws = 24000;
  for (int seed = 0; seed < draws; ++seed) ++counts[order(4, static_cast<std::uint64_t>(seed))];
  CHECK(counts.size() == 24);
  double chi_squared = 0;
  for (const auto& [found, count] : counts) chi_squared += std::pow(count - draws / 24.0, 2) / (draws / 24.0);
  CHECK(chi_squared < 49.7);  // 23 degrees of freedom: exceeded by chance once in a thousand
}
