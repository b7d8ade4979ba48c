// BatchNormalization: what it normalizes, by which statistics, and how the moving ones follow.

#include <nacre/core/float_control.hpp>
#include <nacre/layers/batch_normalization.hpp>

#include <cmath>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Mean and biased variance of each channel of (batch, channels).
struct Statistics {
  std::vector<double> mean;
  std::vector<double> variance;
};

Statistics statistics_of(const xt::xarray<double>& x) {
  const std::size_t batch = x.shape()[0];
  const std::size_t channels = x.shape()[1];
  Statistics result{std::vector<double>(channels), std::vector<double>(channels)};
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t n = 0; n < batch; ++n) result.mean[c] += x(n, c) / static_cast<double>(batch);
    for (std::size_t n = 0; n < batch; ++n) {
      result.variance[c] += std::pow(x(n, c) - result.mean[c], 2) / static_cast<double>(batch);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("in training the batch's own statistics normalize, and the moving ones follow") {
  constexpr std::int64_t batch = 6, channels = 70;
  LayerHarness<double> layer(BatchNormalization({.momentum = 0.9, .epsilon = 1e-2}), {channels}, batch);
  REQUIRE(layer.weight_specs().size() == 4);
  for (std::int64_t c = 0; c < channels; ++c) {
    layer.weight(0).elements()[c] = 1 + 0.1 * static_cast<double>(c);
    layer.weight(1).elements()[c] = 0.5 - static_cast<double>(c);
  }
  std::vector<double> moving_mean(channels, 0.0);
  std::vector<double> moving_variance(channels, 1.0);
  for (std::uint64_t step = 1; step <= 3; ++step) {
    const auto x = xt::xarray<double>(normal_array<double>({batch, channels}, step) * 3.0 + 2.0);
    const Statistics batch_statistics = statistics_of(x);
    const auto& y = layer.forward(view_of(x), true);
    double worst = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      moving_mean[c] = 0.9 * moving_mean[c] + 0.1 * batch_statistics.mean[c];
      moving_variance[c] = 0.9 * moving_variance[c] + 0.1 * batch_statistics.variance[c];
      worst = std::max(worst, std::abs(layer.weight(2).elements()[c] - moving_mean[c]));
      worst = std::max(worst, std::abs(layer.weight(3).elements()[c] - moving_variance[c]));
      for (std::size_t n = 0; n < batch; ++n) {
        const double normal = (x(n, c) - batch_statistics.mean[c]) / std::sqrt(batch_statistics.variance[c] + 1e-2);
        const double expected = layer.weight(0).elements()[c] * normal + layer.weight(1).elements()[c];
        worst = std::max(worst, std::abs(y(n, c) - expected));
      }
    }
    CHECK(worst < 1e-12);
  }

  // Otherwise the moving ones normalize, and stay as they are.
  const auto x = normal_array<double>({batch, channels}, 9);
  const auto& y = layer.forward(view_of(x));
  double worst = 0;
  for (std::size_t c = 0; c < channels; ++c) {
    worst = std::max(worst, std::abs(layer.weight(2).elements()[c] - moving_mean[c]));
    for (std::size_t n = 0; n < batch; ++n) {
      const double normal = (x(n, c) - moving_mean[c]) / std::sqrt(moving_variance[c] + 1e-2);
      const double expected = layer.weight(0).elements()[c] * normal + layer.weight(1).elements()[c];
      worst = std::max(worst, std::abs(y(n, c) - expected));
    }
  }
  CHECK(worst < 1e-12);
}

TEST_CASE("an image's channels are normalized over all positions, on any axis") {
  // The first axis of a sample as the channels gives what the last one gives for the transposed sample.
  const auto x = normal_array<double>({4, 3, 2, 5});
  const xt::xarray<double> by_last = output_of<double>(BatchNormalization(), x, true);
  const xt::xarray<double> moved = xt::transpose(x, std::vector<std::size_t>{0, 3, 1, 2});
  const xt::xarray<double> by_first = output_of<double>(BatchNormalization({.axis = 1}), moved, true);
  double worst = 0;
  for (std::size_t n = 0; n < 4; ++n) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        for (std::size_t c = 0; c < 5; ++c)
          worst = std::max(worst, std::abs(by_last(n, i, j, c) - by_first(n, c, i, j)));
      }
    }
  }
  CHECK(worst < 1e-14);
  CHECK(same_values(output_of<double>(BatchNormalization({.axis = 3}), x, true), by_last));
}

TEST_CASE("a large mean does not drown a small variance") {
  auto x = xt::xarray<float>(normal_array({256, 1}) * 0.01f + 1000.0f);
  const auto y = output_of<float>(BatchNormalization({.epsilon = 1e-12}), x, true);
  double squares = 0;
  for (const float value : y) squares += static_cast<double>(value) * static_cast<double>(value);
  CHECK(squares / 256 == Approx(1).margin(1e-3));
}

TEST_CASE("a channel that never changes stays finite under the least epsilon") {
  const FlushDenormals flush;
  const auto y =
      output_of<float>(BatchNormalization({.epsilon = 1e-37}), xt::xarray<float>(xt::zeros<float>({8, 2})), true);
  for (const float value : y) CHECK(value == 0);
}

TEST_CASE("BatchNormalization's weights are Keras', in Keras' order") {
  CHECK(weights_of(BatchNormalization(), {4, 4, 3}) ==
        "gamma (3,), beta (3,), [moving_mean (3,)], [moving_variance (3,)]");
  CHECK(weights_of(BatchNormalization({.center = false}), {3}) ==
        "gamma (3,), [moving_mean (3,)], [moving_variance (3,)]");
  CHECK(weights_of(BatchNormalization({.scale = false}), {3}) ==
        "beta (3,), [moving_mean (3,)], [moving_variance (3,)]");
  CHECK(weights_of(BatchNormalization({.axis = 1}), {4, 5, 3}) ==
        "gamma (4,), beta (4,), [moving_mean (4,)], [moving_variance (4,)]");
  CHECK(build(BatchNormalization(), {4, 4, 3}) == Shape{4, 4, 3});
}

TEST_CASE("what BatchNormalization does not take") {
  CHECK_THROWS_WITH(BatchNormalization({.momentum = 1.5}),
                    "BatchNormalization: expected a momentum from 0 to 1, got 1.5");
  for (const double epsilon : {-1.0, 0.0, 1e-38, std::nan("")}) {
    CHECK_THROWS_WITH(BatchNormalization({.epsilon = epsilon}),
                      StartsWith("BatchNormalization: expected an epsilon of 1e-37 or more, as smaller numbers are 0"));
  }
  CHECK_THROWS_WITH(build(BatchNormalization({.axis = 3}), {4, 5}),
                    "expected an input that has axis 3, got (None, 4, 5)");
  CHECK_THROWS_WITH(build(BatchNormalization({.axis = 0}), {4}), "expected an input that has axis 0, got (None, 4)");
  CHECK_THROWS_AS(build(BatchNormalization({.axis = -3}), {4, 5}), ShapeError);
}
