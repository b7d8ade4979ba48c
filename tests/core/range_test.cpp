#include <nacre/core/range.hpp>

#include <cstdint>

#include "catch.hpp"

using namespace nacre;

TEST_CASE("pieces follow one another and differ by at most one element") {
  const std::int64_t count = GENERATE(as<std::int64_t>(), 0, 1, 7, 64, 1000);
  const std::int64_t pieces = GENERATE(as<std::int64_t>(), 1, 2, 3, 7, 64);
  std::int64_t next = 0;
  for (std::int64_t index = 0; index < pieces; ++index) {
    const Range range = piece(count, pieces, index);
    CHECK(range.first == next);
    CHECK(range.size() >= count / pieces);
    CHECK(range.size() <= count / pieces + 1);
    next = range.last;
  }
  CHECK(next == count);
}

TEST_CASE("pieces hold about a grain, and there is at least one and at most so many") {
  CHECK(piece_count(0, 100) == 1);
  CHECK(piece_count(99, 100) == 1);
  CHECK(piece_count(200, 100) == 2);
  CHECK(piece_count(1000000, 100) == 64);
  CHECK(piece_count(1000000, 100, 8) == 8);
  CHECK(piece_count(10, 0) == 10);
}
