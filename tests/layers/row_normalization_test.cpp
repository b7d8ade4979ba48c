// LayerNormalization, RMSNormalization, UnitNormalization and GroupNormalization against their formulas, and their
// shapes and errors.

#include <nacre/layers/group_normalization.hpp>
#include <nacre/layers/layer_normalization.hpp>
#include <nacre/layers/rms_normalization.hpp>
#include <nacre/layers/unit_normalization.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct Moments {
  double mean = 0, variance = 0, mean_square = 0;

  explicit Moments(const std::vector<double>& values) {
    const auto count = static_cast<double>(values.size());
    for (const double value : values) mean += value / count;
    for (const double value : values) variance += (value - mean) * (value - mean) / count;
    for (const double value : values) mean_square += value * value / count;
  }
};

/// What a layer makes of x, with weights 1, 1.5, 2, ... each.
xt::xarray<double> run(Layer layer, const xt::xarray<double>& x) {
  LayerHarness<double> harness(std::move(layer), shape_of(x).from(1), shape_of(x).front());
  for (std::size_t i = 0; i < harness.weight_specs().size(); ++i) {
    for (std::size_t k = 0; k < harness.weight(i).size(); ++k) {
      harness.weight(i).elements()[k] = 1 + static_cast<double>(k) / 2 + static_cast<double>(i);
    }
  }
  return harness.forward(view_of(x));
}

double gamma(std::int64_t k) { return 1 + static_cast<double>(k) / 2; }
double beta(std::int64_t k) { return 2 + static_cast<double>(k) / 2; }

}  // namespace

TEST_CASE("rows of the last axis") {
  const auto x = normal_array<double>({3, 2, 37}) * 3.0 + 5.0;
  const auto layer = run(LayerNormalization(), x);
  const auto rms = run(RMSNormalization({.epsilon = 0.1}), x);
  const auto unit = run(UnitNormalization(), x);
  for (std::int64_t n = 0; n < 3; ++n) {
    for (std::int64_t row = 0; row < 2; ++row) {
      std::vector<double> values;
      for (std::int64_t i = 0; i < 37; ++i) values.push_back(x(n, row, i));
      const Moments moments(values);
      for (std::int64_t i = 0; i < 37; ++i) {
        const double value = x(n, row, i);
        CHECK(layer(n, row, i) ==
              Approx(gamma(i) * (value - moments.mean) / std::sqrt(moments.variance + 1e-3) + beta(i)));
        CHECK(rms(n, row, i) == Approx(gamma(i) * value / std::sqrt(moments.mean_square + 0.1)));
        CHECK(unit(n, row, i) == Approx(value / std::sqrt(moments.mean_square * 37)));
      }
    }
  }
}

TEST_CASE("axes around another are normalized together") {
  const auto x = normal_array<double>({2, 3, 4, 5});
  const auto y = run(LayerNormalization({.axis = {-1, 1}}), x);
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t j = 0; j < 4; ++j) {
      std::vector<double> values;
      for (std::int64_t i = 0; i < 3; ++i) {
        for (std::int64_t k = 0; k < 5; ++k) values.push_back(x(n, i, j, k));
      }
      const Moments moments(values);
      for (std::int64_t i = 0; i < 3; ++i) {
        for (std::int64_t k = 0; k < 5; ++k) {
          const double normal = (x(n, i, j, k) - moments.mean) / std::sqrt(moments.variance + 1e-3);
          CHECK(y(n, i, j, k) == Approx(gamma(i * 5 + k) * normal + beta(i * 5 + k)));
        }
      }
    }
  }
}

TEST_CASE("groups of channels are normalized together, wherever the channels lie") {
  const auto x = normal_array<double>({2, 3, 2, 6}) + 4.0;
  const auto last = run(GroupNormalization({.groups = 3}), x);
  xt::xarray<double> turned = normal_array<double>({2, 6, 3, 2});
  for (std::int64_t i = 0; i < 72; ++i)
    turned(i / 36, i % 6, i / 12 % 3, i / 6 % 2) = x(i / 36, i / 12 % 3, i / 6 % 2, i % 6);
  const auto first = run(GroupNormalization({.groups = 3, .axis = 1}), turned);
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t group = 0; group < 3; ++group) {
      std::vector<double> values;
      for (std::int64_t i = 0; i < 12; ++i) values.push_back(x(n, i / 4, i / 2 % 2, 2 * group + i % 2));
      const Moments moments(values);
      for (std::int64_t i = 0; i < 12; ++i) {
        const std::int64_t c = 2 * group + i % 2;
        const double normal = (x(n, i / 4, i / 2 % 2, c) - moments.mean) / std::sqrt(moments.variance + 1e-3);
        CHECK(last(n, i / 4, i / 2 % 2, c) == Approx(gamma(c) * normal + beta(c)));
        CHECK(first(n, c, i / 4, i / 2 % 2) == Approx(gamma(c) * normal + beta(c)));
      }
    }
  }
}

TEST_CASE("rows of zeros have outputs and gradients") {
  for (const Layer& layer : {Layer(LayerNormalization()), Layer(RMSNormalization()), Layer(UnitNormalization()),
                             Layer(GroupNormalization({.groups = 1}))}) {
    INFO(layer.class_name());
    LayerHarness<float> harness(layer, {6}, 1);
    const std::vector<float> zeros(6), ones(6, 1.0F);
    const auto& y = harness.forward({zeros.data(), Shape{1, 6}}, true);
    for (int i = 0; i < 6; ++i) CHECK(y.elements()[i] == 0);
    const auto& dx = harness.backward({ones.data(), Shape{1, 6}});
    for (int i = 0; i < 6; ++i) CHECK(std::isfinite(dx.elements()[i]));
  }
}

TEST_CASE("weights of these normalizations are Keras'") {
  CHECK(weights_of(LayerNormalization(), {4, 6}) == "gamma (6,), beta (6,)");
  CHECK(weights_of(LayerNormalization({.axis = {2, 1}, .center = false}), {4, 6, 3}) == "gamma (4, 6)");
  CHECK(weights_of(RMSNormalization(), {4, 6}) == "scale (6,)");
  CHECK(weights_of(UnitNormalization(), {4, 6}).empty());
  CHECK(weights_of(GroupNormalization({.groups = 2, .axis = 1}), {4, 6}) == "gamma (4,), beta (4,)");
}

TEST_CASE("what these normalizations do not take") {
  CHECK_THROWS_WITH(LayerNormalization({.axis = {}}), "LayerNormalization: expected one axis or more, got none");
  CHECK_THROWS_WITH(RMSNormalization({.epsilon = 0}),
                    "RMSNormalization: expected an epsilon of 1e-37 or more, as smaller numbers are 0 in float, got 0");
  CHECK_THROWS_WITH(build(LayerNormalization({.axis = 3}), {4, 6}),
                    "expected an input that has axis 3, got (None, 4, 6)");
  CHECK_THROWS_WITH(build(UnitNormalization({.axis = 0}), {4, 6}),
                    "axis 0 is the batch, which cannot be normalized; expected an axis from 1 to 2, or from -1 to -2");
  CHECK_THROWS_WITH(GroupNormalization({.groups = 0}),
                    "GroupNormalization: expected groups of 1 or more, or -1 for one a channel, got 0");
  CHECK_THROWS_WITH(build(GroupNormalization({.groups = 4}), {3, 6}),
                    "expected channels that 4 groups divide, got (3, 6) with 6 channels");
}
