#include "catch.hpp"

#include <nacre/core/error.hpp>
#include <nacre/pictures/digit_frame.hpp>
#include <nacre/pictures/plane.hpp>

using namespace nacre;
using namespace nacre::datasets::detail;

TEST_CASE("planes are scaled in proportion, and empty ones stay empty") {
  const Plane wide = scaled(Plane(30, 60, 0.5f), 20, 20);
  CHECK(wide.height == 10);
  CHECK(wide.width == 20);
  for (const float value : wide.values) CHECK(value == Approx(0.5f));
  CHECK(scaled(Plane(30, 60), 1, 100).width == 60);
  CHECK(scaled(Plane(30, 60), 200, 800).height == 100);
  CHECK(scaled(Plane(1, 5000), 1, 100).height == 1);
  CHECK(scaled(Plane(), 1, 100).values.empty());
  CHECK(scaled(Plane(0, 7), 20, 20).values.empty());
}

TEST_CASE("a digit is cut out and fitted, and none is refused") {
  Plane plane(50, 40);
  for (int y = 10; y < 40; ++y) plane.at(y, 20) = plane.at(y, 21) = 1;
  const Plane bar = fitted(plane, 60);
  CHECK(bar.height == 60);
  CHECK(bar.width == 4);
  CHECK_THROWS_AS(fitted(Plane(50, 40, 0.4f), 20), ValueError);
  CHECK_THROWS_AS(fitted(Plane(), 20), ValueError);
}

TEST_CASE("strokes are thinned as far as something is left of them") {
  Plane plane(100, 100);
  for (int y = 20; y < 80; ++y) {
    for (int x = 40; x < 60; ++x) plane.at(y, x) = 1;
  }
  CHECK(stroke_width(with_usual_strokes(plane, 0, 2)) < stroke_width(plane));
  CHECK(has_ink(with_usual_strokes(plane, 0, 0)));
  CHECK(box_around(with_usual_strokes(plane, 0, 0)).longer_side() < 60);
  CHECK_FALSE(has_ink(with_usual_strokes(Plane(20, 20), 2, 4.5)));
}
