#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <nacre/data/column.hpp>

using namespace nacre;

namespace {

template <class T = float>
std::vector<T> gathered(const Column& column, std::int64_t sample) {
  // Guards on both sides show a write outside the sample.
  std::vector<T> out(static_cast<std::size_t>(column.sample_size()) + 2, T{-77});
  column.gather(sample, out.data() + 1);
  CHECK(out.front() == T{-77});
  CHECK(out.back() == T{-77});
  return {out.begin() + 1, out.end() - 1};
}

}  // namespace

TEST_CASE("a column without samples") {
  const Column column;
  CHECK(column.count() == 0);
  CHECK(column.sample_size() == 1);
}

TEMPLATE_TEST_CASE("a column keeps its numbers as they are and gathers them as asked", "", std::uint8_t, std::int32_t,
                   float, double) {
  const Column column(std::vector<TestType>{1, 2, 3, 4, 5, 6}, 3, Shape{2, 1});
  CHECK(column.count() == 3);
  CHECK(column.shape() == Shape{2, 1});
  CHECK(column.sample_size() == 2);
  REQUIRE(column.stored<TestType>() != nullptr);
  CHECK(column.stored<TestType>()[3] == TestType{4});
  CHECK(gathered<float>(column, 1) == std::vector<float>{3, 4});
  CHECK(gathered<double>(column, 2) == std::vector<double>{5, 6});
  CHECK(column.value(2, 1) == 6.0);
}

TEST_CASE("a column tells what it stores") {
  CHECK(Column(std::vector<std::uint8_t>{1}, 1, Shape{}).stored_type() == "uint8");
  CHECK(Column(std::vector<std::int32_t>{1}, 1, Shape{}).stored_type() == "int32");
  CHECK(Column(std::vector<float>{1}, 1, Shape{}).stored_type() == "float32");
  CHECK(Column(std::vector<double>{1}, 1, Shape{}).stored_type() == "float64");
  CHECK(Column(std::vector<double>{1}, 1, Shape{}).stored<float>() == nullptr);
}

TEST_CASE("a column needs all its values") {
  CHECK_THROWS_AS(Column(std::vector<float>{1, 2, 3}, 2, Shape{2}), ShapeError);
  CHECK_THROWS_WITH(Column(std::vector<float>{1, 2, 3}, 2, Shape{2}),
                    ContainsSubstring("expected 4 values for shape (2, 2), got 3"));
  CHECK_THROWS_AS(Column(std::vector<float>{}, -1, Shape{2}), ShapeError);
}

TEST_CASE("a column lives as long as its copies, a borrowed one as its lender") {
  auto column = std::make_unique<Column>(std::vector<float>{1, 2}, 2, Shape{});
  const Column copy = *column;
  CHECK(copy.stored<float>() == column->stored<float>());
  column.reset();
  CHECK(gathered(copy, 1) == std::vector<float>{2});

  std::vector<float> lender{1, 2};
  const Column borrowed(nullptr, lender.data(), 2, Shape{});
  lender[1] = 5;
  CHECK(gathered(borrowed, 1) == std::vector<float>{5});
}

TEST_CASE("scales follow each other") {
  const Column bytes(std::vector<std::uint8_t>{0, 255, 51}, 3, Shape{});
  const Column unit = bytes.with_scale(1.0 / 255);
  CHECK(gathered<double>(unit, 1)[0] == Approx(1));
  CHECK(gathered<double>(unit, 2)[0] == Approx(0.2));
  const Column signed_unit = unit.with_scale(2, -1);
  CHECK(gathered<double>(signed_unit, 0)[0] == Approx(-1));
  CHECK(gathered<double>(signed_unit, 1)[0] == Approx(1));
  CHECK(signed_unit.value(2) == Approx(-0.6));
  CHECK(signed_unit.stored<std::uint8_t>() == bytes.stored<std::uint8_t>());
}

TEST_CASE("class numbers become one-hot rows as they are gathered") {
  const Column labels(std::vector<std::uint8_t>{2, 0, 1}, 3, Shape{});
  const Column rows = labels.one_hot(3);
  CHECK(rows.shape() == Shape{3});
  CHECK(rows.classes() == 3);
  CHECK(rows.sample_size() == 3);
  CHECK(gathered(rows, 0) == std::vector<float>{0, 0, 1});
  CHECK(gathered(rows, 1) == std::vector<float>{1, 0, 0});
  CHECK(rows.value(0) == 2);
  CHECK(rows.one_hot(3).classes() == 3);
  CHECK(rows.class_numbers().shape() == Shape{});
  CHECK(gathered(rows.class_numbers(), 0) == std::vector<float>{2});
}

TEST_CASE("class numbers of every position of a sample become rows") {
  const Column labels(std::vector<std::int32_t>{0, 1, 1, 0}, 1, Shape{2, 2, 1});
  const Column rows = labels.one_hot(2);
  CHECK(rows.shape() == Shape{2, 2, 2});
  CHECK(gathered(rows, 0) == std::vector<float>{1, 0, 0, 1, 0, 1, 1, 0});
  CHECK(rows.class_numbers().shape() == Shape{2, 2, 1});
}

TEST_CASE("a class number that is out of range leaves zeros and writes nowhere else") {
  const Column integers(std::vector<std::int32_t>{3, -1, 2147483647}, 3, Shape{});
  const Column numbers(std::vector<double>{1e300, std::numeric_limits<double>::quiet_NaN(), 0.5}, 3, Shape{});
  for (std::int64_t sample = 0; sample < 3; ++sample) {
    CHECK(gathered(integers.one_hot(3), sample) == std::vector<float>{0, 0, 0});
    CHECK(gathered(numbers.one_hot(3), sample) == std::vector<float>{0, 0, 0});
  }
}

TEST_CASE("what cannot become one-hot says why") {
  const Column labels(std::vector<float>{0, 1}, 2, Shape{});
  CHECK_THROWS_AS(labels.one_hot(0), ValueError);
  CHECK_THROWS_AS(labels.one_hot(2).one_hot(3), ValueError);
  CHECK_THROWS_AS(labels.one_hot(2).with_scale(2), ValueError);
  const Column rows(std::vector<float>{0, 1}, 1, Shape{2});
  CHECK_THROWS_AS(rows.one_hot(2), ShapeError);
  CHECK_THROWS_WITH(rows.one_hot(2), ContainsSubstring("got (2,); are they one-hot already?"));
}

TEST_CASE("samples may be seen under another shape of as many elements") {
  const Column images(std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 8}, 2, Shape{2, 2, 1});
  const Column rows = images.reshaped(Shape{4});
  CHECK(rows.shape() == Shape{4});
  CHECK(rows.stored<std::uint8_t>() == images.stored<std::uint8_t>());
  CHECK(gathered(rows, 1) == std::vector<float>{5, 6, 7, 8});
  CHECK_THROWS_AS(images.reshaped(Shape{3}), ShapeError);
  CHECK_THROWS_AS(Column(std::vector<std::uint8_t>{1}, 1, Shape{}).one_hot(2).reshaped(Shape{2, 1}), ValueError);
}
