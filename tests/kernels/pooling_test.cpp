#include "kernel_testing.hpp"

#include <algorithm>

#include <nacre/kernels/pooling.hpp>

using namespace nacre::testing;
using nacre::Range;
using nacre::kernels::PoolAxis;
using nacre::kernels::PoolShape;
namespace kernels = nacre::kernels;

namespace {

constexpr bool same = true;

/// A pooling of a batch, its extents as a layer would have them.
struct PoolCase : PoolShape {
  std::int64_t batch = 1;
};

/// An axis with "valid" padding, or with "same" padding, where the output has ceil(extent / stride) cells and the
/// smaller half of the padding comes first.
PoolAxis make_axis(std::int64_t size, std::int64_t pool, std::int64_t stride, bool pad) {
  PoolAxis axis{.size = size, .pool = pool, .stride = stride};
  axis.positions = pad ? (size + stride - 1) / stride : (size - pool) / stride + 1;
  if (pad) axis.pad = std::max<std::int64_t>((axis.positions - 1) * stride + pool - size, 0) / 2;
  return axis;
}

PoolCase make_shape(std::int64_t batch, std::int64_t height, std::int64_t width, std::int64_t channels,
                    std::int64_t pool, std::int64_t stride, bool pad = false) {
  return {{channels, {}, make_axis(height, pool, stride, pad), make_axis(width, pool, stride, pad)}, batch};
}

const std::vector<PoolCase> cases{
    make_shape(3, 4, 4, 16, 2, 2),
    make_shape(2, 5, 5, 64, 2, 2),
    make_shape(2, 26, 26, 32, 2, 2),
    make_shape(2, 5, 7, 3, 2, 2, same),
    make_shape(1, 6, 6, 5, 3, 1),
    make_shape(2, 7, 5, 17, 3, 2, same),
    make_shape(1, 4, 9, 1, 2, 3),
    make_shape(2, 5, 5, 33, 3, 1, same),
    make_shape(1, 9, 9, 20, 2, 4),
    make_shape(2, 3, 3, 4, 3, 3),
    make_shape(1, 5, 5, 2, 4, 4, same),
    make_shape(1, 1, 1, 7, 2, 2, same),
    make_shape(2, 7, 6, 130, 2, 2),
    {{5, make_axis(4, 2, 2, false), make_axis(5, 2, 2, false), make_axis(4, 2, 2, false)}, 2},
    {{17, make_axis(5, 3, 2, same), make_axis(4, 2, 1, same), make_axis(3, 2, 2, same)}, 2},
    {{3, make_axis(3, 3, 1, false), make_axis(1, 1, 1, false), make_axis(7, 2, 1, false)}, 1},
    {{2, {}, {}, make_axis(9, 4, 3, same)}, 3}};

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

/// Calls `visit(output_index, input_indices)` for every output element; the indices are those of its window's cells.
template <class Visit>
void visit_windows(const PoolCase& s, const Visit& visit) {
  const auto inside = [](const PoolAxis& axis, std::int64_t window, std::int64_t i, std::int64_t& cell) {
    cell = window * axis.stride - axis.pad + i;
    return cell >= 0 && cell < axis.size;
  };
  const std::int64_t size = s.output_sample();
  for (std::int64_t out = 0; out < s.batch * size; ++out) {
    const std::int64_t c = out % s.channels, place = out % size / s.channels;
    const std::int64_t x = place % s.width.positions, y = place / s.width.positions % s.height.positions;
    const std::int64_t z = place / s.width.positions / s.height.positions;
    std::vector<std::size_t> cells;
    for (std::int64_t i = 0; i < s.depth.pool * s.height.pool * s.width.pool; ++i) {
      std::int64_t plane, row, column;
      const std::int64_t in_plane = i % (s.height.pool * s.width.pool);
      if (!inside(s.depth, z, i / (s.height.pool * s.width.pool), plane)) continue;
      if (!inside(s.height, y, in_plane / s.width.pool, row)) continue;
      if (!inside(s.width, x, in_plane % s.width.pool, column)) continue;
      const std::int64_t planes = out / size * s.depth.size + plane;
      cells.push_back(index(((planes * s.height.size + row) * s.width.size + column) * s.channels + c));
    }
    visit(index(out), cells);
  }
}

/// The first maximum among `cells`; the first NaN, where there is one.
template <class T>
std::size_t first_maximum(const std::vector<T>& input, const std::vector<std::size_t>& cells) {
  std::size_t best = cells.front();
  for (std::size_t cell : cells) {
    if (std::isnan(input[best])) break;
    if (std::isnan(input[cell]) || input[cell] > input[best]) best = cell;
  }
  return best;
}

/// Whole numbers, so that maxima tie often and sums are exact.
template <class T>
std::vector<T> coarse_values(std::int64_t count, std::uint64_t seed) {
  auto values = uniform_values<T>(count, -4, 3, seed);
  for (T& value : values) value = std::floor(value);
  return values;
}

template <class T>
void check_max_pool(const PoolCase& s, const std::vector<T>& input) {
  std::vector<T> output(index(s.batch * s.output_sample()));
  const auto dy = uniform_values<T>(s.batch * s.output_sample(), -1, 1, 2);
  std::vector<T> dx(input.size(), T(99));
  std::vector<T> expected(output.size());
  std::vector<double> expected_dx(input.size());
  visit_windows(s, [&](std::size_t out, const std::vector<std::size_t>& cells) {
    const std::size_t best = first_maximum(input, cells);
    expected[out] = input[best];
    expected_dx[best] += static_cast<double>(dy[out]);
  });
  kernels::max_pool_forward(s, Range{0, s.batch}, input.data(), output.data());
  kernels::max_pool_backward(s, Range{0, s.batch}, input.data(), output.data(), dy.data(), dx.data());
  CHECK(worst_error(output, expected) == 0);
  CHECK(worst_error(dx, expected_dx) < few_ulp<T>);

  std::vector<T> one_by_one(output.size());
  std::vector<T> dx_one_by_one(input.size(), T(99));
  for (std::int64_t n = 0; n < s.batch; ++n) {
    kernels::max_pool_forward(s, Range{n, n + 1}, input.data(), one_by_one.data());
    kernels::max_pool_backward(s, Range{n, n + 1}, input.data(), one_by_one.data(), dy.data(), dx_one_by_one.data());
  }
  CHECK(first_difference(one_by_one, output) == -1);
  CHECK(first_difference(dx_one_by_one, dx) == -1);
}

}  // namespace

