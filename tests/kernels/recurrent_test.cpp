// The cells of recurrent layers and the softmax of attention, against their formulas in double.

#include "kernel_testing.hpp"

#include <cmath>

#include <nacre/kernels/attention.hpp>
#include <nacre/kernels/recurrent.hpp>

using namespace nacre::testing;
namespace kernels = nacre::kernels;

namespace {

double s(double x) { return 1 / (1 + std::exp(-x)); }

template <class T>
std::size_t index(std::int64_t row, std::int64_t width, std::int64_t column) {
  return static_cast<std::size_t>(row * width + column);
}

}  // namespace

TEMPLATE_TEST_CASE("the cells compute their formulas", "[kernels][recurrent]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t units : {1, 3, 8, 16, 17, 33}) {
    const std::int64_t rows = 3;
    const auto before = uniform_values<T>(rows * 4 * units, -3, 3, 1);
    const auto state = uniform_values<T>(rows * units, -2, 2, 2);
    std::vector<T> gates = before, c(state.size()), h(state.size());
    kernels::lstm_cell(kernels::CellShape{rows, units}, gates.data(), state.data(), c.data(), h.data());
    std::vector<long double> expected_c, expected_h;
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t u = 0; u < units; ++u) {
        const auto z = [&](std::int64_t slot) {
          return static_cast<double>(before[index<T>(row, 4 * units, slot * units + u)]);
        };
        const double next = s(z(1)) * static_cast<double>(state[index<T>(row, units, u)]) + s(z(0)) * std::tanh(z(2));
        expected_c.push_back(next);
        expected_h.push_back(s(z(3)) * std::tanh(next));
      }
    }
    CAPTURE(units);
    CHECK(worst_error(c, expected_c) < 4 * few_ulp<T>);
    CHECK(worst_error(h, expected_h) < 4 * few_ulp<T>);

    gates = before;
    kernels::gru_cell(kernels::CellShape{rows, units}, gates.data(), state.data(), h.data());
    expected_h.clear();
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t u = 0; u < units; ++u) {
        const auto z = [&](std::int64_t slot) {
          return static_cast<double>(before[index<T>(row, 4 * units, slot * units + u)]);
        };
        const double candidate = std::tanh(z(2) + s(z(1)) * z(3));
        expected_h.push_back(s(z(0)) * static_cast<double>(state[index<T>(row, units, u)]) + (1 - s(z(0))) * candidate);
      }
    }
    CHECK(worst_error(h, expected_h) < 8 * few_ulp<T>);
  }
}

TEMPLATE_TEST_CASE("the softmax of attention scales and masks its scores", "[kernels][attention]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t columns : {1, 5, 16, 31, 64}) {
    const std::int64_t rows = 4;
    const auto scores = uniform_values<T>(rows * columns, -5, 5, 1);
    std::vector<T> terms(scores.size());
    for (std::size_t i = 1; i < terms.size(); i += 3) {
      if (i % static_cast<std::size_t>(columns) != 0) terms[i] = static_cast<T>(kernels::masked_score);
    }
    std::vector<T> p = scores;
    kernels::attention_softmax(rows, columns, 0.5, terms.data(), p.data());
    std::vector<long double> expected;
    for (std::int64_t row = 0; row < rows; ++row) {
      long double total = 0;
      const auto weight = [&](std::int64_t column) -> long double {
        const std::size_t at = index<T>(row, columns, column);
        return terms[at] != T(0) ? 0 : std::exp(0.5L * static_cast<long double>(scores[at]));
      };
      for (std::int64_t column = 0; column < columns; ++column) total += weight(column);
      for (std::int64_t column = 0; column < columns; ++column) expected.push_back(weight(column) / total);
    }
    CAPTURE(columns);
    CHECK(worst_error(p, expected) < 8 * few_ulp<T>);

    const auto dp = uniform_values<T>(rows * columns, -1, 1, 3);
    std::vector<T> gradient = dp;
    kernels::attention_softmax_gradient(rows, columns, 0.5, p.data(), gradient.data());
    for (std::int64_t row = 0; row < rows; ++row) {
      double dot = 0;
      for (std::int64_t column = 0; column < columns; ++column) {
        const std::size_t at = index<T>(row, columns, column);
        dot += static_cast<double>(p[at]) * static_cast<double>(dp[at]);
      }
      for (std::int64_t column = 0; column < columns; ++column) {
        const std::size_t at = index<T>(row, columns, column);
        const double wanted = 0.5 * static_cast<double>(p[at]) * (static_cast<double>(dp[at]) - dot);
        CHECK(std::abs(static_cast<double>(gradient[at]) - wanted) < 1e-6);
      }
    }
  }
}
