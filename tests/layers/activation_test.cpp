// Activation, ReLU and Softmax.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/softmax.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("an activation stands for its layer") {
  const Layer by_value = relu;
  const Layer by_name = ActivationLayer("relu");
  CHECK(by_value == by_name);
  CHECK(by_value.class_name() == "Activation");
  CHECK(by_value.to_string() == "Activation(activation=\"relu\", name=\"\")");
  CHECK(by_value != Layer(ActivationLayer(sigmoid)));
}

TEST_CASE("Activation is the function, element by element") {
  const auto x = normal_array<double>({3, 70, 5});
  const auto check = [&](Activation activation, auto function) {
    const auto y = output_of<double>(activation, x);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] - function(x.data()[i])));
    INFO(activation.name());
    CHECK(worst < 1e-14);
  };
  check(linear, [](double v) { return v; });
  check(relu, [](double v) { return std::max(v, 0.0); });
  check(sigmoid, [](double v) { return 1 / (1 + std::exp(-v)); });
  check(activations::tanh, [](double v) { return std::tanh(v); });
}

TEST_CASE("ReLU's options bend the line where Keras bends it") {
  const xt::xarray<float> x{{-3.f, -1.f, 0.f, 0.5f, 1.f, 2.f, 6.f, 9.f}};
  const auto expect = [&](const ReLUOptions& options, const xt::xarray<float>& expected) {
    const auto y = output_of<float>(ReLU(options), x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      INFO("x = " << x(0, i));
      CHECK(y(0, i) == Approx(expected(i)));
    }
  };
  expect({}, {0, 0, 0, 0.5f, 1, 2, 6, 9});
  expect({.max_value = 6}, {0, 0, 0, 0.5f, 1, 2, 6, 6});
  expect({.negative_slope = 0.1}, {-0.3f, -0.1f, 0, 0.5f, 1, 2, 6, 9});
  expect({.threshold = 1}, {0, 0, 0, 0, 1, 2, 6, 9});
  expect({.max_value = 2, .negative_slope = 0.5, .threshold = 1}, {-2, -1, -0.5f, -0.25f, 1, 2, 2, 2});
}

TEST_CASE("what ReLU does not take") {
  CHECK_THROWS_WITH(ReLU({.max_value = -1}), "ReLU: expected a max_value of 0 or more, got -1");
  CHECK_THROWS_WITH(ReLU({.negative_slope = -0.5}), "ReLU: expected a negative_slope of 0 or more, got -0.5");
  CHECK_THROWS_WITH(ReLU({.threshold = -2}), "ReLU: expected a threshold of 0 or more, got -2");
}

TEST_CASE("Softmax sums to one along its axis and keeps the order") {
  const auto x = normal_array<double>({2, 3, 4, 5});
  for (const std::int64_t axis : {1, 2, 3, -1, -2, -3}) {
    const auto y = output_of<double>(Softmax({.axis = axis}), x);
    const auto across = static_cast<std::size_t>(axis < 0 ? axis + 4 : axis);
    const xt::xarray<double> exponentials = xt::exp(x);
    const xt::xarray<double> sums = xt::sum(exponentials, {across}, xt::keep_dims);
    const xt::xarray<double> expected = exponentials / sums;
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] - expected.data()[i]));
    INFO("axis " << axis);
    CHECK(worst < 1e-14);
  }
}

TEST_CASE("Softmax and the softmax activation agree, and no size of input overflows") {
  const xt::xarray<float> x{{1000.f, 999.f, -1000.f}, {-1e30f, 0.f, 1e30f}};
  const auto by_layer = output_of<float>(Softmax(), x);
  const auto by_activation = output_of<float>(softmax, x);
  CHECK(same(by_layer, by_activation));
  CHECK(by_layer(0, 0) == Approx(1 / (1 + std::exp(-1.0))));
  CHECK(by_layer(0, 2) == 0);
  CHECK(by_layer(1, 2) == 1);
}

TEST_CASE("what Softmax does not take") {
  CHECK_THROWS_WITH(build(Softmax({.axis = 2}), {10}), "expected an input that has axis 2, got (None, 10)");
  CHECK_THROWS_WITH(
      build(Softmax({.axis = 0}), {10}),
      "axis 0 is the batch, which cannot be normalized over; expected an axis from 1 to 1, or from -1 to -1");
  CHECK_THROWS_AS(build(ActivationLayer(softmax), {}), ShapeError);
}
