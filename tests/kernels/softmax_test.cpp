#include "kernel_testing.hpp"

#include <algorithm>

#include <nacre/kernels/softmax.hpp>

using namespace nacre::testing;
namespace kernels = nacre::kernels;

namespace {

/// softmax of each row, in double.
template <class T>
std::vector<long double> reference_softmax(std::int64_t classes, const std::vector<T>& logits) {
  std::vector<long double> p(logits.begin(), logits.end());
  for (auto row = p.begin(); row != p.end(); row += classes) {
    const long double largest = *std::max_element(row, row + classes);
    long double total = 0;
    for (auto at = row; at != row + classes; ++at) total += * at = std::exp(*at - largest);
    for (auto at = row; at != row + classes; ++at) *at /= total;
  }
  return p;
}

const std::vector<std::int64_t> class_counts{1, 2, 3, 8, 10, 16, 17, 31, 100, 1000};

}  // namespace

TEMPLATE_TEST_CASE("softmax agrees with the definition", "[kernels][softmax]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t classes : class_counts) {
    const std::int64_t rows = 5;
    const auto z = uniform_values<TestType>(rows * classes, -20, 20, 1);
    std::vector<TestType> p(z.size());
    kernels::softmax(rows, classes, z.data(), p.data());
    CAPTURE(classes);
    // A difference of two logits of up to 20 is rounded to half a unit of 40, and that is its exponential's relative
    // error.
    CHECK(worst_error(p, reference_softmax(classes, z), 1e-30) < 6 * few_ulp<TestType>);

    auto in_place = z;
    kernels::softmax(rows, classes, in_place.data(), in_place.data());
    CHECK(first_difference(in_place, p) == -1);
    std::vector<TestType> one_by_one(z.size());
    for (std::int64_t r = 0; r < rows; ++r) {
      kernels::softmax(1, classes, z.data() + r * classes, one_by_one.data() + r * classes);
    }
    CHECK(first_difference(one_by_one, p) == -1);
  }
}

TEMPLATE_TEST_CASE("softmax with logits far apart", "[kernels][softmax]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using Limits = std::numeric_limits<TestType>;
  const std::vector<TestType> z{TestType(1e30), TestType(-1e30), 0, 3, 3, -Limits::infinity(), Limits::lowest(), 3, 3};
  std::vector<TestType> p(z.size());
  kernels::softmax(3, 3, z.data(), p.data());
  const std::vector<double> expected{1, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5};
  CHECK(worst_error(p, expected) < few_ulp<TestType>);
  const std::vector<TestType> bad{1, Limits::quiet_NaN(), 2};
  kernels::softmax(1, 3, bad.data(), p.data());
  CHECK((std::isnan(p[0]) && std::isnan(p[1]) && std::isnan(p[2])));
}

TEMPLATE_TEST_CASE("softmax_gradient agrees with the definition", "[kernels][softmax]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t classes : class_counts) {
    const std::int64_t rows = 4;
    std::vector<TestType> p(static_cast<std::size_t>(rows * classes));
    kernels::softmax(rows, classes, uniform_values<TestType>(rows * classes, -3, 3, 1).data(), p.data());
    const auto dp = uniform_values<TestType>(rows * classes, -1, 1, 2);
    std::vector<TestType> dz(p.size());
    kernels::softmax_gradient(rows, classes, p.data(), dp.data(), dz.data());
    std::vector<double> expected(p.size());
    const auto width = static_cast<std::size_t>(classes);
    for (std::size_t r = 0; r < p.size() / width; ++r) {
      double dot = 0;
      for (std::size_t c = 0; c < width; ++c) {
        dot += static_cast<double>(p[r * width + c]) * static_cast<double>(dp[r * width + c]);
      }
      for (std::size_t c = r * width; c < (r + 1) * width; ++c) {
        expected[c] = static_cast<double>(p[c]) * (static_cast<double>(dp[c]) - dot);
      }
    }
    CAPTURE(classes);
    CHECK(worst_error(dz, expected) < few_ulp<TestType>);

    auto in_place = dp;
    kernels::softmax_gradient(rows, classes, p.data(), in_place.data(), in_place.data());
    CHECK(first_difference(in_place, dz) == -1);
  }
}

