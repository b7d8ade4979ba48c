// Data that users hold in plain containers, all the way through a model.

#include "catch.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <nacre/nacre.hpp>

using namespace nacre;

namespace {

Sequential small_model() {
  Sequential model{Input({4}), Dense(3, {.activation = softmax})};
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  return model;
}

}  // namespace

TEST_CASE("vectors, spans and memory with a shape train as xtensor does") {
  const std::vector<float> x{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1};
  const std::vector<std::int64_t> y{0, 1, 2};
  const xt::xarray<float> x_array = xt::adapt(x, std::vector<std::size_t>{3, 4});
  const xt::xarray<int> y_array{0, 1, 2};
  set_random_seed(3);
  Sequential expected = small_model();
  expected.fit(x_array, y_array, {.epochs = 2, .verbose = 0});
  const auto check_same = [&](auto&& features, auto&& labels) {
    set_random_seed(3);
    Sequential model = small_model();
    model.fit(features, labels, {.epochs = 2, .verbose = 0});
    const bool alike = model.predict(features) == expected.predict(x_array);
    CHECK(alike);
    const double evaluated = model.evaluate(features, labels)["loss"];
    const double evaluated_array = expected.evaluate(x_array, y_array)["loss"];
    CHECK(evaluated == evaluated_array);
    CHECK(model.train_on_batch(features, labels)["loss"] == Approx(evaluated));
  };
  check_same(samples(x, {4}), y);
  check_same(samples(x.data(), 3, {4}), std::span(y));
  check_same(samples(std::span<const float>(x), {4}), std::array<std::uint8_t, 3>{0, 1, 2});
  const std::vector<std::array<float, 4>> rows{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 1}};
  check_same(rows, y);
  const float lines[3][4] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 1}};
  check_same(lines, y);

  CHECK(argmax(expected.predict(rows)).size() == 3);
}
