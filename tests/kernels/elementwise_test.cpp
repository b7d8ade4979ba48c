#include "kernel_testing.hpp"

#include <algorithm>

#include <nacre/kernels/elementwise.hpp>

using namespace nacre::testing;
using nacre::Activation;
namespace kernels = nacre::kernels;

namespace {

/// An elementwise activation, its definition, and where that goes at the ends of the line.
struct Case {
  Activation activation;
  double (*function)(double);
  double at_minus_infinity, at_infinity;

  double operator()(double x) const {
    if (std::isinf(x)) return x < 0 ? at_minus_infinity : at_infinity;
    return function(x);
  }
};

constexpr double inf = std::numeric_limits<double>::infinity();

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double softplus_of(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double clamp_to_six(double x) { return x < 0 ? 0 : x > 6 ? 6 : x; }
double squareplus_of(double x, double b) {
  const double root = x / 2 > 1e150 || x / 2 < -1e150 ? std::abs(x) / 2 : std::hypot(x / 2, std::sqrt(b) / 2);
  return x < 0 ? b / 4 / (root - x / 2) : x / 2 + root;
}
double approximate_gelu(double x) {
  if (x > 100 || x < -100) return x > 0 ? x : 0;
  const double u = std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x);
  return x < 0 ? x / (1 + std::exp(-2 * u)) : x * 0.5 * (1 + std::tanh(u));
}

const std::vector<Case> cases{
    {nacre::linear, [](double x) { return x; }, -inf, inf},
    {nacre::relu, [](double x) { return x < 0 ? 0 : x; }, 0, inf},
    {nacre::activations::Relu{.max_value = 4}, [](double x) { return x < 0   ? 0
                                                                     : x > 4 ? 4
                                                                             : x; }, 0, 4},
    {nacre::activations::Relu{.negative_slope = 0.25, .max_value = 2, .threshold = 1},
     [](double x) { return x < 1   ? 0.25 * (x - 1)
                           : x > 2 ? 2
                                   : x; }, -inf, 2},
    {nacre::sigmoid, sigmoid_of, 0, 1},
    {nacre::activations::tanh, [](double x) { return std::tanh(x); }, -1, 1},
    {nacre::relu6, clamp_to_six, 0, 6},
    {nacre::leaky_relu, [](double x) { return x < 0 ? 0.2 * x : x; }, -inf, inf},
    {nacre::activations::LeakyRelu{.negative_slope = 0.5}, [](double x) { return x < 0 ? 0.5 * x : x; }, -inf, inf},
    {nacre::elu, [](double x) { return x > 0 ? x : std::expm1(x); }, -1, inf},
    {nacre::activations::Elu{.alpha = 0.5}, [](double x) { return x > 0 ? x : 0.5 * std::expm1(x); }, -0.5, inf},
    {nacre::selu, [](double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); },
     -1.7580993408473766, inf},
    {nacre::gelu, [](double x) { return x < -100 ? 0 : 0.5 * x * std::erfc(-x / std::sqrt(2.0)); }, 0, inf},
    {nacre::activations::Gelu{.approximate = true}, approximate_gelu, 0, inf},
    {nacre::silu, [](double x) { return x < -1000 ? 0 : x * sigmoid_of(x); }, 0, inf},
    {nacre::mish, [](double x) { return x < -1000 ? 0 : x * std::tanh(softplus_of(x)); }, 0, inf},
    {nacre::softplus, softplus_of, 0, inf},
    {nacre::softsign, [](double x) { return x / (1 + std::abs(x)); }, -1, 1},
    {nacre::hard_sigmoid, [](double x) { return clamp_to_six(x + 3) / 6; }, 0, 1},
    {nacre::hard_silu, [](double x) { return x < -3 ? 0 : x * (clamp_to_six(x + 3) / 6); }, 0, inf},
    {nacre::exponential, [](double x) { return std::exp(x); }, 0, inf},
    {nacre::celu, [](double x) { return x > 0 ? x : std::expm1(x); }, -1, inf},
    {nacre::activations::Celu{.alpha = 2}, [](double x) { return x > 0 ? x : 2 * std::expm1(x / 2); }, -2, inf},
    {nacre::hard_shrink, [](double x) { return std::abs(x) <= 0.5 ? 0 : x; }, -inf, inf},
    {nacre::activations::HardShrink{.threshold = 2}, [](double x) { return std::abs(x) <= 2 ? 0 : x; }, -inf, inf},
    {nacre::soft_shrink, [](double x) { return x - std::clamp(x, -0.5, 0.5); }, -inf, inf},
    {nacre::activations::SoftShrink{.threshold = 2}, [](double x) { return x - std::clamp(x, -2.0, 2.0); }, -inf, inf},
    {nacre::tanh_shrink, [](double x) { return x - std::tanh(x); }, -inf, inf},
    {nacre::hard_tanh, [](double x) { return x < -1  ? -1
                                             : x > 1 ? 1
                                                     : x; }, -1, 1},
    {nacre::log_sigmoid, [](double x) { return -softplus_of(-x); }, -inf, 0},
    {nacre::squareplus, [](double x) { return squareplus_of(x, 4); }, 0, inf},
    {nacre::activations::Squareplus{.b = 0.25}, [](double x) { return squareplus_of(x, 0.25); }, 0, inf},
    {nacre::sparse_plus, [](double x) { return x >= 1    ? x
                                               : x <= -1 ? 0
                                                         : (x + 1) * (x + 1) / 4; }, 0, inf},
    {nacre::sparse_sigmoid, [](double x) { return x >= 1    ? 1
                                                  : x <= -1 ? 0
                                                            : (x + 1) / 2; }, 0, 1},
    {nacre::activations::threshold, [](double x) { return x < 0 ? 0 : x; }, 0, inf},
    {nacre::activations::Threshold{.threshold = 1.5, .default_value = -2}, [](double x) { return x <= 1.5 ? -2 : x; },
     -2, inf},
};

