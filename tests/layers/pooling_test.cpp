// Pooling layers against pooling written down plainly, and their shapes and errors.

#include <nacre/layers/average_pooling1d.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/average_pooling3d.hpp>
#include <nacre/layers/global_average_pooling1d.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_average_pooling3d.hpp>
#include <nacre/layers/global_max_pooling1d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/max_pooling1d.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/max_pooling3d.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Largest and mean of each window by going through all cells of the image.
struct Pooled {
  xt::xarray<double> largest;
  xt::xarray<double> mean;
};

Pooled pool(const xt::xarray<double>& x, Size2D window, Size2D strides, bool alike) {
  const Shape shape = shape_of(x);
  const auto positions = [alike](std::int64_t size, std::int64_t cells, std::int64_t stride) {
    return alike ? (size + stride - 1) / stride : (size - cells) / stride + 1;
  };
  const auto pad = [&](std::int64_t size, std::int64_t cells, std::int64_t stride) {
    const std::int64_t missing = (positions(size, cells, stride) - 1) * stride + cells - size;
    return alike ? std::max<std::int64_t>(missing, 0) / 2 : 0;
  };
  const std::int64_t rows = positions(shape[1], window.height, strides.height);
  const std::int64_t columns = positions(shape[2], window.width, strides.width);
  Pooled pooled{normal_array<double>({shape[0], rows, columns, shape[3]}), {}};
  pooled.mean = pooled.largest;
  for (std::int64_t n = 0; n < shape[0]; ++n) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        const std::int64_t top = r * strides.height - pad(shape[1], window.height, strides.height);
        const std::int64_t left = c * strides.width - pad(shape[2], window.width, strides.width);
        for (std::int64_t channel = 0; channel < shape[3]; ++channel) {
          double largest = -std::numeric_limits<double>::infinity();
          double total = 0;
          double count = 0;
          for (std::int64_t i = 0; i < shape[1]; ++i) {
            for (std::int64_t j = 0; j < shape[2]; ++j) {
              if (i < top || i >= top + window.height || j < left || j >= left + window.width) continue;
              largest = std::max(largest, x(n, i, j, channel));
              total += x(n, i, j, channel);
              ++count;
            }
          }
          pooled.largest(n, r, c, channel) = largest;
          pooled.mean(n, r, c, channel) = total / count;
        }
      }
    }
  }
  return pooled;
}

double worst_difference(const xt::xarray<double>& a, const xt::xarray<double>& b) {
  REQUIRE(shape_of(a) == shape_of(b));
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a.data()[i] - b.data()[i]));
  return worst;
}

}  // namespace

TEST_CASE("pooling of any geometry") {
  const bool alike = GENERATE(false, true);
  const Size2D window = GENERATE(Size2D(1), Size2D(2), Size2D(3, 2), Size2D(2, 5));
  const Size2D strides = GENERATE(Size2D(1), Size2D(2), Size2D(3, 1), Size2D(4));
  const auto x = normal_array<double>({2, 7, 6, 3}) - 5.0;  // below 0, where padding with zeros would show
  const Pooled expected = pool(x, window, strides, alike);
  const Pooling2DOptions options{.strides = strides, .padding = alike ? Padding::same : Padding::valid};
  CHECK(worst_difference(output_of<double>(MaxPooling2D(window, options), x), expected.largest) == 0);
  CHECK(worst_difference(output_of<double>(AveragePooling2D(window, options), x), expected.mean) < 1e-14);
}

TEST_CASE("global pooling is pooling of the whole image") {
  const auto x = normal_array<double>({3, 5, 4, 2});
  const Pooled expected = pool(x, {5, 4}, 1, false);
  CHECK(worst_difference(output_of<double>(GlobalMaxPooling2D({.keepdims = true}), x), expected.largest) == 0);
  CHECK(worst_difference(output_of<double>(GlobalAveragePooling2D({.keepdims = true}), x), expected.mean) < 1e-14);
  CHECK(shape_of(output_of<double>(GlobalMaxPooling2D(), x)) == Shape{3, 2});
}

