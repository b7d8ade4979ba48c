// Layers of noise: how much there is of it, what shares it, and what depends on a seed.

#include <nacre/layers/alpha_dropout.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/gaussian_dropout.hpp>
#include <nacre/layers/gaussian_noise.hpp>
#include <nacre/layers/spatial_dropout1d.hpp>
#include <nacre/layers/spatial_dropout2d.hpp>
#include <nacre/layers/spatial_dropout3d.hpp>

#include <cmath>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

xt::xarray<double> ones(const Shape& shape) {
  auto values = normal_array<double>(shape);
  values.fill(1);
  return values;
}

struct Moments {
  double mean = 0, variance = 0;

  explicit Moments(const xt::xarray<double>& values) {
    const auto count = static_cast<double>(values.size());
    for (const double value : values) mean += value / count;
    for (const double value : values) variance += (value - mean) * (value - mean) / count;
  }
};

}  // namespace

TEST_CASE("what a noise_shape shares is dropped together") {
  const auto y = output_of<double>(Dropout(0.5, {.noise_shape = {-1, 1, -1}}), ones({3, 7, 200}), true);
  bool together = true;
  int dropped = 0, alike = 0;
  for (std::size_t n = 0; n < 3; ++n) {
    for (std::size_t c = 0; c < 200; ++c) {
      for (std::size_t step = 1; step < 7; ++step) together = together && y(n, step, c) == y(n, 0, c);
      dropped += y(n, 0, c) == 0;
      alike += y(n, 0, c) == y(0, 0, c);
    }
  }
  CHECK(together);
  CHECK(std::abs(dropped - 300) < 62);  // five standard deviations
  CHECK(alike < 500);

  const auto shared = output_of<double>(Dropout(0.5, {.noise_shape = {1, 7, 1}}), ones({3, 7, 4}), true);
  for (std::size_t i = 0; i < 84; ++i) CHECK(shared.data()[i] == shared(0, i / 4 % 7, 0));
}

TEST_CASE("spatial dropout drops whole channels") {
  const auto check = [](const Layer& layer, const Shape& shape) {
    INFO(layer.class_name());
    const auto y = output_of<double>(layer, ones(shape), true);
    const auto channels = static_cast<std::size_t>(shape.back());
    const std::size_t sample = y.size() / static_cast<std::size_t>(shape[0]);
    int dropped = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double first = y.data()[i / sample * sample + i % channels];
      REQUIRE(y.data()[i] == first);
      REQUIRE((first == 0 || first == Approx(1 / 0.7)));
      dropped += i % sample < channels && first == 0;
    }
    const double expected = 0.3 * static_cast<double>(shape[0] * shape.back());
    CHECK(std::abs(dropped - expected) < 5 * std::sqrt(expected));
  };
  check(SpatialDropout1D(0.3), {4, 3, 300});
  check(SpatialDropout2D(0.3), {4, 2, 3, 300});
  check(SpatialDropout3D(0.3), {4, 1, 2, 3, 300});
}

TEST_CASE("Gaussian noise has its mean and its deviation") {
  const Moments added(output_of<double>(GaussianNoise(0.5), ones({40, 1000}), true));
  CHECK(std::abs(added.mean - 1) < 0.5 * 5 / 200);
  CHECK(added.variance == Approx(0.25).epsilon(0.04));
  const Moments multiplied(output_of<double>(GaussianDropout(0.2), ones({40, 1000}), true));
  CHECK(std::abs(multiplied.mean - 1) < 0.5 * 5 / 200);
  CHECK(multiplied.variance == Approx(0.25).epsilon(0.04));
}

TEST_CASE("AlphaDropout keeps mean and variance") {
  const auto x = normal_array<double>({40, 1000});
  const auto y = output_of<double>(AlphaDropout(0.3), x, true);
  const Moments moments(y);
  CHECK(std::abs(moments.mean) < 0.03);
  CHECK(moments.variance == Approx(1).epsilon(0.05));
  const double limit = -1.7580993408473766, a = 1 / std::sqrt(0.7 * (1 + 0.3 * limit * limit));
  int dropped = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double kept = a * x.data()[i] - a * limit * 0.3, gone = a * limit - a * limit * 0.3;
    const bool is_gone = std::abs(y.data()[i] - gone) < 1e-9;
    dropped += is_gone;
    if (!is_gone) REQUIRE(y.data()[i] == Approx(kept));
  }
  CHECK(std::abs(dropped - 12000) < 5 * std::sqrt(40000 * 0.3 * 0.7));
}

TEST_CASE("a seed of its own makes a layer draw the same numbers in any model") {
  const auto x = ones({3, 5, 20});
  const auto check = [&](const Layer& seeded, const Layer& other, const Layer& plain) {
    INFO(seeded.class_name());
    CHECK(same_values(output_of<double>(seeded, x, true, 1), output_of<double>(seeded, x, true, 2)));
    CHECK_FALSE(same_values(output_of<double>(seeded, x, true, 1), output_of<double>(other, x, true, 1)));
    CHECK_FALSE(same_values(output_of<double>(plain, x, true, 1), output_of<double>(plain, x, true, 2)));
    CHECK(same_values(output_of<double>(plain, x), x));
  };
  check(Dropout(0.5, {.seed = 3}), Dropout(0.5, {.seed = 4}), Dropout(0.5));
  check(SpatialDropout1D(0.5, {.seed = 3}), SpatialDropout1D(0.5, {.seed = 4}), SpatialDropout1D(0.5));
  check(GaussianNoise(0.5, {.seed = 3}), GaussianNoise(0.5, {.seed = 4}), GaussianNoise(0.5));
  check(GaussianDropout(0.5, {.seed = 3}), GaussianDropout(0.5, {.seed = 4}), GaussianDropout(0.5));
  check(AlphaDropout(0.5, {.seed = 3}), AlphaDropout(0.5, {.seed = 4}), AlphaDropout(0.5));
}

TEST_CASE("what layers of noise do not take") {
  CHECK_THROWS_WITH(SpatialDropout2D(1.5), "SpatialDropout2D: expected a rate from 0 to 1, got 1.5");
  CHECK_THROWS_WITH(GaussianDropout(1), "GaussianDropout: expected a rate from 0 to below 1, got 1");
  CHECK_THROWS_WITH(AlphaDropout(-0.5), "AlphaDropout: expected a rate from 0 to below 1, got -0.5");
  CHECK_THROWS_WITH(GaussianNoise(-1), "GaussianNoise: expected a stddev of 0 or more, got -1");
  CHECK_THROWS_WITH(build(Dropout(0.5, {.noise_shape = {1, 2}}), {3, 4}),
                    "expected a noise_shape of 3 axes, the batch counted, got (1, 2)");
  CHECK_THROWS_WITH(build(Dropout(0.5, {.noise_shape = {-1, 2, 1}}), {3, 4}),
                    "expected a noise_shape of 1, -1 or 3 for axis 1, got 2");
  CHECK_THROWS_WITH(build(AlphaDropout(0.5, {.noise_shape = {5, 1, 1}}), {3, 4}),
                    "expected a noise_shape that begins with -1, for numbers of each sample, or 1, got 5");
  CHECK_THROWS_WITH(build(SpatialDropout1D(0.5), {3}),
                    "expected rank 2 (steps, channels), got (3,); add Reshape({steps, 1}) before it");
}
