#include "kernel_testing.hpp"

#include <cmath>

#include <nacre/kernels/row_normalization.hpp>

using namespace nacre::testing;
using nacre::kernels::RowNorm;
namespace kernels = nacre::kernels;

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

struct Expected {
  std::vector<double> y, dx, dgamma, dbeta;
};

/// The formulas, in double.
template <class T>
Expected plain(RowNorm norm, std::int64_t rows, std::int64_t length, double epsilon, const std::vector<T>& x,
               const std::vector<T>& gamma, const std::vector<T>& beta, const std::vector<T>& dy) {
  Expected e{std::vector<double>(x.size()), std::vector<double>(x.size()), std::vector<double>(gamma.size()),
             std::vector<double>(gamma.size())};
  const auto n = static_cast<double>(length);
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto at = [&](const std::vector<T>& v, std::int64_t i) {
      return static_cast<double>(v[index(row * length + i)]);
    };
    const auto weight = [&](std::int64_t i) { return static_cast<double>(gamma[index(i)]); };
    double mean = 0, squares = 0, sum = 0, product = 0;
    for (std::int64_t i = 0; i < length && norm == RowNorm::deviation; ++i) mean += at(x, i) / n;
    for (std::int64_t i = 0; i < length; ++i) squares += (at(x, i) - mean) * (at(x, i) - mean);
    const double inverse = 1 / std::sqrt(norm == RowNorm::length ? std::max(squares, epsilon) : squares / n + epsilon);
    for (std::int64_t i = 0; i < length; ++i) {
      const double hat = (at(x, i) - mean) * inverse;
      e.y[index(row * length + i)] = hat * weight(i) + static_cast<double>(beta[index(i)]);
      e.dgamma[index(i)] += at(dy, i) * hat;
      e.dbeta[index(i)] += at(dy, i);
      sum += at(dy, i) * weight(i);
      product += at(dy, i) * weight(i) * hat;
    }
    if (norm != RowNorm::deviation) sum = 0;
    if (norm == RowNorm::length && squares < epsilon) product = 0;
    const double share = norm == RowNorm::length ? 1 : 1 / n;
    for (std::int64_t i = 0; i < length; ++i) {
      const double hat = (at(x, i) - mean) * inverse;
      e.dx[index(row * length + i)] = inverse * (at(dy, i) * weight(i) - sum * share - hat * product * share);
    }
  }
  return e;
}

}  // namespace

TEMPLATE_TEST_CASE("rows are normalized by their own statistics", "[kernels][normalization]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const RowNorm norm = GENERATE(RowNorm::deviation, RowNorm::mean_square, RowNorm::length);
  for (const std::int64_t length : {1, 2, 3, 7, 8, 9, 16, 31, 33, 64, 100, 257}) {
    for (const std::int64_t rows : {1, 5, 35}) {
      CAPTURE(length, rows);
      auto x = uniform_values<T>(rows * length, -1, 3, 1);
      for (std::int64_t i = 0; i < length && rows > 1; ++i) x[index(i)] = 0;  // a row of zeros
      const auto gamma = uniform_values<T>(length, -1, 2, 2), beta = uniform_values<T>(length, -1, 1, 3);
      const auto dy = uniform_values<T>(rows * length, -1, 1, 4);
      const double epsilon = 1e-2;
      const Expected expected = plain(norm, rows, length, epsilon, x, gamma, beta, dy);
      std::vector<T> y(x.size()), statistics(index(2 * rows)), dx(x.size(), T(99));
      std::vector<T> dgamma(gamma.size(), T(1)), dbeta(gamma.size(), T(2));
      kernels::normalize_each_row(norm, rows, length, static_cast<T>(epsilon), x.data(), gamma.data(), beta.data(),
                                  y.data(), statistics.data());
      kernels::normalize_each_row_gradient(norm, rows, length, static_cast<T>(epsilon), x.data(),
                                           static_cast<const T*>(statistics.data()), gamma.data(), dy.data(),
                                           dgamma.data(), dbeta.data(), dx.data());
      for (std::size_t i = 0; i < gamma.size(); ++i) {
        dgamma[i] -= T(1);  // sums are added
        dbeta[i] -= T(2);
      }
      const double limit = sizeof(T) == 4 ? 2e-4 : 1e-12;
      CHECK(worst_error(y, expected.y) < limit);
      CHECK(worst_error(dx, expected.dx) < limit);
      CHECK(worst_error(dgamma, expected.dgamma) < limit);
      CHECK(worst_error(dbeta, expected.dbeta) < limit);

      // In place, without weights and without statistics.
      std::vector<T> in_place = x;
      kernels::normalize_each_row(norm, rows, length, static_cast<T>(epsilon), static_cast<const T*>(in_place.data()),
                                  nullptr, nullptr, in_place.data(), nullptr);
      const Expected bare =
          plain(norm, rows, length, epsilon, x, std::vector<T>(gamma.size(), T(1)), std::vector<T>(gamma.size()), dy);
      CHECK(worst_error(in_place, bare.y) < limit);
    }
  }
}
