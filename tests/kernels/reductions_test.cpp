#include "kernel_testing.hpp"

#include <nacre/kernels/reductions.hpp>

using namespace nacre::testing;
using nacre::Range;
namespace kernels = nacre::kernels;

TEMPLATE_TEST_CASE("column_sums sums each column", "[kernels][reductions]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t rows : {0, 1, 2, 31, 32, 33, 500}) {
    for (std::int64_t columns : {1, 3, 10, 16, 33, 65, 130}) {
      const auto x = uniform_values<TestType>(rows * columns, -1, 2, 7);
      std::vector<TestType> sums(static_cast<std::size_t>(columns), TestType(-1));
      kernels::column_sums(rows, columns, Range{0, columns}, x.data(), sums.data());
      std::vector<long double> expected(sums.size());
      for (std::size_t i = 0; i < x.size(); ++i) expected[i % sums.size()] += static_cast<long double>(x[i]);
      CAPTURE(rows, columns);
      CHECK(worst_error(sums, expected) < few_ulp<TestType>);

      std::vector<TestType> in_pieces(sums.size(), TestType(-1));
      for (std::int64_t first = 0; first < columns; first += 5) {
        kernels::column_sums(rows, columns, Range{first, std::min(first + 5, columns)}, x.data(), in_pieces.data());
      }
      CHECK(first_difference(in_pieces, sums) == -1);
    }
  }
}

TEST_CASE("column_sums writes only the columns of its range", "[kernels][reductions]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const auto x = uniform_values<float>(40, 0, 1, 7);
  std::vector<float> sums(8, -1.0f);
  kernels::column_sums(5, 8, Range{2, 5}, x.data(), sums.data());
  for (std::size_t c : {0u, 1u, 5u, 6u, 7u}) CHECK(sums[c] == -1.0f);
}

TEST_CASE("long sums keep their digits", "[kernels][reductions]") {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t rows = 1000000;
  const std::vector<float> x(static_cast<std::size_t>(rows), 0.1f);
  const double exact = 1e6 * static_cast<double>(0.1f);
  float column = 0;
  kernels::column_sums(rows, 1, Range{0, 1}, x.data(), &column);
  CHECK(std::abs(static_cast<double>(column) - exact) < 0.01);
  CHECK(std::abs(kernels::sum(rows, x.data()) - exact) < 1e-6);
  CHECK(std::abs(kernels::sum_of_squares(rows, x.data()) - exact * static_cast<double>(0.1f)) < 1e-6);
}

TEMPLATE_TEST_CASE("sum and sum_of_squares", "[kernels][reductions]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t count : awkward_counts) {
    const auto x = uniform_values<TestType>(count, -1, 1, 9);
    double total = 0;
    double squares = 0;
    for (TestType value : x) {
      total += static_cast<double>(value);
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    CAPTURE(count);
    CHECK(std::abs(kernels::sum(count, x.data()) - total) < 1e-12);
    CHECK(std::abs(kernels::sum_of_squares(count, x.data()) - squares) < 1e-12);
  }
}

TEMPLATE_TEST_CASE("add_partials adds from the first to the last", "[kernels][reductions]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t count : awkward_counts) {
    for (std::int64_t partials : {1, 2, 5, 8}) {
      const std::int64_t stride = count + 3;
      const auto parts = uniform_values<TestType>(partials * stride, -1, 1, 11);
      std::vector<TestType> result(static_cast<std::size_t>(count));
      kernels::add_partials(count, partials, stride, parts.data(), result.data());
      std::vector<TestType> expected(result.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        expected[i] = parts[i];
        for (std::int64_t p = 1; p < partials; ++p) expected[i] += parts[static_cast<std::size_t>(p * stride) + i];
      }
      CAPTURE(count, partials);
      CHECK(first_difference(result, expected) == -1);

      auto in_place = parts;
      kernels::add_partials(count, partials, stride, in_place.data(), in_place.data());
      in_place.resize(result.size());
      CHECK(first_difference(in_place, result) == -1);
    }
  }
}
