// Dense: shapes, weights, values and errors.

#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>

#include <cmath>
#include <string>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("Dense works on the last axis") {
  CHECK(build(Dense(10), {784}) == Shape{10});
  CHECK(build(Dense(5), {3, 4, 2}) == Shape{3, 4, 5});
  CHECK(weights_of(Dense(10), {784}) == "kernel (784, 10), bias (10,)");
  CHECK(weights_of(Dense(5), {3, 4, 2}) == "kernel (2, 5), bias (5,)");
  CHECK(weights_of(Dense(5, {.use_bias = false}), {2}) == "kernel (2, 5)");
}

TEST_CASE("Dense is a product, a bias and an activation") {
  const Activation activation = GENERATE(linear, relu, sigmoid, activations::tanh, softmax, log_softmax, silu);
  constexpr std::int64_t batch = 3, inputs = 37, units = 70;
  LayerHarness<double> dense(Dense(units, {.activation = activation}), {inputs}, batch, 7);
  for (std::int64_t j = 0; j < units; ++j) dense.weight(1).elements()[j] = 0.01 * static_cast<double>(j);
  const auto x = normal_array<double>({batch, inputs});
  const auto& y = dense.forward(view_of(x));
  double worst = 0;
  for (std::int64_t i = 0; i < batch; ++i) {
    std::vector<double> row(units);
    double total = 0;
    for (std::int64_t j = 0; j < units; ++j) {
      double sum = dense.weight(1).elements()[j];
      for (std::int64_t k = 0; k < inputs; ++k) sum += x(i, k) * dense.weight(0).elements()[k * units + j];
      if (activation == relu) sum = std::max(sum, 0.0);
      if (activation == sigmoid) sum = 1 / (1 + std::exp(-sum));
      if (activation == activations::tanh) sum = std::tanh(sum);
      if (activation == silu) sum /= 1 + std::exp(-sum);
      if (activation == softmax) sum = std::exp(sum);
      total += activation == log_softmax ? std::exp(sum) : sum;
      row[static_cast<std::size_t>(j)] = sum;
    }
    for (std::int64_t j = 0; j < units; ++j) {
      double expected = row[static_cast<std::size_t>(j)];
      if (activation == softmax) expected /= total;
      if (activation == log_softmax) expected -= std::log(total);
      worst = std::max(worst, std::abs(y.elements()[i * units + j] - expected));
    }
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("Dense begins with Glorot's kernel and no bias") {
  LayerHarness<float> dense(Dense(50), {100}, 1);
  const float limit = std::sqrt(6.0f / 150);
  float largest = 0;
  for (const float value : dense.weight(0)) largest = std::max(largest, std::abs(value));
  CHECK(largest <= limit);
  CHECK(largest > 0.99f * limit);
  for (const float value : dense.weight(1)) CHECK(value == 0);
}

TEST_CASE("what Dense does not take") {
  CHECK_THROWS_WITH(Dense(0), "Dense: expected units of 1 or more, got 0");
  CHECK_THROWS_AS(Dense(-3), ValueError);
  CHECK_THROWS_WITH(build(Dense(2), {}), "expected at least rank 1 (features), got ()");
  CHECK_THROWS_WITH(Dense(2, {.activation = "bump"}),
                    StartsWith("activation: expected one of linear, relu, sigmoid, tanh, softmax, relu6, "));
  CHECK_THROWS_WITH(Dense(2, {.activation = "bump"}),
                    EndsWith("got \"bump\"; register_activation makes one of your own known by its name"));
}

TEST_CASE("options that are one of a few words are taken from any string") {
  const std::string activation = "relu";
  const std::string padding = "same";
  CHECK(Dense(3, {.activation = activation}).options.activation == relu);
  CHECK(Dense(3, activation).options.activation == relu);
  CHECK(Conv2D(3, 2, {.padding = padding}).options.padding == Padding::same);
  CHECK_THROWS_WITH(Conv2D(3, 2, {.padding = activation}), "padding: expected valid, same or causal, got \"relu\"");
}