TEST_CASE("sequences are pooled as images of height 1, and volumes plane by plane") {
  const auto image = normal_array<double>({2, 1, 9, 3});
  xt::xarray<double> sequence = image;
  sequence.reshape({2, 9, 3});
  const Padding padding = GENERATE(Padding::valid, Padding::same);
  const Pooled expected = pool(image, {1, 4}, {1, 2}, padding == Padding::same);
  const auto flat = [](xt::xarray<double> values) {
    values.reshape({values.size()});
    return values;
  };
  const Pooling1DOptions options{.strides = 2, .padding = padding};
  CHECK(worst_difference(flat(output_of<double>(MaxPooling1D(4, options), sequence)), flat(expected.largest)) == 0);
  CHECK(worst_difference(flat(output_of<double>(AveragePooling1D(4, options), sequence)), flat(expected.mean)) < 1e-14);

  // A window of 2 by 1 by 1 in a volume is one of 2 by 1 in an image of long rows.
  const auto tall = normal_array<double>({2, 5, 6, 3});
  xt::xarray<double> volume = tall;
  volume.reshape({2, 5, 2, 3, 3});
  const Pooled planes = pool(tall, {2, 1}, {2, 1}, padding == Padding::same);
  const Pooling3DOptions deep{.strides = Size3D(2, 1, 1), .padding = padding};
  CHECK(worst_difference(flat(output_of<double>(MaxPooling3D({2, 1, 1}, deep), volume)), flat(planes.largest)) == 0);
  CHECK(worst_difference(flat(output_of<double>(AveragePooling3D({2, 1, 1}, deep), volume)), flat(planes.mean)) <
        1e-14);
}

TEST_CASE("the mean of a sequence is that of the steps that count") {
  const std::vector<std::uint8_t> mask{1, 0, 1, 0, 0, 0};
  LayerHarness<double> layer(GlobalAveragePooling1D(), {3, 2}, 2, 0, {{Shape{3}, mask}});
  const auto x = normal_array<double>({2, 3, 2});
  const auto& y = layer.forward(view_of(x));
  for (int c = 0; c < 2; ++c) {
    CHECK(y.elements()[c] == Approx((x(0, 0, c) + x(0, 2, c)) / 2));
    CHECK(y.elements()[2 + c] == 0);
  }
}

TEST_CASE("the gradient of a maximum goes to the first of equals") {
  LayerHarness<float> layer(MaxPooling2D(), {2, 2, 1}, 1);
  const float alike[]{3, 3, 3, 3};
  layer.forward({alike, Shape{1, 2, 2, 1}});
  const float gradient[]{2};
  const auto& passed = layer.backward({gradient, Shape{1, 1, 1, 1}});
  CHECK(passed.elements()[0] == 2);
  for (int i = 1; i < 4; ++i) CHECK(passed.elements()[i] == 0);
}

TEST_CASE("shapes after pooling are Keras'") {
  CHECK(build(MaxPooling2D(), {26, 26, 32}) == Shape{13, 13, 32});
  CHECK(build(MaxPooling2D(2), {11, 11, 64}) == Shape{5, 5, 64});
  CHECK(build(AveragePooling2D(2, {.padding = "same"}), {11, 11, 64}) == Shape{6, 6, 64});
  CHECK(build(AveragePooling2D({3, 2}, {.strides = 1}), {6, 6, 1}) == Shape{4, 5, 1});
  CHECK(build(GlobalAveragePooling2D(), {6, 6, 5}) == Shape{5});
  CHECK(build(MaxPooling1D(), {7, 3}) == Shape{3, 3});
  CHECK(build(AveragePooling3D({1, 2, 3}), {4, 5, 6, 2}) == Shape{4, 2, 2, 2});
  CHECK(build(GlobalMaxPooling1D({.keepdims = true}), {7, 3}) == Shape{1, 3});
  CHECK(build(GlobalAveragePooling3D({.keepdims = true}), {4, 5, 6, 2}) == Shape{1, 1, 1, 2});
  CHECK(build(GlobalMaxPooling2D({.keepdims = true}), {6, 6, 5}) == Shape{1, 1, 5});
}

TEST_CASE("what pooling does not take") {
  CHECK_THROWS_WITH(MaxPooling2D(0), "MaxPooling2D: expected pool_size of 1 or more, got (0, 0)");
  CHECK_THROWS_WITH(AveragePooling2D({2, -1}), "AveragePooling2D: expected pool_size of 1 or more, got (2, -1)");
  CHECK_THROWS_WITH(MaxPooling2D(2, {.strides = 0}), "MaxPooling2D: expected strides of 1 or more, got (0, 0)");
  CHECK_THROWS_WITH(
      build(MaxPooling2D(4), {3, 9, 1}),
      "expected an input at least as large as the window (4, 4), got (3, 9, 1); use padding \"same\" or a "
      "smaller window");
  CHECK_THROWS_WITH(build(AveragePooling2D(), {10}), "expected rank 3 (height, width, channels), got (10,)");
  CHECK_THROWS_WITH(MaxPooling3D(2, {.padding = "causal"}),
                    "MaxPooling3D: expected padding valid or same, got \"causal\"");
  CHECK_THROWS_WITH(build(MaxPooling1D(), {10}),
                    "expected rank 2 (steps, channels), got (10,); add Reshape({steps, 1}) before it");
  for (const Layer& layer : {Layer(GlobalMaxPooling2D()), Layer(GlobalAveragePooling2D())}) {
    CHECK_THROWS_WITH(build(layer, {4, 4}),
                      "expected rank 3 (height, width, channels), got (4, 4); add "
                      "Reshape({height, width, 1}) before it");
  }
}
