// Products with matrices that are laid out first, against plain sums in double.

#include "kernel_testing.hpp"

#include <nacre/kernels/matmul.hpp>
#include <nacre/kernels/packed_product.hpp>

using namespace nacre::testing;
namespace kernels = nacre::kernels;

namespace {

template <class T>
double at(const std::vector<T>& values, std::int64_t row, std::int64_t width, std::int64_t column) {
  return static_cast<double>(values[static_cast<std::size_t>(row * width + column)]);
}

}  // namespace

TEMPLATE_TEST_CASE("products with a matrix that is laid out first", "[kernels][products]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const std::int64_t a_row = 7, c_row = 5;  // gaps behind the rows
  for (const std::int64_t rows : {1, 2, 5, 13, 30}) {
    for (const std::int64_t depth : {1, 3, 40, 300}) {
      for (const std::int64_t columns : {1, 4, 15, 16, 31, 33, 70}) {
        const kernels::PackedShape shape{depth, columns};
        const auto a = uniform_values<T>(rows * (depth + a_row), -1, 1, 1);
        const auto b = uniform_values<T>(depth * columns, -1, 1, 2);
        const auto start = uniform_values<T>(columns, -1, 1, 3);
        std::vector<T> turned(b.size());
        kernels::transpose(depth, columns, b.data(), columns, turned.data(), depth);
        std::vector<T> panels(static_cast<std::size_t>(shape.size())), others(panels.size());
        for (std::int64_t task = 0; task < kernels::pack_tasks<T>(shape); ++task) {
          kernels::pack(shape, task, b.data(), columns, false, panels.data());
          kernels::pack(shape, task, turned.data(), depth, true, others.data());
        }
        std::vector<T> c(static_cast<std::size_t>(rows * (columns + c_row)), T(7)), d = c, e = c;
        kernels::multiply_packed(shape, rows, a.data(), depth + a_row, panels.data(), start.data(), c.data(),
                                 columns + c_row, false);
        kernels::multiply_packed(shape, rows, a.data(), depth + a_row, others.data(), start.data(), d.data(),
                                 columns + c_row, false);
        kernels::multiply_packed(shape, rows, a.data(), depth + a_row, others.data(), nullptr, d.data(),
                                 columns + c_row, true);
        kernels::multiply_unpacked(shape, rows, a.data(), depth + a_row, b.data(), columns, start.data(), e.data(),
                                   columns + c_row, false);
        double worst = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
          for (std::int64_t column = 0; column < columns + c_row; ++column) {
            double sum = 0;
            for (std::int64_t k = 0; k < depth && column < columns; ++k) {
              sum += at(a, row, depth + a_row, k) * at(b, k, columns, column);
            }
            const double first = column < columns ? static_cast<double>(start[static_cast<std::size_t>(column)]) : 7;
            worst = std::max(worst, std::abs(at(c, row, columns + c_row, column) - (first + sum)));
            worst = std::max(worst, std::abs(at(d, row, columns + c_row, column) - (first + 2 * sum)));
            worst = std::max(worst, std::abs(at(e, row, columns + c_row, column) - (first + sum)));
          }
        }
        CAPTURE(rows, depth, columns);
        // Each step of a sum may round it.
        CHECK(worst < 4 * static_cast<double>(depth + 8) * static_cast<double>(std::numeric_limits<T>::epsilon()));
      }
    }
  }
}

TEMPLATE_TEST_CASE("products with a transposed matrix", "[kernels][products]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const std::int64_t rows : {1, 5, 300}) {
    for (const std::int64_t a_columns : {1, 7, 24, 32}) {
      for (const std::int64_t columns : {1, 16, 35}) {
        const auto a = uniform_values<T>(rows * (a_columns + 2), -1, 1, 1);
        const auto b = uniform_values<T>(rows * (columns + 3), -1, 1, 2);
        std::vector<T> c(static_cast<std::size_t>(a_columns * columns), T(1));
        for (const bool more : {false, true}) {
          kernels::multiply_transposed(rows, a_columns, a.data(), a_columns + 2, columns, b.data(), columns + 3,
                                       c.data(), columns, more);
        }
        double worst = 0;
        for (std::int64_t i = 0; i < a_columns; ++i) {
          for (std::int64_t j = 0; j < columns; ++j) {
            double sum = 0;
            for (std::int64_t k = 0; k < rows; ++k) sum += at(a, k, a_columns + 2, i) * at(b, k, columns + 3, j);
            worst = std::max(worst, std::abs(at(c, i, columns, j) - 2 * sum));
          }
        }
        CAPTURE(rows, a_columns, columns);
        CHECK(worst < (sizeof(T) == 4 ? 4e-5 : 1e-12));
      }
    }
  }
}