// The approximate gelu is one by its definition; tanh_shrink is a difference, which is as exact as its terms.
bool is_approximate(const Activation& activation) {
  return activation == Activation(nacre::activations::Gelu{.approximate = true}) || activation == nacre::tanh_shrink;
}

/// What the derivative is taken from.
template <class T>
const T* kept(const Activation& activation, const std::vector<T>& x, const std::vector<T>& y) {
  return activation.keeps_input() ? x.data() : y.data();
}

}  // namespace

TEMPLATE_TEST_CASE("activate agrees with the definition", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    for (std::int64_t count : awkward_counts) {
      const auto x = uniform_values<TestType>(count, -12, 12, 3);
      std::vector<TestType> y(x.size());
      std::vector<double> expected;
      for (TestType value : x) expected.push_back(reference(static_cast<double>(value)));
      kernels::activate(activation, count, x.data(), y.data());
      CAPTURE(activation.to_string(), count);
      // What is approximate need not be exact near 0. The tail of gelu in double has what the
      // argument of erfc was rounded by.
      const double absolute = is_approximate(activation) ? 0.1 : 1e-30;
      const bool rounds_argument = sizeof(TestType) == 8 && activation == nacre::gelu;
      CHECK(worst_error(y, expected, absolute) < (rounds_argument ? 5e-14 : few_ulp<TestType>));

      auto in_place = x;
      kernels::activate(activation, count, static_cast<const TestType*>(in_place.data()), in_place.data());
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
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    std::vector<TestType> y(x.size());
    std::vector<double> expected;
    for (TestType value : x)
      expected.push_back(static_cast<double>(static_cast<TestType>(reference(static_cast<double>(value)))));
    kernels::activate(activation, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    CAPTURE(activation.to_string());
    // A difference near 0 is as exact as its terms.
    const double absolute = activation == nacre::tanh_shrink ? 1 : 1e-37;
    CHECK(worst_error(y, expected, absolute) < few_ulp<TestType>);
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
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    if (is_approximate(activation)) continue;
    kernels::activate(activation, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = reference(static_cast<double>(x[i]));
      if (expected < 2e-36 && expected > -2e-36) continue;  // is made of a denormal, which is 0
      if (std::abs(expected) > 3e38) continue;              // is infinite in float
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - expected) / std::abs(expected));
    }
    CAPTURE(activation.to_string());
    CHECK(worst < 6 * 1.2e-7);
  }
}

