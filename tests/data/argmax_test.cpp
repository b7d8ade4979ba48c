#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/argmax.hpp>

using namespace nacre;

using Classes = std::vector<std::int64_t>;

TEMPLATE_TEST_CASE("argmax names the class of each row", "", float, double) {
  const xt::xarray<TestType> rows{{0, 1, 0}, {5, 4, 3}, {-3, -2, -1}};
  CHECK(argmax(rows) == Classes{1, 0, 2});
  CHECK(argmax(xt::xarray<TestType>{1, 3, 2}) == Classes{1});
  const xt::xarray<TestType> positions{{{0, 1}, {1, 0}}, {{2, 3}, {3, 4}}};
  CHECK(argmax(positions) == Classes{1, 0, 1, 1});
}

TEST_CASE("of equal numbers the first counts, and NaN above all, as in numpy") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const xt::xarray<float> rows{
      {1, 1, 1}, {0, 2, 2}, {nan, 1, 2}, {infinity, nan, 2}, {nan, nan, infinity}, {-infinity, -infinity, -infinity}};
  CHECK(argmax(rows) == Classes{0, 1, 0, 1, 0, 0});
}

TEST_CASE("argmax needs rows") {
  xt::xarray<float> number = 5.0f;
  CHECK_THROWS_AS(argmax(number), ShapeError);
  CHECK_THROWS_AS(argmax(xt::xarray<float>::from_shape({3, 0})), ShapeError);
  CHECK(argmax(xt::xarray<float>::from_shape({0, 3})).empty());
}
