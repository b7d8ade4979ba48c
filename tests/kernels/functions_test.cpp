#include "kernel_testing.hpp"

#include <algorithm>

#include <nacre/kernels/functions.hpp>
#include <nacre/kernels/matmul.hpp>

using namespace nacre::testing;
using nacre::kernels::Binary;
using nacre::kernels::Unary;
namespace kernels = nacre::kernels;

namespace {

/// A function with its derivative, where it is defined.
struct UnaryCase {
  Unary function;
  double low, high;
  double (*value)(double);
  double (*slope)(double);
};

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }
double one_if(bool holds) { return holds ? 1 : 0; }

const std::vector<UnaryCase> unary_cases{
    {Unary::exp, -20, 20, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    {Unary::log, 1e-3, 50, [](double x) { return std::log(x); }, [](double x) { return 1 / x; }},
    {Unary::sqrt, 1e-3, 50, [](double x) { return std::sqrt(x); }, [](double x) { return 0.5 / std::sqrt(x); }},
    {Unary::square, -5, 5, [](double x) { return x * x; }, [](double x) { return 2 * x; }},
    {Unary::abs, -5, 5, [](double x) { return std::abs(x); }, [](double x) { return x < 0 ? -1. : 1.; }},
    {Unary::sigmoid, -9, 9, sigmoid_of, [](double x) { return sigmoid_of(x) * (1 - sigmoid_of(x)); }},
    {Unary::tanh, -5, 5, [](double x) { return std::tanh(x); }, [](double x) { return 1 - std::pow(std::tanh(x), 2); }},
    {Unary::relu, -5, 5, [](double x) { return std::max(x, 0.0); }, [](double x) { return one_if(x > 0); }},
    {Unary::erf, -5, 5, [](double x) { return std::erf(x); },
     [](double x) { return 2 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x); }},
};

struct BinaryCase {
  Binary function;
  double (*value)(double, double);
};

const std::vector<BinaryCase> binary_cases{
    {Binary::add, [](double a, double b) { return a + b; }},
    {Binary::subtract, [](double a, double b) { return a - b; }},
    {Binary::multiply, [](double a, double b) { return a * b; }},
    {Binary::divide, [](double a, double b) { return a / b; }},
    {Binary::power, [](double a, double b) { return std::pow(a, b); }},
    {Binary::maximum, [](double a, double b) { return std::max(a, b); }},
    {Binary::minimum, [](double a, double b) { return std::min(a, b); }},
    {Binary::equal, [](double a, double b) { return one_if(a == b); }},
    {Binary::not_equal, [](double a, double b) { return one_if(a != b); }},
    {Binary::greater, [](double a, double b) { return one_if(a > b); }},
    {Binary::greater_equal, [](double a, double b) { return one_if(a >= b); }},
    {Binary::less, [](double a, double b) { return one_if(a < b); }},
    {Binary::less_equal, [](double a, double b) { return one_if(a <= b); }},
};

}  // namespace

TEMPLATE_TEST_CASE("functions of one argument and their derivatives", "", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const UnaryCase& the : unary_cases) {
    for (const std::int64_t count : awkward_counts) {
      CAPTURE(kernels::unary_names[static_cast<std::size_t>(the.function)], count);
      const auto x = uniform_values<TestType>(count, the.low, the.high, 1);
      const auto dy = uniform_values<TestType>(count, -1, 1, 2);
      std::vector<double> y, dx;
      for (std::size_t i = 0; i < x.size(); ++i) {
        y.push_back(the.value(static_cast<double>(x[i])));
        dx.push_back(the.slope(static_cast<double>(x[i])) * static_cast<double>(dy[i]));
      }
      std::vector<TestType> found(x.size()), gradient(x.size());
      kernels::unary(the.function, count, x.data(), found.data());
      CHECK(worst_error(found, y, 1e-3) < few_ulp<TestType>);
      kernels::unary_gradient(the.function, count, x.data(), static_cast<const TestType*>(found.data()), dy.data(),
                              gradient.data());
      CHECK(worst_error(gradient, dx) < few_ulp<TestType>);
      std::vector<TestType> in_place = x;
      kernels::unary(the.function, count, static_cast<const TestType*>(in_place.data()), in_place.data());
      CHECK(first_difference(in_place, found) == -1);
    }
  }
}

