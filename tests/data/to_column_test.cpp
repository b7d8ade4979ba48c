#include "catch.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/tensor.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/to_column.hpp>

using namespace nacre;

namespace {

std::vector<double> all_values(const Column& column) {
  std::vector<double> values;
  for (std::int64_t sample = 0; sample < column.count(); ++sample) {
    for (std::int64_t element = 0; element < column.stored_size(); ++element) {
      values.push_back(column.value(sample, element));
    }
  }
  return values;
}

}  // namespace

TEST_CASE("containers and expressions become columns") {
  xt::xarray<float> x{{1, 2}, {3, 4}, {5, 6}};
  const Column copy = to_column(x);
  CHECK(copy.count() == 3);
  CHECK(copy.shape() == Shape{2});
  CHECK(copy.stored<float>() != nullptr);
  CHECK(copy.stored<float>() != x.data());
  CHECK(all_values(copy) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(all_values(to_column(x * 2.0f)) == std::vector<double>{2, 4, 6, 8, 10, 12});
  CHECK(all_values(to_column(xt::transpose(x))) == std::vector<double>{1, 3, 5, 2, 4, 6});

  xt::xtensor<double, 1> y{1.5, 2.5};
  CHECK(to_column(y).stored<double>() != nullptr);
  CHECK(to_column(y).shape() == Shape{});
}

TEST_CASE("an rvalue is moved in, not copied") {
  xt::xarray<float> x = xt::xarray<float>::from_shape({100, 3});
  const float* const data = x.data();
  CHECK(to_column(std::move(x)).stored<float>() == data);
}

TEST_CASE("other number types are converted without loss") {
  CHECK(to_column(xt::xarray<bool>{true, false}).stored_type() == "uint8");
  CHECK(to_column(xt::xarray<std::int8_t>{-1, 2}).stored_type() == "int32");
  CHECK(to_column(xt::xarray<std::uint16_t>{1, 65535}).stored_type() == "int32");
  CHECK(to_column(xt::xarray<std::int64_t>{-5, 9}).stored_type() == "int32");
  CHECK(to_column(xt::xarray<std::size_t>{5, 9}).stored_type() == "int32");
  const std::int64_t large = std::int64_t{1} << 40;
  const Column wide = to_column(xt::xarray<std::int64_t>{large, 1});
  CHECK(wide.stored_type() == "float64");
  CHECK(wide.value(0) == static_cast<double>(large));
  CHECK(to_column(xt::xarray<long double>{1.5L}).stored_type() == "float64");
  CHECK(all_values(to_column(xt::xarray<std::int64_t>{-5, 9})) == std::vector<double>{-5, 9});
}

TEST_CASE("a view borrows what lies as a column does") {
  xt::xarray<std::uint8_t> bytes = xt::xarray<std::uint8_t>::from_shape({4, 2, 2});
  CHECK(view_as_column(bytes).stored<std::uint8_t>() == bytes.data());

  const xt::xtensor<float, 2> numbers{{1, 2}, {3, 4}};
  CHECK(view_as_column(numbers).stored<float>() == numbers.data());

  std::vector<double> memory{1, 2, 3, 4, 5, 6};
  const TensorView<const double> tensor(memory.data(), Shape{3, 2});
  CHECK(view_as_column(tensor).stored<double>() == memory.data());
  auto adapted = xt::adapt(memory, std::vector<std::size_t>{2, 3});
  CHECK(view_as_column(adapted).stored<double>() == memory.data());

  xt::xarray<float> one_row{{1, 2, 3}};
  CHECK(view_as_column(one_row).stored<float>() == one_row.data());
}

TEST_CASE("a view copies what lies otherwise, or will be gone") {
  const xt::xarray<float, xt::layout_type::column_major> columns{{1, 2}, {3, 4}};
  const Column copy = view_as_column(columns);
  CHECK(copy.stored<float>() != columns.data());
  CHECK(all_values(copy) == std::vector<double>{1, 2, 3, 4});

  xt::xarray<float> x{{1, 2}, {3, 4}};
  const auto turned = xt::transpose(x);
  CHECK(all_values(view_as_column(turned)) == std::vector<double>{1, 3, 2, 4});
  const auto doubled = x * 2.0f;
  CHECK(all_values(view_as_column(doubled)) == std::vector<double>{2, 4, 6, 8});
  CHECK(all_values(view_as_column(xt::xarray<float>{{7, 8}})) == std::vector<double>{7, 8});
  const xt::xarray<std::int64_t> integers{7, 8};
  CHECK(all_values(view_as_column(integers)) == std::vector<double>{7, 8});
}

TEST_CASE("a single number is no column") {
  const xt::xarray<float> number = 3.0f;
  CHECK_THROWS_AS(to_column(number), ShapeError);
  CHECK_THROWS_AS(view_as_column(number), ShapeError);
}

TEST_CASE("vectors, spans and arrays of numbers are samples of one number, and borrowed where they outlive the call") {
  std::vector<float> x{1, 2, 3};
  const Column view = view_as_column(x);
  CHECK(view.count() == 3);
  CHECK(view.shape() == Shape{});
  CHECK(view.stored<float>() == x.data());
  CHECK(to_column(x).stored<float>() != x.data());
  CHECK(all_values(to_column(x)) == std::vector<double>{1, 2, 3});

  CHECK(view_as_column(std::span<const float>(x)).stored<float>() == x.data());
  CHECK(view_as_column(std::span<float>(x).first(2)).count() == 2);
  CHECK(to_column(std::span(x)).stored<float>() != x.data());

  const std::array<std::int32_t, 2> labels{4, 5};
  CHECK(view_as_column(labels).stored<std::int32_t>() == labels.data());
  CHECK(all_values(view_as_column(std::array<std::uint8_t, 2>{6, 7})) == std::vector<double>{6, 7});
  const double numbers[] = {8, 9, 10};
  CHECK(view_as_column(numbers).stored<double>() == numbers);

  const float* const data = x.data();
  CHECK(view_as_column(std::move(x)).stored<float>() == data);  // moved in
  CHECK(view_as_column(std::vector<float>()).count() == 0);
}

TEST_CASE("fixed arrays in contiguous memory give samples their shape") {
  const std::vector<std::array<float, 2>> points{{1, 2}, {3, 4}, {5, 6}};
  const Column view = view_as_column(points);
  CHECK(view.count() == 3);
  CHECK(view.shape() == Shape{2});
  CHECK(view.stored<float>() == points[0].data());
  CHECK(all_values(to_column(points)) == std::vector<double>{1, 2, 3, 4, 5, 6});

  const std::uint8_t images[2][3][4][1] = {};
  CHECK(view_as_column(images).shape() == Shape{3, 4, 1});
  CHECK(view_as_column(images).stored<std::uint8_t>() == &images[0][0][0][0]);
}

TEST_CASE("vectors of other number types are converted without loss") {
  CHECK(view_as_column(std::vector<std::int64_t>{-5, 9}).stored_type() == "int32");
  CHECK(view_as_column(std::vector<std::size_t>{5, std::size_t{1} << 40}).stored_type() == "float64");
  CHECK(view_as_column(std::vector<short>{-5, 9}).stored_type() == "int32");
  CHECK(view_as_column(std::vector<long double>{0.5L}).value(0) == 0.5);
  const bool flags[] = {true, false};
  CHECK(all_values(view_as_column(flags)) == std::vector<double>{1, 0});
}

TEST_CASE("flat memory becomes samples of a shape without a copy") {
  std::vector<std::uint8_t> pixels(2 * 3 * 4);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i);
  const Column images = samples(pixels, {3, 4, 1});
  CHECK(images.count() == 2);
  CHECK(images.shape() == Shape{3, 4, 1});
  CHECK(images.stored<std::uint8_t>() == pixels.data());
  CHECK(samples(std::span(pixels), {12}).stored<std::uint8_t>() == pixels.data());
  CHECK(samples(pixels, {}).count() == 24);

  const Column pointed = samples(pixels.data(), 2, {12});
  CHECK(pointed.count() == 2);
  CHECK(pointed.stored<std::uint8_t>() == pixels.data());
  CHECK(pointed.value(1, 11) == 23);

  const std::int64_t wide[] = {1, 2, 3, 4};
  CHECK(all_values(samples(wide, 2, {2})) == std::vector<double>{1, 2, 3, 4});
  const std::uint8_t* const data = pixels.data();
  CHECK(samples(std::move(pixels), {3, 4, 1}).stored<std::uint8_t>() == data);
}

