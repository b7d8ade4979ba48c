// Dropout: what it drops, how much of it, and when.

#include <nacre/layers/dropout.hpp>

#include <cmath>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {
xt::xarray<float> ones(const Shape& shape) {
  auto values = normal_array(shape);
  values.fill(1);
  return values;
}
}  // namespace

TEST_CASE("Dropout drops about its rate and scales the rest up") {
  const double rate = GENERATE(0.1, 0.25, 0.5, 0.9);
  const auto y = output_of<float>(Dropout(rate), ones({100, 1000}), true);
  double dropped = 0;
  bool all_known = true;
  for (const float value : y) {
    dropped += value == 0;
    all_known = all_known && (value == 0 || value == static_cast<float>(1 / (1 - rate)));
  }
  CHECK(all_known);
  // Five standard deviations of a binomial count.
  CHECK(std::abs(dropped - 1e5 * rate) < 5 * std::sqrt(1e5 * rate * (1 - rate)));
}

TEST_CASE("every place of a batch has a draw of its own") {
  const auto y = output_of<float>(Dropout(0.5), ones({2, 4096}), true);
  int equal = 0;
  for (std::size_t i = 0; i < 4096; ++i) equal += y(0, i) == y(1, i);
  CHECK(equal > 1800);
  CHECK(equal < 2300);
}

TEST_CASE("what is dropped depends on seed and step, and on nothing else") {
  const auto x = normal_array({7, 900});
  LayerHarness<float> dropout(Dropout(0.4), {900}, 7, 3);
  const auto masked = [&](std::int64_t step) {
    dropout.set_step(step);
    return xt::xarray<float>(dropout.forward(view_of(x), true));
  };
  const auto first = masked(1);
  const auto second = masked(2);
  CHECK_FALSE(same_values(first, second));
  CHECK(same_values(masked(1), first));
  CHECK(same_values(output_of<float>(Dropout(0.4), x, true, 3), first));
  CHECK_FALSE(same_values(output_of<float>(Dropout(0.4), x, true, 4), first));
}

TEST_CASE("the gradient is dropped where the output was") {
  LayerHarness<float> dropout(Dropout(0.3), {5000}, 2);
  const auto x = ones({2, 5000});
  const xt::xarray<float> y = dropout.forward(view_of(x), true);
  CHECK(same_values(xt::xarray<float>(dropout.backward(view_of(x))), y));
}

TEST_CASE("without training the input passes through, and a rate of 0 or 1 is what it says") {
  const auto x = normal_array({3, 50});
  CHECK(same_values(output_of<float>(Dropout(0.5), x), x));
  CHECK(same_values(output_of<float>(Dropout(0), x, true), x));
  for (const float value : output_of<float>(Dropout(1), x, true)) CHECK(value == 0);
}

TEST_CASE("what Dropout does not take") {
  CHECK_THROWS_WITH(Dropout(1.5), "Dropout: expected a rate from 0 to 1, got 1.5");
  CHECK_THROWS_WITH(Dropout(-0.1), "Dropout: expected a rate from 0 to 1, got -0.1");
  CHECK_THROWS_AS(Dropout(std::nan("")), ValueError);
  CHECK(build(Dropout(0.5), {3, 4}) == Shape{3, 4});
}
