// Layers that change pictures at random: what they do to pictures for which it can be told.

#include <nacre/layers/random_brightness.hpp>
#include <nacre/layers/random_contrast.hpp>
#include <nacre/layers/random_crop.hpp>
#include <nacre/layers/random_elastic_transform.hpp>
#include <nacre/layers/random_erasing.hpp>
#include <nacre/layers/random_flip.hpp>
#include <nacre/layers/random_gaussian_blur.hpp>
#include <nacre/layers/random_invert.hpp>
#include <nacre/layers/random_perspective.hpp>
#include <nacre/layers/random_rotation.hpp>
#include <nacre/layers/random_shear.hpp>
#include <nacre/layers/random_translation.hpp>
#include <nacre/layers/random_zoom.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Pictures of one channel whose pixels are numbered.
xt::xarray<double> pictures(std::size_t count, std::size_t height, std::size_t width) {
  auto values = xt::xarray<double>::from_shape({count, height, width, 1});
  for (std::size_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<double>(i % (height * width));
  return values;
}

std::vector<double> flat(const xt::xarray<double>& values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("random layers pass pictures through outside of training") {
  const auto x = pictures(3, 4, 5);
  for (const Layer& layer : {Layer(RandomFlip()), Layer(RandomRotation(0.3)), Layer(RandomTranslation(0.3, 0.3)),
                             Layer(RandomZoom(0.3)), Layer(RandomShear({.x_factor = 0.5})), Layer(RandomPerspective()),
                             Layer(RandomBrightness(0.5)), Layer(RandomContrast(0.5)), Layer(RandomInvert()),
                             Layer(RandomErasing()), Layer(RandomElasticTransform()), Layer(RandomGaussianBlur())}) {
    INFO(layer.to_string());
    CHECK(same_values(output_of<double>(layer, x, false), x));
    CHECK_FALSE(same_values(output_of<double>(layer, x, true), x));
    CHECK(same_values(output_of<double>(layer, x, true), output_of<double>(layer, x, true)));
    CHECK_THROWS_AS(build(layer, {4, 5}), ShapeError);
  }
}

TEST_CASE("RandomFlip mirrors half of the pictures each way") {
  const auto y = output_of<double>(RandomFlip(), pictures(400, 2, 3), true);
  int across = 0;
  int down = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const double first = y(i, 0, 0, 0);
    CHECK((first == 0 || first == 2 || first == 3 || first == 5));
    across += first == 2 || first == 5;
    down += first >= 3;
    CHECK(y(i, 0, 0, 0) + y(i, 1, 2, 0) == 5);
    CHECK(y(i, 0, 1, 0) == (first >= 3 ? 4 : 1));
  }
  CHECK(std::abs(across - 200) < 40);
  CHECK(std::abs(down - 200) < 40);
  const auto horizontal = output_of<double>(RandomFlip({.mode = "horizontal"}), pictures(50, 2, 3), true);
  for (std::size_t i = 0; i < 50; ++i) CHECK(horizontal(i, 0, 1, 0) == 1);
}

TEST_CASE("geometric layers move pixels where their formulas say") {
  const auto x = pictures(1, 4, 4);
  // A quarter of a turn counter clockwise: the last column becomes the first row.
  const auto turned = output_of<double>(RandomRotation({0.25, 0.25}), x, true);
  CHECK(turned(0, 0, 0, 0) == Approx(3));
  CHECK(turned(0, 0, 3, 0) == Approx(15));
  CHECK(turned(0, 3, 0, 0) == Approx(0).margin(1e-9));
  const auto moved = output_of<double>(
      RandomTranslation({0.25, 0.25}, {-0.5, -0.5}, {.fill_mode = "constant", .fill_value = -1}), x, true);
  CHECK(flat(moved) == std::vector<double>{-1, -1, -1, -1, 2, 3, -1, -1, 6, 7, -1, -1, 10, 11, -1, -1});
  const auto wrapped = output_of<double>(RandomTranslation({0, 0}, {0.25, 0.25}, {.fill_mode = "wrap"}), x, true);
  CHECK(wrapped(0, 0, 0, 0) == 3);
  const auto reflected = output_of<double>(RandomTranslation({0, 0}, {0.5, 0.5}), x, true);
  CHECK(reflected(0, 0, 0, 0) == 1);
  CHECK(reflected(0, 0, 1, 0) == 0);
  CHECK(reflected(0, 0, 2, 0) == 0);
  const auto repeated = output_of<double>(RandomTranslation({0, 0}, {0.5, 0.5}, {.fill_mode = "nearest"}), x, true);
  CHECK(repeated(0, 1, 0, 0) == 4);
  // Twice as large about the middle: the corners of the output lie a quarter of the way in.
  const auto larger = output_of<double>(RandomZoom({-0.5, -0.5}), x, true);
  CHECK(larger(0, 0, 0, 0) == Approx(0.75 * 5));
  CHECK(larger(0, 3, 3, 0) == Approx(15 - 0.75 * 5));
  const auto wide = output_of<double>(RandomZoom({0, 0}, {.width_factor = RandomFactor(-0.5, -0.5)}), x, true);
  CHECK(wide(0, 1, 0, 0) == Approx(4 + 0.75));
  const auto sheared = output_of<double>(
      RandomShear({.x_factor = {1, 1}, .y_factor = {0, 0}, .fill_mode = "constant", .fill_value = -9}), x, true);
  const bool right = sheared(0, 1, 0, 0) == 5;  // to either side
  CHECK((right || sheared(0, 1, 1, 0) == 4));
  CHECK(sheared(0, 0, 2, 0) == 2);
  const auto same = output_of<double>(RandomPerspective({.scale = 0}), x, true);
  CHECK(xt::allclose(same, x));
}

TEST_CASE("RandomCrop takes all parts of a picture, with all that belongs to them") {
  const auto y = output_of<double>(RandomCrop(2, 2), pictures(300, 3, 4), true);
  std::vector<int> seen(12);
  for (std::size_t i = 0; i < 300; ++i) {
    const double first = y(i, 0, 0, 0);
    ++seen[static_cast<std::size_t>(first)];
    CHECK(y(i, 0, 1, 0) == first + 1);
    CHECK(y(i, 1, 0, 0) == first + 4);
  }
  for (const std::size_t corner : {0u, 1u, 2u, 4u, 5u, 6u}) CHECK(seen[corner] > 25);
  const auto middle = output_of<double>(RandomCrop(2, 2), pictures(1, 4, 4), false);
  CHECK(middle(0, 0, 0, 0) == 5);
}

TEST_CASE("brightness, contrast and inversion keep values within their range") {
  xt::xarray<double> x = pictures(200, 4, 4);
  x /= 15.0;
  const ValueRange unit{0, 1};
  const auto brighter = output_of<double>(RandomBrightness({0.25, 0.5}, {.value_range = unit}), x, true);
  const auto contrast = output_of<double>(RandomContrast(0.5, {.value_range = unit}), x, true);
  const auto inverted = output_of<double>(RandomInvert({.factor = {0.5, 0.5}, .value_range = unit}), x, true);
  int turned = 0;
  double least = 2;
  double most = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const double added = brighter(i, 0, 0, 0);
    CHECK((added >= 0.25 && added <= 0.5));
    for (std::size_t p = 0; p < 16; ++p) {
      const double value = static_cast<double>(p) / 15;
      CHECK(brighter.data()[16 * i + p] == Approx(std::min(1.0, value + added)));
    }
    const double factor = (contrast.data()[16 * i + 9] - contrast.data()[16 * i + 6]) / (3.0 / 15);
    least = std::min(least, factor);
    most = std::max(most, factor);
    CHECK(contrast.data()[16 * i + 6] == Approx((6.0 / 15 - 0.5) * factor + 0.5));
    turned += inverted(i, 0, 0, 0) == 1;
    CHECK((inverted(i, 0, 1, 0) == Approx(1.0 / 15) || inverted(i, 0, 1, 0) == Approx(14.0 / 15)));
  }
  CHECK((least > 0.5 && least < 0.56));
  CHECK((most < 1.5 && most > 1.44));
  CHECK(std::abs(turned - 100) < 35);
}