TEMPLATE_TEST_CASE("activation_gradient agrees with the derivative", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    for (std::int64_t count : awkward_counts) {
      const auto x = uniform_values<TestType>(count, -3, 3, 3);
      const auto dy = uniform_values<TestType>(count, -1, 1, 4);
      std::vector<TestType> y(x.size());
      std::vector<TestType> dx(x.size());
      kernels::activate(activation, count, x.data(), y.data());
      kernels::activation_gradient(activation, count, kept(activation, x, y), dy.data(), dx.data());
      std::vector<double> expected;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double at = static_cast<double>(x[i]);
        const double h = 1e-6;
        const double slope = (reference(at + h) - reference(at - h)) / (2 * h);
        expected.push_back(slope * static_cast<double>(dy[i]));
      }
      CAPTURE(activation.to_string(), count);
      CHECK(worst_error(dx, expected) < few_ulp<float>);

      auto in_place = dy;
      kernels::activation_gradient(activation, count, kept(activation, x, y),
                                   static_cast<const TestType*>(in_place.data()), in_place.data());
      CHECK(first_difference(in_place, dx) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("an element does not depend on how the range was cut", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t count = 301;
  const auto x = uniform_values<TestType>(count, -8, 8, 5);
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    std::vector<TestType> whole(x.size());
    kernels::activate(activation, count, x.data(), whole.data());
    std::vector<TestType> whole_gradient(x.size());
    kernels::activation_gradient(activation, count, kept(activation, x, whole), x.data(), whole_gradient.data());
    std::vector<TestType> whole_scaled(x.size());
    kernels::scale_shift(count, x.data(), TestType(0.3), TestType(-0.7), whole_scaled.data());
    for (std::int64_t piece : {1, 3, 11, 16, 37}) {
      std::vector<TestType> y(x.size());
      std::vector<TestType> dx(x.size());
      std::vector<TestType> scaled(x.size());
      for (std::int64_t first = 0; first < count; first += piece) {
        const std::int64_t size = std::min(piece, count - first);
        kernels::activate(activation, size, x.data() + first, y.data() + first);
        kernels::activation_gradient(activation, size, kept(activation, x, y) + first, x.data() + first,
                                     dx.data() + first);
        kernels::scale_shift(size, x.data() + first, TestType(0.3), TestType(-0.7), scaled.data() + first);
      }
      CAPTURE(activation.to_string(), piece);
      CHECK(first_difference(y, whole) == -1);
      CHECK(first_difference(dx, whole_gradient) == -1);
      CHECK(first_difference(scaled, whole_scaled) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("slopes at the ends of the range", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using Limits = std::numeric_limits<TestType>;
  const std::vector<TestType> x{-Limits::infinity(), Limits::lowest(), TestType(-1e4),
                                TestType(1e4),       Limits::max(),    Limits::infinity()};
  const std::vector<TestType> dy(x.size(), TestType(1));
  for (const Case& reference : cases) {
    const Activation& activation = reference.activation;
    if (activation == nacre::exponential) continue;  // infinite
    std::vector<TestType> y(x.size()), dx(x.size());
    const auto count = static_cast<std::int64_t>(x.size());
    kernels::activate(activation, count, x.data(), y.data());
    kernels::activation_gradient(activation, count, kept(activation, x, y), dy.data(), dx.data());
    CAPTURE(activation.to_string());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double at = x[i] < 0 ? -1e4 : 1e4;
      CHECK(static_cast<double>(dx[i]) == Approx(reference(at + 1) - reference(at)).margin(1e-6));
    }
  }
}

TEMPLATE_TEST_CASE("log_softmax agrees with the definition", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t classes : awkward_counts) {
    if (classes == 0) continue;
    const std::int64_t rows = 3;
    const auto x = uniform_values<TestType>(rows * classes, -9, 9, 11);
    const auto dy = uniform_values<TestType>(rows * classes, -1, 1, 12);
    std::vector<TestType> y(x.size()), dx(x.size());
    kernels::activate_rows(nacre::log_softmax, rows, classes, x.data(), y.data());
    kernels::activation_rows_gradient(nacre::log_softmax, rows, classes, y.data(), dy.data(), dx.data());
    std::vector<double> expected, expected_gradient;
    for (std::int64_t row = 0; row < rows; ++row) {
      const TestType* z = x.data() + row * classes;
      double total = 0, slopes = 0;
      for (std::int64_t c = 0; c < classes; ++c) {
        total += std::exp(static_cast<double>(z[c]));
        slopes += static_cast<double>(dy[static_cast<std::size_t>(row * classes + c)]);
      }
      for (std::int64_t c = 0; c < classes; ++c) {
        const double value = static_cast<double>(z[c]) - std::log(total);
        expected.push_back(value);
        expected_gradient.push_back(static_cast<double>(dy[static_cast<std::size_t>(row * classes + c)]) -
                                    std::exp(value) * slopes);
      }
    }
    CAPTURE(classes);
    CHECK(worst_error(y, expected) < few_ulp<TestType>);
    CHECK(worst_error(dx, expected_gradient) < few_ulp<TestType>);
    auto in_place = x;
    kernels::activate_rows(nacre::log_softmax, rows, classes, static_cast<const TestType*>(in_place.data()),
                           in_place.data());
    CHECK(first_difference(in_place, y) == -1);
  }

  // No size of logits overflows, a class may be impossible, and a NaN shows.
  const auto nan = std::numeric_limits<TestType>::quiet_NaN();
  const auto impossible = -std::numeric_limits<TestType>::infinity();
  const std::vector<TestType> x{TestType(1e30), TestType(0), TestType(0), impossible, TestType(1), nan};
  std::vector<TestType> y(x.size());
  kernels::activate_rows(nacre::log_softmax, 3, 2, x.data(), y.data());
  CHECK(y[0] == 0);
  CHECK(y[1] == TestType(-1e30));
  CHECK(y[2] == 0);
  CHECK(y[3] == impossible);
  CHECK(std::isnan(y[4]));
  CHECK(std::isnan(y[5]));
}

TEMPLATE_TEST_CASE("sparsemax agrees with the definition", "[kernels][elementwise]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t classes : awkward_counts) {
    if (classes == 0) continue;
    const std::int64_t rows = 3;
    const auto x = uniform_values<TestType>(rows * classes, -2, 2, 11);
    const auto dy = uniform_values<TestType>(rows * classes, -1, 1, 12);
    std::vector<TestType> y(x.size()), dx(x.size());
    kernels::activate_rows(nacre::sparsemax, rows, classes, x.data(), y.data());
    kernels::activation_rows_gradient(nacre::sparsemax, rows, classes, y.data(), dy.data(), dx.data());
    std::vector<double> expected, expected_gradient;
    for (std::int64_t row = 0; row < rows; ++row) {
      // By sorting, as the paper has it.
      const auto at = [&](const std::vector<TestType>& values, std::int64_t c) {
        return static_cast<double>(values[static_cast<std::size_t>(row * classes + c)]);
      };
      std::vector<double> sorted;
      for (std::int64_t c = 0; c < classes; ++c) sorted.push_back(at(x, c));
      std::sort(sorted.rbegin(), sorted.rend());
      double sum = 0, tau = 0;
      for (std::size_t k = 0; k < sorted.size(); ++k) {
        sum += sorted[k];
        if (1 + static_cast<double>(k + 1) * sorted[k] > sum) tau = (sum - 1) / static_cast<double>(k + 1);
      }
      double slopes = 0, support = 0;
      for (std::int64_t c = 0; c < classes; ++c) {
        if (at(x, c) <= tau) continue;
        slopes += at(dy, c);
        support += 1;
      }
      for (std::int64_t c = 0; c < classes; ++c) {
        expected.push_back(std::max(at(x, c) - tau, 0.0));
        expected_gradient.push_back(at(x, c) > tau ? at(dy, c) - slopes / support : 0);
      }
    }
    CAPTURE(classes);
    CHECK(worst_error(y, expected) < few_ulp<TestType>);
    CHECK(worst_error(dx, expected_gradient) < few_ulp<TestType>);
  }
  // All the mass goes to one that is far ahead, and an impossible class has none.
  const std::vector<TestType> x{TestType(1e30), TestType(0), TestType(0), -std::numeric_limits<TestType>::infinity()};
  std::vector<TestType> y(x.size());
  kernels::activate_rows(nacre::sparsemax, 2, 2, x.data(), y.data());
  CHECK(y == std::vector<TestType>{1, 0, 1, 0});
}