TEST_CASE("memory that makes no whole samples is refused") {
  const std::vector<float> x(10);
  CHECK_THROWS_WITH(samples(x, {3}), "samples: expected a multiple of 3 numbers for samples of shape (3,), got 10");
  CHECK_THROWS_AS(samples(x, {3}), ShapeError);
  CHECK_THROWS_AS(samples(x, {0}), ShapeError);
  CHECK_THROWS_AS(samples(x.data(), 2, {5, 0}), ShapeError);
  CHECK_THROWS_AS(samples(x.data(), -1, {5}), Error);
  CHECK_THROWS_AS(samples(static_cast<const float*>(nullptr), 1, {5}), ValueError);
  CHECK(samples(static_cast<const float*>(nullptr), 0, {5}).count() == 0);
  CHECK_THROWS_AS(samples(x.data(), std::numeric_limits<std::int64_t>::max(), {5}), ShapeError);
}

TEST_CASE("what samples are made of is known at compile time") {
  STATIC_REQUIRE(ColumnSource<std::vector<float>&>);
  STATIC_REQUIRE(ColumnSource<const std::span<const double>>);
  STATIC_REQUIRE(ColumnSource<float(&)[3][2]>);
  STATIC_REQUIRE(ColumnSource<xt::xarray<int>>);
  STATIC_REQUIRE(ColumnSource<Column>);
  STATIC_REQUIRE_FALSE(ColumnSource<std::vector<std::vector<float>>>);
  STATIC_REQUIRE_FALSE(ColumnSource<std::vector<bool>>);
  STATIC_REQUIRE_FALSE(ColumnSource<std::string>);
  STATIC_REQUIRE_FALSE(ColumnSource<std::vector<float>*>);
  STATIC_REQUIRE_FALSE(ColumnSource<float>);
}
