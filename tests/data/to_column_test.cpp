#include "catch.hpp"

#include <cstdint>
#include <limits>
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
