#include "kernel_testing.hpp"

#include <nacre/kernels/elementwise.hpp>

using namespace nacre::testing;
using nacre::Activation;
namespace kernels = nacre::kernels;

namespace {

double reference(Activation activation, double x) {
  switch (activation.kind()) {
    case Activation::relu:
      return x < 0 ? 0 : x;
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::tanh:
      return std::tanh(x);
    default:
      return x;
  }
}

const std::vector<Activation> activations{Activation::linear, Activation::relu, Activation::sigmoid, Activation::tanh};

}  // namespace

TEMPLATE_TEST_CASE("activate agrees with the definition", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (Activation activation : activations) {
    for (std::int64_t count : awkward_counts) {
      const auto x = uniform_values<TestType>(count, -12, 12, 3);
      std::vector<TestType> y(x.size());
      std::vector<double> expected;
      for (TestType value : x) expected.push_back(reference(activation, static_cast<double>(value)));
      kernels::activate(activation, count, x.data(), y.data());
      CAPTURE(activation.name(), count);
      CHECK(worst_error(y, expected, 1e-30) < few_ulp<TestType>);

      auto in_place = x;
      kernels::activate(activation, count, in_place.data(), in_place.data());
      CHECK(first_difference(in_place, y) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("activate at the ends of the range", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using Limits = std::numeric_limits<TestType>;
  const std::vector<TestType> x{Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), Limits::max(),
                                Limits::lowest(),   Limits::min(),       TestType(0),         TestType(-0.0),
                                TestType(200),      TestType(-200),      TestType(1e-3),      TestType(-1e-5)};
  for (Activation activation : activations) {
    std::vector<TestType> y(x.size());
    std::vector<double> expected;
    for (TestType value : x) expected.push_back(reference(activation, static_cast<double>(value)));
    kernels::activate(activation, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    CAPTURE(activation.name());
    CHECK(worst_error(y, expected, 1e-37) < few_ulp<TestType>);
  }
}

TEST_CASE("activate in float is accurate over the whole range", "[kernels][elementwise]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  std::vector<float> x;
  for (int i = -90000; i <= 90000; ++i) x.push_back(static_cast<float>(i) * 1e-3f);
  for (float magnitude = 1; magnitude > 1e-30f; magnitude *= 0.7f) {
    x.push_back(magnitude);
    x.push_back(-magnitude);
  }
  std::vector<float> y(x.size());
  for (Activation activation : {Activation::sigmoid, Activation::tanh}) {
    kernels::activate(activation, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = reference(activation, static_cast<double>(x[i]));
      if (expected < 1e-37 && expected > -1e-37) continue;  // would be a denormal
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - expected) / std::abs(expected));
    }
    CAPTURE(Activation(activation).name());
    CHECK(worst < 4 * 1.2e-7);
  }
}

TEMPLATE_TEST_CASE("activation_gradient agrees with the derivative", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (Activation activation : activations) {
    for (std::int64_t count : awkward_counts) {
      const auto x = uniform_values<TestType>(count, -3, 3, 3);
      const auto dy = uniform_values<TestType>(count, -1, 1, 4);
      std::vector<TestType> y(x.size());
      std::vector<TestType> dx(x.size());
      kernels::activate(activation, count, x.data(), y.data());
      kernels::activation_gradient(activation, count, y.data(), dy.data(), dx.data());
      std::vector<double> expected;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double at = static_cast<double>(x[i]);
        const double h = 1e-6;
        const double slope = (reference(activation, at + h) - reference(activation, at - h)) / (2 * h);
        expected.push_back(slope * static_cast<double>(dy[i]));
      }
      CAPTURE(activation.name(), count);
      CHECK(worst_error(dx, expected) < few_ulp<float>);

      auto in_place = dy;
      kernels::activation_gradient(activation, count, y.data(), in_place.data(), in_place.data());
      CHECK(first_difference(in_place, dx) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("an element does not depend on how the range was cut", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t count = 301;
  const auto x = uniform_values<TestType>(count, -8, 8, 5);
  for (Activation activation : activations) {
    std::vector<TestType> whole(x.size());
    kernels::activate(activation, count, x.data(), whole.data());
    std::vector<TestType> whole_gradient(x.size());
    kernels::activation_gradient(activation, count, whole.data(), x.data(), whole_gradient.data());
    std::vector<TestType> whole_scaled(x.size());
    kernels::scale_shift(count, x.data(), TestType(0.3), TestType(-0.7), whole_scaled.data());
    for (std::int64_t piece : {1, 3, 11, 16, 37}) {
      std::vector<TestType> y(x.size());
      std::vector<TestType> dx(x.size());
      std::vector<TestType> scaled(x.size());
      for (std::int64_t first = 0; first < count; first += piece) {
        const std::int64_t size = std::min(piece, count - first);
        kernels::activate(activation, size, x.data() + first, y.data() + first);
        kernels::activation_gradient(activation, size, y.data() + first, x.data() + first, dx.data() + first);
        kernels::scale_shift(size, x.data() + first, TestType(0.3), TestType(-0.7), scaled.data() + first);
      }
      CAPTURE(activation.name(), piece);
      CHECK(first_difference(y, whole) == -1);
      CHECK(first_difference(dx, whole_gradient) == -1);
      CHECK(first_difference(scaled, whole_scaled) == -1);
    }
  }
}
