#include "catch.hpp"

#include <cmath>
#include <vector>

#include <nacre/pictures/plane.hpp>
#include <nacre/pictures/ruled_lines.hpp>

using namespace nacre::datasets::detail;

namespace {

/// Lines of `thickness` across, and down where `squared`, every `pitch` pixels.
Plane hatched(int side, int pitch, int thickness, bool squared) {
  Plane ink(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) ink.at(y, x) = y % pitch < thickness || (squared && x % pitch < thickness) ? 1 : 0;
  }
  return ink;
}

}  // namespace

TEST_CASE("a peak is the first of the greatest values around it") {
  Plane plane(7, 9, 1);
  CHECK(is_peak(plane, 0, 0, 2));
  CHECK_FALSE(is_peak(plane, 0, 1, 2));
  CHECK_FALSE(is_peak(plane, 3, 4, 2));
  plane.at(3, 4) = 2;
  CHECK(is_peak(plane, 3, 4, 2));
  CHECK_FALSE(is_peak(plane, 3, 5, 2));
  plane.at(4, 5) = 3;
  CHECK_FALSE(is_peak(plane, 3, 4, 2));
  CHECK(is_peak(plane, 4, 5, 2));
}

TEST_CASE("ruled lines are found once each, and taken away") {
  Plane ink(300, 400);
  for (int x = 0; x < 400; ++x) {
    for (int line = 0; line < 5; ++line) {
      const auto y = static_cast<int>(std::lround(40 + 50 * line + 0.05 * x));
      ink.at(y, x) = ink.at(y + 1, x) = 1;
    }
  }
  const std::vector<RuledLine> lines = ruled_lines(thin_runs(ink), ink);
  REQUIRE(lines.size() == 5);
  for (const RuledLine& line : lines) {
    CHECK(std::abs(std::remainder(line.at(0) - 40.5, 50)) <= RuledLine::tolerance);
    CHECK(std::abs(std::remainder(line.at(399) - 60.5, 50)) <= RuledLine::tolerance);
  }
  const Plane rest = without_lines_across(ink);
  for (const float value : rest.values) REQUIRE(value == 0);
}

TEST_CASE("finely hatched pictures have few lines to look at") {
  for (const int pitch : {3, 4, 5}) {
    for (const bool squared : {false, true}) {
      const Plane ink = hatched(800, pitch, 2, squared);
      const std::vector<ThinRun> runs = thin_runs(ink);
      const LineVotes votes(runs, ink);
      CHECK(possible_lines(runs, ink).size() * 15 < votes.near.values.size());
      CHECK(ruled_lines(runs, ink).size() <= 800 / 3);
    }
  }
}
