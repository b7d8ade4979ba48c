#include <nacre/core/shape.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace nacre;

TEST_CASE("a shape holds its extents") {
  const Shape shape{28, 14, 1};
  CHECK(shape.rank() == 3);
  CHECK_FALSE(shape.empty());
  CHECK(shape[0] == 28);
  CHECK(shape[1] == 14);
  CHECK(shape.front() == 28);
  CHECK(shape.back() == 1);
  CHECK(std::vector<std::int64_t>(shape.begin(), shape.end()) == std::vector<std::int64_t>{28, 14, 1});

  const std::vector<int> extents{2, 3};
  CHECK(Shape(extents.begin(), extents.end()) == Shape{2, 3});
}

TEST_CASE("a shape of rank 0 has one element") {
  const Shape scalar;
  CHECK(scalar.empty());
  CHECK(scalar.rank() == 0);
  CHECK(scalar.size() == 1);
  CHECK(scalar.to_string() == "()");
  CHECK(scalar.to_string_with_batch() == "(None,)");
}

TEST_CASE("the size is the product of the extents") {
  CHECK(Shape{5}.size() == 5);
  CHECK(Shape{2, 3, 4}.size() == 24);
  CHECK(Shape{2, 0, 4}.size() == 0);
}

TEST_CASE("a shape with more elements than can be addressed is an error") {
  const std::int64_t large = std::int64_t{1} << 31;
  CHECK(Shape{large, large}.size() == std::int64_t{1} << 62);
  CHECK_THROWS_AS((Shape{large, large, 2}.size()), ShapeError);
  CHECK_THROWS_AS((Shape{std::numeric_limits<std::int64_t>::max(), 3}.size()), ShapeError);
  CHECK((Shape{0, large, large, 2}.size()) == 0);
}

TEST_CASE("a shape refuses negative extents and a ninth dimension") {
  CHECK_THROWS_WITH((Shape{3, -1}), ContainsSubstring("got -1"));
  CHECK(Shape{1, 1, 1, 1, 1, 1, 1, 1}.rank() == Shape::max_rank);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1, 1}.with_batch(4)), ShapeError);
}

TEST_CASE("the batch stands in front") {
  CHECK(Shape{28, 28}.with_batch(32) == Shape{32, 28, 28});
  CHECK(Shape{}.with_batch(32) == Shape{32});
}

TEST_CASE("from drops leading extents") {
  const Shape shape{2, 3, 4};
  CHECK(shape.from(0) == shape);
  CHECK(shape.from(1) == Shape{3, 4});
  CHECK(shape.from(3) == Shape{});
  CHECK(shape.from(9) == Shape{});
}

TEST_CASE("shapes are equal when rank and extents are") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK(Shape{2, 3} != Shape{3, 2});
  CHECK(Shape{2, 3} != Shape{2, 3, 1});
  CHECK(Shape{} != Shape{0});
}

TEST_CASE("shapes are written as Python and Keras write them") {
  CHECK(Shape{10}.to_string() == "(10,)");
  CHECK(Shape{28, 28, 1}.to_string() == "(28, 28, 1)");
  CHECK(Shape{10}.to_string_with_batch() == "(None, 10)");
  CHECK(Shape{28, 28, 1}.to_string_with_batch() == "(None, 28, 28, 1)");
}

TEST_CASE("a tensor that no machine has room for is refused") {
  const std::int64_t most = std::int64_t{1} << 40;
  CHECK_NOTHROW(require_addressable({}));
  CHECK_NOTHROW(require_addressable({most}));
  CHECK_NOTHROW(require_addressable({0, most / 4, 4}));
  CHECK_THROWS_AS(require_addressable({most + 1}), ShapeError);
  CHECK_THROWS_AS(require_addressable({0, most, 2}), ShapeError);
  CHECK_THROWS_AS(require_addressable({most, most, most}), ShapeError);
}

TEST_CASE("a sample has no extent of 0") {
  CHECK_NOTHROW(require_positive_extents({}, "here"));
  CHECK_NOTHROW(require_positive_extents({28, 28, 1}, "here"));
  CHECK_THROWS_AS(require_positive_extents({0}, "here"), ShapeError);
  CHECK_THROWS_WITH(require_positive_extents({28, 0}, "Dense: input"),
                    "Dense: input: expected extents of 1 or more, got shape (28, 0)");
}

TEST_CASE("what is wrong with a shape is said with its fix") {
  const Shape image{28, 28, 1};
  CHECK_THAT(shape_hint(image, {1, 28, 28}), ContainsSubstring("the channels come first"));
  CHECK_THAT(shape_hint({32, 20, 3}, {3, 32, 20}), ContainsSubstring("xt::transpose(x, {0, 2, 3, 1})"));
  CHECK_THAT(shape_hint({32, 32, 3}, {3, 28, 28}), ContainsSubstring("the channels come first"));
  CHECK_THAT(shape_hint(image, {28, 28}), ContainsSubstring("the axis of the channels is missing"));
  CHECK_THAT(shape_hint(image, {28, 28}), ContainsSubstring("Dataset::reshaped({28, 28, 1})"));
  CHECK_THAT(shape_hint(image, {784}), ContainsSubstring("the samples are flattened"));
  CHECK_THAT(shape_hint({784}, image), ContainsSubstring("put a Flatten layer in front"));
  CHECK_THAT(shape_hint({100}, image), ContainsSubstring("is a Flatten layer missing"));
  CHECK_THAT(shape_hint(image, {32, 28, 28, 1}), ContainsSubstring("the batch is counted twice"));
  CHECK_THAT(shape_hint({32, 10}, {10}), ContainsSubstring("leave it out"));
  CHECK_THAT(shape_hint(image, {28, 1}, 28), ContainsSubstring("a single one has the shape (1, 28, 28, 1)"));
  CHECK_THAT(shape_hint({5, 4, 2}, {2, 5, 4}), ContainsSubstring("the channels come first"));
  CHECK_THAT(shape_hint({5, 4, 2}, {4, 5, 2}), ContainsSubstring("along other axes"));
  CHECK(shape_hint(image, image).empty());
  CHECK(shape_hint(image, {27, 28, 1}).empty());
  CHECK(shape_hint({}, {3}).empty());
  CHECK(shape_hint({3}, {}).empty());
  CHECK(shape_hint(image, {}).empty());
}

TEST_CASE("what is wrong with the shape of targets is said with its fix") {
  CHECK_THAT(target_shape_hint({10}, {}), ContainsSubstring("SparseCategoricalCrossentropy"));
  CHECK_THAT(target_shape_hint({10}, {1}), ContainsSubstring("Dataset::one_hot"));
  CHECK_THAT(target_shape_hint({}, {10}), ContainsSubstring("CategoricalCrossentropy"));
  CHECK_THAT(target_shape_hint({26, 26}, {}), ContainsSubstring("is a Flatten layer"));
  CHECK_THAT(target_shape_hint({26, 26, 10}, {10}), ContainsSubstring("is a Flatten layer"));
  CHECK(target_shape_hint({10}, {10}).empty());
  CHECK(target_shape_hint({10}, {11}).empty());
}