TEMPLATE_TEST_CASE("max pooling, forward and backward", "[kernels][pooling]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  for (const PoolCase& s : cases) {
    CAPTURE(s.depth.size, s.height.size, s.width.size, s.channels, s.height.pool, s.height.stride, s.height.pad);
    const std::int64_t count = s.batch * s.input_sample();
    check_max_pool(s, uniform_values<TestType>(count, -2, -1, 1));
    check_max_pool(s, coarse_values<TestType>(count, 1));
    auto with_nan = coarse_values<TestType>(count, 1);
    for (std::size_t i = 0; i < with_nan.size(); i += 11) with_nan[i] = std::numeric_limits<TestType>::quiet_NaN();
    check_max_pool(s, with_nan);
    const std::vector<TestType> lowest(index(count), -std::numeric_limits<TestType>::infinity());
    check_max_pool(s, lowest);
  }
}

TEMPLATE_TEST_CASE("average pooling, forward and backward", "[kernels][pooling]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (const PoolCase& s : cases) {
    CAPTURE(s.depth.size, s.height.size, s.width.size, s.channels, s.height.pool, s.height.stride, s.height.pad);
    const auto input = uniform_values<T>(s.batch * s.input_sample(), -1, 2, 1);
    const auto dy = uniform_values<T>(s.batch * s.output_sample(), -1, 1, 2);
    std::vector<T> output(dy.size());
    std::vector<T> dx(input.size(), T(99));
    std::vector<double> expected(output.size());
    std::vector<double> expected_dx(input.size());
    visit_windows(s, [&](std::size_t out, const std::vector<std::size_t>& cells) {
      const auto count = static_cast<double>(cells.size());
      for (std::size_t cell : cells) {
        expected[out] += static_cast<double>(input[cell]) / count;
        expected_dx[cell] += static_cast<double>(dy[out]) / count;
      }
    });
    kernels::average_pool_forward(s, Range{0, s.batch}, input.data(), output.data());
    kernels::average_pool_backward(s, Range{0, s.batch}, dy.data(), dx.data());
    CHECK(worst_error(output, expected) < few_ulp<T>);
    CHECK(worst_error(dx, expected_dx) < few_ulp<T>);
  }
}