TEST_CASE("RandomErasing erases a box of noise or of a colour") {
  const auto x = pictures(100, 10, 8);
  const auto y = output_of<double>(
      RandomErasing({.factor = {1, 1}, .scale = {0.25, 0.25}, .fill_value = {-5}, .value_range = {-10, 100}}), x, true);
  for (std::size_t i = 0; i < 100; ++i) {
    int erased = 0;
    std::size_t first_row = 10, last_row = 0, first_column = 8, last_column = 0;
    for (std::size_t p = 0; p < 80; ++p) {
      if (y.data()[80 * i + p] == x.data()[80 * i + p]) continue;
      CHECK(y.data()[80 * i + p] == -5);
      ++erased;
      first_row = std::min(first_row, p / 8);
      last_row = std::max(last_row, p / 8);
      first_column = std::min(first_column, p % 8);
      last_column = std::max(last_column, p % 8);
    }
    CHECK((last_row - first_row + 1) * (last_column - first_column + 1) == static_cast<std::size_t>(erased));
    CHECK(erased == 20);  // half of each side
  }
  const auto noise =
      output_of<double>(RandomErasing({.factor = {1, 1}, .scale = {1, 1}, .value_range = {0, 255}}), x, true);
  CHECK(*std::min_element(noise.begin(), noise.end()) == 0);
  CHECK(*std::max_element(noise.begin(), noise.end()) == 255);
}