TEMPLATE_TEST_CASE("softmax_crossentropy and its gradient", "[kernels][softmax]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t classes : class_counts) {
    const std::int64_t rows = 6;
    const auto z = uniform_values<TestType>(rows * classes, -6, 6, 1);
    const auto t = uniform_values<TestType>(rows * classes, 0, 1, 2);  // of no particular mass
    std::vector<TestType> values(static_cast<std::size_t>(rows));
    std::vector<TestType> dz(z.size());
    kernels::softmax_crossentropy(rows, classes, z.data(), t.data(), values.data(), dz.data());
    const auto p = reference_softmax(classes, z);
    std::vector<long double> expected_values(values.size());
    std::vector<long double> expected(z.size());
    const auto width = static_cast<std::size_t>(classes);
    for (std::size_t r = 0; r < values.size(); ++r) {
      long double mass = 0;
      for (std::size_t c = r * width; c < (r + 1) * width; ++c) {
        mass += static_cast<long double>(t[c]);
        expected_values[r] -= static_cast<long double>(t[c]) * std::log(p[c]);
      }
      for (std::size_t c = r * width; c < (r + 1) * width; ++c)
        expected[c] = p[c] * mass - static_cast<long double>(t[c]);
    }
    CAPTURE(classes);
    CHECK(worst_error(values, expected_values) < few_ulp<TestType>);
    CHECK(worst_error(dz, expected) < few_ulp<TestType>);

    std::vector<TestType> values_alone(values.size());
    kernels::softmax_crossentropy(rows, classes, z.data(), t.data(), values_alone.data(), nullptr);
    CHECK(first_difference(values_alone, values) == -1);
    auto in_place = z;
    kernels::softmax_crossentropy(rows, classes, in_place.data(), t.data(), values.data(), in_place.data());
    CHECK(first_difference(in_place, dz) == -1);
  }
}

TEMPLATE_TEST_CASE("sparse_softmax_crossentropy is the dense one at a one-hot target", "[kernels][softmax]", float,
                   double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (std::int64_t classes : class_counts) {
    const std::int64_t rows = 6;
    const auto z = uniform_values<TestType>(rows * classes, -30, 30, 1);
    std::vector<TestType> labels;
    std::vector<TestType> one_hot(z.size());
    for (std::int64_t r = 0; r < rows; ++r) {
      labels.push_back(static_cast<TestType>((r * 7 + 3) % classes));
      one_hot[static_cast<std::size_t>(r * classes + (r * 7 + 3) % classes)] = 1;
    }
    std::vector<TestType> values(labels.size());
    std::vector<TestType> dz(z.size());
    std::vector<TestType> dense_values(labels.size());
    std::vector<TestType> dense_dz(z.size());
    kernels::sparse_softmax_crossentropy(rows, classes, z.data(), labels.data(), values.data(), dz.data());
    kernels::softmax_crossentropy(rows, classes, z.data(), one_hot.data(), dense_values.data(), dense_dz.data());
    CAPTURE(classes);
    CHECK(worst_error(values, dense_values) < few_ulp<TestType>);
    CHECK(worst_error(dz, dense_dz) < few_ulp<TestType>);
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto at = static_cast<std::size_t>(r);
      const auto p =
          reference_softmax(classes, std::vector<double>(z.begin() + r * classes, z.begin() + (r + 1) * classes));
      const double expected = static_cast<double>(-std::log(p[static_cast<std::size_t>(labels[at])]));
      CHECK(std::abs(static_cast<double>(values[at]) - expected) < few_ulp<TestType> * (1 + expected));
    }

    std::vector<TestType> values_alone(values.size());
    kernels::sparse_softmax_crossentropy(rows, classes, z.data(), labels.data(), values_alone.data(), nullptr);
    CHECK(first_difference(values_alone, values) == -1);
    auto in_place = z;
    kernels::sparse_softmax_crossentropy(rows, classes, in_place.data(), labels.data(), values.data(), in_place.data());
    CHECK(first_difference(in_place, dz) == -1);
  }
}

TEMPLATE_TEST_CASE("crossentropy where a class is ruled out", "[kernels][softmax]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const TestType minus_infinity = -std::numeric_limits<TestType>::infinity();
  const std::vector<TestType> z{0, minus_infinity, 0};
  const std::vector<TestType> t{1, 0, 0};
  std::vector<TestType> value(1);
  std::vector<TestType> dz(3);
  kernels::softmax_crossentropy(1, 3, z.data(), t.data(), value.data(), dz.data());
  CHECK(std::abs(static_cast<double>(value[0]) - std::log(2.0)) < few_ulp<TestType>);
  CHECK(worst_error(dz, std::vector<double>{-0.5, 0, 0.5}) < few_ulp<TestType>);
}
