#include <nacre/core/tensor.hpp>

#include <array>
#include <type_traits>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

std::vector<float> counting(std::size_t count) {
  std::vector<float> numbers(count);
  for (std::size_t index = 0; index < count; ++index) numbers[index] = static_cast<float>(index);
  return numbers;
}

}  // namespace

TEST_CASE("a view sees memory row-major and does not own it") {
  auto memory = counting(6);
  TensorView<float> view(memory.data(), Shape{2, 3});
  CHECK(view.extents() == Shape{2, 3});
  CHECK(view.dimension() == 2);
  CHECK(view.size() == 6);
  CHECK(view.shape(0) == 2);
  CHECK(view.batch() == 2);
  CHECK(view.sample_size() == 3);
  CHECK(view.elements() == memory.data());
  CHECK(view.data() == memory.data());
  CHECK(view(1, 2) == 5);

  view(0, 1) = 40;
  CHECK(memory[1] == 40);
}

TEST_CASE("a default view sees nothing") {
  const TensorView<float> view;
  CHECK(view.size() == 0);
  CHECK(view.extents() == Shape{0});
}

TEST_CASE("expressions are written in place") {
  auto memory = counting(6);
  std::vector<float> result(6);
  const TensorView<float> input(memory.data(), Shape{2, 3});
  TensorView<float> output(result.data(), Shape{2, 3});

  output = 2.0f * input + 1.0f;
  CHECK(output.data() == result.data());
  CHECK(result == std::vector<float>{1, 3, 5, 7, 9, 11});

  // The rows of a matrix take a vector that broadcasts.
  std::vector<float> bias{10, 20, 30};
  output = input + TensorView<float>(bias.data(), Shape{3});
  CHECK(result == std::vector<float>{10, 21, 32, 13, 24, 35});

  output += input;
  CHECK(result == std::vector<float>{10, 22, 34, 16, 28, 40});
}

TEST_CASE("views take part in xtensor's arithmetic with its own containers") {
  auto memory = counting(4);
  const TensorView<float> view(memory.data(), Shape{2, 2});
  const xt::xarray<float> other = {{1, 1}, {2, 2}};
  const xt::xarray<float> sum = view * other;
  CHECK(sum == xt::xarray<float>({{0, 1}, {4, 6}}));
}

TEST_CASE("a copy of a view looks at the same memory, assigning one writes its elements") {
  auto first_memory = counting(4);
  std::vector<float> second_memory(4);
  const TensorView<float> first(first_memory.data(), Shape{4});
  TensorView<float> copy = first;
  CHECK(copy.data() == first_memory.data());

  TensorView<float> second(second_memory.data(), Shape{4});
  second = first;
  CHECK(second.data() == second_memory.data());
  CHECK(second_memory == first_memory);

  second.bind(first_memory.data(), Shape{2, 2});
  CHECK(second.extents() == Shape{2, 2});
  CHECK(second(1, 1) == 3);
}

TEST_CASE("an expression of another shape is refused, also one that would broadcast") {
  std::vector<float> memory(6);
  TensorView<float> view(memory.data(), Shape{2, 3});
  CHECK_THROWS_AS((view = 2 * xt::xarray<float>{1, 2, 3}), ShapeError);
  CHECK_THROWS_AS((view = 2 * xt::xarray<float>{{1, 2, 3}}), ShapeError);
  CHECK_THROWS_AS((view = 2 * xt::xarray<float>{1, 2}), ShapeError);
  CHECK_THROWS_AS((view = xt::xarray<float>({{{1, 2, 3}}}) + 0), ShapeError);
  CHECK_THROWS_WITH((view = 2 * xt::xarray<float>{1, 2, 3}), ContainsSubstring("shape (2, 3), got (3,)"));
  std::vector<float> other(3);
  CHECK_THROWS_AS((view = TensorView<float>(other.data(), Shape{3})), ShapeError);
  CHECK(memory == std::vector<float>(6));

  view = xt::broadcast(xt::xarray<float>{1, 2, 3}, {2, 3});
  CHECK(memory == std::vector<float>{1, 2, 3, 1, 2, 3});
  view.fill(7);
  CHECK(memory == std::vector<float>(6, 7));
}

TEST_CASE("a view on const memory is read and not written") {
  const auto memory = counting(4);
  const TensorView<const float> view(memory.data(), Shape{2, 2});
  CHECK(view(1, 1) == 3);
  std::vector<float> result(4);
  TensorView<float> output(result.data(), Shape{2, 2});
  output = -view;
  CHECK(result == std::vector<float>{-0.0f, -1, -2, -3});

  STATIC_REQUIRE(std::is_convertible_v<TensorView<float>, TensorView<const float>>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<TensorView<const float>, TensorView<float>>);
  const TensorView<const float> seen = output;
  CHECK(seen.elements() == result.data());
}

TEST_CASE("views of every rank up to eight, and of no element") {
  std::array<float, 1> one{5};
  CHECK(TensorView<float>(one.data(), Shape{}).size() == 1);
  CHECK(TensorView<float>(one.data(), Shape{1, 1, 1, 1, 1, 1, 1, 1})(0, 0, 0, 0, 0, 0, 0, 0) == 5);
  CHECK(TensorView<float>(one.data(), Shape{0, 7}).size() == 0);
}