TEMPLATE_TEST_CASE("functions of two arguments", "", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const BinaryCase& the : binary_cases) {
    for (const std::int64_t count : awkward_counts) {
      CAPTURE(kernels::binary_names[static_cast<std::size_t>(the.function)], count);
      const auto a = uniform_values<TestType>(count, 0.5, 3, 1);
      auto b = uniform_values<TestType>(count, 0.5, 3, 2);
      for (std::size_t i = 0; i < b.size(); i += 3) b[i] = a[i];
      std::vector<double> expected;
      for (std::size_t i = 0; i < a.size(); ++i) {
        expected.push_back(the.value(static_cast<double>(a[i]), static_cast<double>(b[i])));
      }
      std::vector<TestType> found(a.size());
      kernels::binary(the.function, count, a.data(), b.data(), found.data());
      CHECK(worst_error(found, expected) < few_ulp<TestType>);
    }
  }
}

TEMPLATE_TEST_CASE("what is not a number stays so in a maximum and a minimum, and compares to nothing", "", float,
                   double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const TestType nan = std::numeric_limits<TestType>::quiet_NaN();
  const std::vector<TestType> a{nan, 1, nan}, b{1, nan, nan};
  std::vector<TestType> y(3);
  for (const Binary function : {Binary::maximum, Binary::minimum}) {
    kernels::binary(function, 3, a.data(), b.data(), y.data());
    CHECK(std::all_of(y.begin(), y.end(), [](TestType value) { return std::isnan(value); }));
  }
  for (const Binary function :
       {Binary::equal, Binary::greater, Binary::greater_equal, Binary::less, Binary::less_equal}) {
    kernels::binary(function, 3, a.data(), b.data(), y.data());
    CHECK(y == std::vector<TestType>{0, 0, 0});
  }
}

TEMPLATE_TEST_CASE("one of two by a condition", "", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t count : awkward_counts) {
    auto condition = uniform_values<TestType>(count, -1, 1, 1);
    for (TestType& value : condition) value = value < 0 ? TestType(0) : value;
    const auto a = uniform_values<TestType>(count, -1, 1, 2);
    const auto b = uniform_values<TestType>(count, -1, 1, 3);
    std::vector<TestType> expected, found(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) expected.push_back(condition[i] != TestType(0) ? a[i] : b[i]);
    kernels::choose(count, condition.data(), a.data(), b.data(), found.data());
    CHECK(first_difference(found, expected) == -1);
  }
}

TEMPLATE_TEST_CASE("products of matrices and their gradients", "", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  struct Sizes {
    std::int64_t rows, depth, columns;
  };
  for (const Sizes& size :
       {Sizes{1, 1, 1}, Sizes{3, 4, 2}, Sizes{7, 5, 17}, Sizes{33, 1, 40}, Sizes{2, 600, 3}, Sizes{40, 70, 35}}) {
    CAPTURE(size.rows, size.depth, size.columns);
    const auto at = [](std::int64_t row, std::int64_t width, std::int64_t column) {
      return static_cast<std::size_t>(row * width + column);
    };
    const kernels::MatmulShape shape{size.rows, size.depth, size.columns};
    const auto a = uniform_values<TestType>(size.rows * size.depth, -1, 1, 1);
    const auto b = uniform_values<TestType>(size.depth * size.columns, -1, 1, 2);
    const auto dc = uniform_values<TestType>(size.rows * size.columns, -1, 1, 3);
    std::vector<double> c(dc.size(), 0), da(a.size(), 0), db(b.size(), 0);
    for (std::int64_t i = 0; i < size.rows; ++i) {
      for (std::int64_t k = 0; k < size.depth; ++k) {
        for (std::int64_t j = 0; j < size.columns; ++j) {
          const auto x = static_cast<double>(a[at(i, size.depth, k)]),
                     y = static_cast<double>(b[at(k, size.columns, j)]);
          const auto g = static_cast<double>(dc[at(i, size.columns, j)]);
          c[at(i, size.columns, j)] += x * y;
          da[at(i, size.depth, k)] += g * y;
          db[at(k, size.columns, j)] += x * g;
        }
      }
    }
    const double tolerance = 20 * few_ulp<TestType>;
    std::vector<TestType> found_c(c.size()), found_a(a.size()), found_b(b.size()), scratch(b.size());
    for (const bool accumulate : {false, true}) {  // the second time onto the first
      const auto expected = [&](std::vector<double> sums) {
        for (double& sum : sums) sum *= accumulate ? 2 : 1;
        return sums;
      };
      kernels::matmul(shape, a.data(), b.data(), found_c.data(), accumulate);
      CHECK(worst_error(found_c, expected(c)) < tolerance);
      kernels::matmul_gradient_a(shape, b.data(), dc.data(), found_a.data(), scratch.data(), accumulate);
      CHECK(worst_error(found_a, expected(da)) < tolerance);
      kernels::matmul_gradient_b(shape, a.data(), dc.data(), found_b.data(), accumulate);
      CHECK(worst_error(found_b, expected(db)) < tolerance);
    }
  }
}