TEST_CASE("RandomGaussianBlur is the product of two Gaussian kernels, with zeros around") {
  xt::xarray<double> x = xt::zeros<double>({1, 5, 5, 1});
  x(0, 2, 2, 0) = 100;
  x(0, 0, 0, 0) = 10;
  const auto y = output_of<double>(RandomGaussianBlur({.sigma = {0.8, 0.8}}), x, true);
  const double side = std::exp(-0.5 / (0.8 * 0.8));
  const double sum = 1 + 2 * side;
  CHECK(y(0, 2, 2, 0) == Approx(100 / (sum * sum)).epsilon(1e-4));
  CHECK(y(0, 2, 3, 0) == Approx(100 * side / (sum * sum)).epsilon(1e-4));
  CHECK(y(0, 3, 3, 0) == Approx(100 * side * side / (sum * sum)).epsilon(1e-4));
  CHECK(y(0, 0, 0, 0) == Approx(10 / (sum * sum)).epsilon(1e-4));
  CHECK(y(0, 4, 4, 0) == 0);
}

TEST_CASE("RandomElasticTransform moves pixels by smooth displacements") {
  const auto x = pictures(4, 30, 30);
  const auto y = output_of<double>(
      RandomElasticTransform({.scale = {0.8, 0.8}, .fill_mode = "nearest", .value_range = {0, 1000}}), x, true);
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] - x.data()[i]));
  CHECK(worst > 1);
  CHECK(worst < 300);  // ten rows
  // Neighbours stay neighbours.
  double jump = 0;
  for (std::size_t column = 1; column < 30; ++column)
    jump = std::max(jump, std::abs(y(0, 15, column, 0) - y(0, 15, column - 1, 0)));
  CHECK(jump < 150);
}

TEST_CASE("random layers refuse factors outside their range") {
  CHECK_THROWS_WITH(RandomRotation(1.5), "RandomRotation: expected factor from -1 to 1, got 1.5");
  CHECK_THROWS_AS(RandomTranslation(0.1, {0.3, 0.2}), ValueError);
  CHECK_THROWS_AS(RandomFlip({.mode = "diagonal"}), ValueError);
  CHECK_THROWS_AS(RandomZoom(0.1, {.fill_mode = "mirror"}), ValueError);
  CHECK_THROWS_AS(RandomZoom(0.1, {.interpolation = "cubic"}), ValueError);
  CHECK_THROWS_AS(RandomShear({.x_factor = -0.1}), ValueError);
  CHECK_THROWS_AS(RandomBrightness(0.1, {.value_range = {1, 1}}), ValueError);
  CHECK_THROWS_AS(RandomErasing({.fill_value = {1, 2}}), ValueError);
  CHECK_THROWS_AS(RandomGaussianBlur({.kernel_size = 4}), ValueError);
  CHECK_THROWS_AS(RandomCrop(0, 3), ValueError);
}
