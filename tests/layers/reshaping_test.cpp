// RepeatVector, padding, cropping and enlarging, against the same written down plainly, and their errors.

#include <nacre/layers/cropping1d.hpp>
#include <nacre/layers/cropping2d.hpp>
#include <nacre/layers/cropping3d.hpp>
#include <nacre/layers/repeat_vector.hpp>
#include <nacre/layers/up_sampling1d.hpp>
#include <nacre/layers/up_sampling2d.hpp>
#include <nacre/layers/up_sampling3d.hpp>
#include <nacre/layers/zero_padding1d.hpp>
#include <nacre/layers/zero_padding2d.hpp>
#include <nacre/layers/zero_padding3d.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("RepeatVector gives the vector several times") {
  const auto x = normal_array({2, 4});
  const auto y = output_of<float>(RepeatVector(3), x);
  REQUIRE(shape_of(y) == Shape{2, 3, 4});
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t i = 0; i < 4; ++i) CHECK(y(n, row, i) == x(n, i));
    }
  }
  CHECK_THROWS_WITH(RepeatVector(0), "RepeatVector: expected n of 1 or more, got 0");
  CHECK_THROWS_WITH(build(RepeatVector(2), {2, 3}), "expected rank 1 (features), got (2, 3); add Flatten() before it");
}

TEST_CASE("zeros lie around what was padded") {
  const auto x = normal_array({2, 3, 2, 4, 2});
  const auto y = output_of<float>(ZeroPadding3D({{1, 0}, {2, 3}, {0, 1}}), x);
  REQUIRE(shape_of(y) == Shape{2, 4, 7, 5, 2});
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t d = 0; d < 4; ++d) {
      for (std::int64_t h = 0; h < 7; ++h) {
        for (std::int64_t w = 0; w < 5; ++w) {
          for (std::int64_t c = 0; c < 2; ++c) {
            const bool inside = d >= 1 && h >= 2 && h < 4 && w < 4;
            CHECK(y(n, d, h, w, c) == (inside ? x(n, d - 1, h - 2, w, c) : 0.0F));
          }
        }
      }
    }
  }
  CHECK(build(ZeroPadding1D({2, 1}), {3, 2}) == Shape{6, 2});
  CHECK(build(ZeroPadding1D(2), {3, 2}) == Shape{7, 2});
  CHECK(build(ZeroPadding2D({1, 2}), {3, 4, 2}) == Shape{5, 8, 2});
  CHECK(build(ZeroPadding2D({{1, 2}, {0, 3}}), {3, 4, 2}) == Shape{6, 7, 2});
  CHECK(build(ZeroPadding2D(), {3, 4, 2}) == Shape{5, 6, 2});
  CHECK_THROWS_WITH(ZeroPadding1D({0, -1}), "ZeroPadding1D: expected padding of 0 or more, got -1");
  CHECK_THROWS_WITH(build(ZeroPadding2D(), {3, 4}),
                    "expected rank 3 (height, width, channels), got (3, 4); add Reshape({height, width, 1}) before it");
}

TEST_CASE("cropping undoes padding") {
  const auto x = normal_array({2, 3, 4, 2});
  const Margin2D margin{{1, 2}, {0, 3}};
  CHECK(same_values(output_of<float>(Cropping2D(margin), output_of<float>(ZeroPadding2D(margin), x)), x));
  CHECK(build(Cropping1D({1, 2}), {6, 2}) == Shape{3, 2});
  CHECK(build(Cropping2D(), {6, 2, 1}) == Shape{6, 2, 1});
  CHECK(build(Cropping3D(1), {3, 4, 5, 2}) == Shape{1, 2, 3, 2});
  CHECK_THROWS_WITH(build(Cropping1D({1, 2}), {3, 2}),
                    "expected an input of which cropping (1, 2) leaves something, got (3, 2)");
  CHECK_THROWS_WITH(Cropping2D(-1), "Cropping2D: expected cropping of 0 or more, got -1");
}

TEST_CASE("each cell several times") {
  const auto x = normal_array({2, 2, 3, 2, 5});
  const auto y = output_of<float>(UpSampling3D({2, 1, 3}), x);
  REQUIRE(shape_of(y) == Shape{2, 4, 3, 6, 5});
  bool same_cells = true;
  for (std::int64_t n = 0; n < 2; ++n) {
    for (std::int64_t d = 0; d < 4; ++d) {
      for (std::int64_t h = 0; h < 3; ++h) {
        for (std::int64_t w = 0; w < 6; ++w) {
          for (std::int64_t c = 0; c < 5; ++c) same_cells = same_cells && y(n, d, h, w, c) == x(n, d / 2, h, w / 3, c);
        }
      }
    }
  }
  CHECK(same_cells);
  CHECK(build(UpSampling1D(4), {3, 2}) == Shape{12, 2});
  CHECK_THROWS_WITH(UpSampling1D(0), "UpSampling1D: expected size of 1 or more, got 0");
  CHECK_THROWS_WITH(UpSampling2D(2, {.interpolation = "area"}),
                    "UpSampling2D: expected interpolation nearest, bilinear, bicubic, lanczos3 or lanczos5, got "
                    "\"area\"");
}

namespace {

/// The weight of a cell at a distance.
double weight(const std::string& interpolation, double x) {
  x = std::abs(x);
  const auto sinc = [](double v) { return v == 0 ? 1 : std::sin(std::numbers::pi * v) / (std::numbers::pi * v); };
  if (interpolation == "bilinear") return std::max(1 - x, 0.0);
  if (interpolation == "bicubic") {
    if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  }
  const double lobes = interpolation == "lanczos3" ? 3 : 5;
  return x < lobes ? sinc(x) * sinc(x / lobes) : 0;
}

}  // namespace

TEST_CASE("interpolated pixels are weighted means of those near them") {
  const std::string interpolation = GENERATE("bilinear", "bicubic", "lanczos3", "lanczos5");
  const auto x = normal_array<double>({1, 5, 7, 3});
  const Size2D size = GENERATE(Size2D(2, 3), Size2D(4, 1));
  const auto y = output_of<double>(UpSampling2D(size, {.interpolation = interpolation}), x);
  REQUIRE(shape_of(y) == Shape{1, 5 * size.height, 7 * size.width, 3});
  double worst = 0;
  for (std::int64_t row = 0; row < 5 * size.height; ++row) {
    for (std::int64_t column = 0; column < 7 * size.width; ++column) {
      const double h = (static_cast<double>(row) + 0.5) / static_cast<double>(size.height) - 0.5;
      const double w = (static_cast<double>(column) + 0.5) / static_cast<double>(size.width) - 0.5;
      for (std::int64_t c = 0; c < 3; ++c) {
        double sum = 0, weights = 0;
        for (std::int64_t i = 0; i < 5; ++i) {
          for (std::int64_t j = 0; j < 7; ++j) {
            const double here =
                weight(interpolation, static_cast<double>(i) - h) * weight(interpolation, static_cast<double>(j) - w);
            sum += here * x(0, i, j, c);
            weights += here;
          }
        }
        worst = std::max(worst, std::abs(y(0, row, column, c) - sum / weights));
      }
    }
  }
  CHECK(worst < 1e-12);
}