TEMPLATE_TEST_CASE("only the samples of the range are written", "[kernels][pooling]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  const PoolCase s = make_shape(3, 4, 4, 5, 2, 2);
  const auto input = uniform_values<T>(s.batch * s.input_sample(), -1, 2, 1);
  const std::vector<T> untouched(index(s.batch * s.output_sample()), T(7));
  std::vector<T> output = untouched;
  kernels::max_pool_forward(s, Range{1, 2}, input.data(), output.data());
  kernels::average_pool_forward(s, Range{1, 2}, input.data(), output.data());
  std::vector<T> dx(input.size(), T(7));
  kernels::max_pool_backward(s, Range{1, 2}, input.data(), output.data(), output.data(), dx.data());
  kernels::average_pool_backward(s, Range{1, 2}, output.data(), dx.data());
  for (std::int64_t i = 0; i < s.output_sample(); ++i) {
    CHECK((output[index(i)] == T(7) && output[index(2 * s.output_sample() + i)] == T(7)));
  }
  for (std::int64_t i = 0; i < s.input_sample(); ++i) {
    CHECK((dx[index(i)] == T(7) && dx[index(2 * s.input_sample() + i)] == T(7)));
  }
}

TEMPLATE_TEST_CASE("global pooling, forward and backward", "[kernels][pooling]", float, double) {
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  using T = TestType;
  for (std::int64_t positions : {1, 2, 49, 500}) {
    for (std::int64_t channels : {1, 3, 16, 70}) {
      const std::int64_t batch = 3;
      const Range all{0, batch};
      const auto input = coarse_values<T>(batch * positions * channels, 1);
      const auto dy = uniform_values<T>(batch * channels, -1, 1, 2);
      std::vector<T> largest(dy.size()), mean(dy.size()), dx(input.size(), T(99)), dx_mean(input.size(), T(99));
      kernels::global_max_pool_forward(all, positions, channels, input.data(), largest.data());
      kernels::global_max_pool_backward(all, positions, channels, input.data(), largest.data(), dy.data(), dx.data());
      kernels::global_average_pool_forward(all, positions, channels, input.data(), mean.data());
      kernels::global_average_pool_backward(all, positions, channels, dy.data(), dx_mean.data());
      std::vector<double> expected_largest, expected_mean, expected_dx(input.size()), expected_dx_mean(input.size());
      for (std::int64_t n = 0; n < batch; ++n) {
        for (std::int64_t c = 0; c < channels; ++c) {
          std::vector<std::size_t> cells;
          for (std::int64_t p = 0; p < positions; ++p) cells.push_back(index((n * positions + p) * channels + c));
          const std::size_t best = first_maximum(input, cells);
          const double gradient = static_cast<double>(dy[index(n * channels + c)]);
          double total = 0;
          for (std::size_t cell : cells) {
            total += static_cast<double>(input[cell]);
            expected_dx_mean[cell] = gradient / static_cast<double>(positions);
          }
          expected_largest.push_back(static_cast<double>(input[best]));
          expected_mean.push_back(total / static_cast<double>(positions));
          expected_dx[best] = gradient;
        }
      }
      CAPTURE(positions, channels);
      CHECK(worst_error(largest, expected_largest) == 0);
      CHECK(worst_error(dx, expected_dx) == 0);
      CHECK(worst_error(mean, expected_mean) < few_ulp<T>);
      CHECK(worst_error(dx_mean, expected_dx_mean) < few_ulp<T>);
    }
  }
}
