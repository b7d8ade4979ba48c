#include "kernel_testing.hpp"

#include <nacre/kernels/upsample.hpp>

using namespace nacre::testing;
using nacre::kernels::Interpolation;
using nacre::kernels::UpsampleAxis;
namespace kernels = nacre::kernels;

TEMPLATE_TEST_CASE("an enlarged axis is a weighted sum of its cells, and its gradient the transpose",
                   "[kernels][upsample]", float, double) {
  using T = TestType;
  const ScopedIsa isa(GENERATE(from_range(available_isas())));
  const auto interpolation =
      GENERATE(Interpolation::bilinear, Interpolation::bicubic, Interpolation::lanczos3, Interpolation::lanczos5);
  for (const std::int64_t size : {1, 2, 5, 12}) {
    for (const std::int64_t factor : {1, 2, 3, 4}) {
      for (const std::int64_t inner : {1, 3, 8, 37}) {
        CAPTURE(size, factor, inner);
        const UpsampleAxis axis(size, factor, interpolation);
        const std::int64_t outer = 2, cells = size * factor;
        std::vector<T> weights(static_cast<std::size_t>(cells * axis.taps()));
        kernels::upsample_weights(axis, interpolation, weights.data());
        const auto x = uniform_values<T>(outer * size * inner, -1, 1, 1);
        const auto dy = uniform_values<T>(outer * cells * inner, -1, 1, 2);
        std::vector<T> y(dy.size(), T(99)), dx(x.size(), T(99));
        kernels::upsample(axis, outer, inner, static_cast<const T*>(weights.data()), x.data(), y.data());
        kernels::upsample_gradient(axis, outer, inner, static_cast<const T*>(weights.data()), dy.data(), dx.data());

        std::vector<double> expected(y.size()), expected_dx(x.size());
        for (std::int64_t cell = 0; cell < cells; ++cell) {
          double total = 0;
          for (std::int64_t tap = 0; tap < axis.taps(); ++tap) {
            const auto weight = static_cast<double>(weights[static_cast<std::size_t>(cell * axis.taps() + tap)]);
            const std::int64_t from = axis.first(cell) + tap;
            total += weight;
            if (from < 0 || from >= size) {
              CHECK(weight == 0);
              continue;
            }
            for (std::int64_t i = 0; i < outer * inner; ++i) {
              const auto in = static_cast<std::size_t>((i / inner * size + from) * inner + i % inner);
              const auto out = static_cast<std::size_t>((i / inner * cells + cell) * inner + i % inner);
              expected[out] += weight * static_cast<double>(x[in]);
              expected_dx[in] += weight * static_cast<double>(dy[out]);
            }
          }
          CHECK(std::abs(total - 1) < 1e-6);
        }
        const double limit = sizeof(T) == 4 ? 1e-5 : 1e-13;
        CHECK(worst_error(y, expected) < limit);
        CHECK(worst_error(dx, expected_dx) < limit);
      }
    }
  }
}

TEST_CASE("enlarging by 2 between two cells") {
  const UpsampleAxis axis(2, 2, Interpolation::bilinear);
  std::vector<float> weights(8), y(4);
  kernels::upsample_weights(axis, Interpolation::bilinear, weights.data());
  const std::vector<float> x{0, 4};
  kernels::upsample(axis, 1, 1, static_cast<const float*>(weights.data()), x.data(), y.data());
  CHECK(y == std::vector<float>{0, 1, 3, 4});
}
