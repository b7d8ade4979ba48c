// Flatten, Reshape, Input and Rescaling.

#include <nacre/layers/flatten.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>

#include <algorithm>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("Flatten puts all axes of a sample in one") {
  CHECK(build(Flatten(), {5, 5, 64}) == Shape{1600});
  CHECK(build(Flatten(), {7}) == Shape{7});
  CHECK(build(Flatten(), {}) == Shape{1});
  const auto x = normal_array({2, 3, 4});
  const auto y = output_of<float>(Flatten(), x);
  CHECK(shape_of(y) == Shape{2, 12});
  CHECK(std::equal(x.begin(), x.end(), y.begin()));
}

TEST_CASE("Reshape gives the elements another shape, and -1 is what is left over") {
  CHECK(build(Reshape({28, 28, 1}), {784}) == Shape{28, 28, 1});
  CHECK(build(Reshape({-1, 7}), {28, 28}) == Shape{112, 7});
  CHECK(build(Reshape({2, -1, 2}), {12}) == Shape{2, 3, 2});
  CHECK(build(Reshape({-1}), {2, 3}) == Shape{6});
  CHECK(build(Reshape(std::vector<std::int64_t>()), {1}) == Shape{});
  const auto x = normal_array({2, 3, 4});
  const auto y = output_of<float>(Reshape({2, -1}), x);
  CHECK(shape_of(y) == Shape{2, 2, 6});
  CHECK(std::equal(x.begin(), x.end(), y.begin()));
}

TEST_CASE("what Reshape does not take") {
  CHECK_THROWS_WITH(Reshape({2, -2}), "Reshape: expected extents of 1 or more, or one of -1, got -2");
  CHECK_THROWS_WITH(Reshape({0}), "Reshape: expected extents of 1 or more, or one of -1, got 0");
  CHECK_THROWS_WITH(Reshape({-1, 3, -1}), "Reshape: expected at most one extent of -1, got 2");
  CHECK_THROWS_WITH(build(Reshape({28, 28}), {783}), "expected an input of 784 elements, got (783,) with 783");
  CHECK_THROWS_WITH(build(Reshape({-1, 5}), {4, 3}),
                    "expected an input of 5 elements or a multiple, got (4, 3) with 12");
}

TEST_CASE("Input says what shape samples have") {
  CHECK(build(Input({28, 28, 1}), {28, 28, 1}) == Shape{28, 28, 1});
  CHECK_THROWS_WITH(build(Input({28, 28, 1}), {28, 28}), "expected samples of shape (28, 28, 1), got (28, 28)");
}

TEST_CASE("Rescaling scales and shifts") {
  const auto x = normal_array({3, 100});
  const auto y = output_of<float>(Rescaling(1.0 / 255, -0.5), x);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(y.data()[i] == Approx(x.data()[i] / 255 - 0.5f));
  CHECK(build(Rescaling(2), {4, 5}) == Shape{4, 5});
}
