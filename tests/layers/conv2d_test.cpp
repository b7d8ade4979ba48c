// Conv2D against a convolution written down plainly, and its shapes and errors.

#include <nacre/layers/conv2d.hpp>

#include <algorithm>
#include <cmath>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct Geometry {
  std::int64_t batch, height, width, channels, filters;
  Size2D kernel, strides, dilation;
  std::int64_t groups;
  bool alike;
};

/// A small geometry that has an output, drawn by number.
Geometry geometry(std::uint64_t number) {
  const RandomStream random(number);
  std::uint64_t draws = 0;
  const auto draw = [&](std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least + 1), draws++));
  };
  Geometry g{};
  g.groups = draw(0, 2) == 0 ? draw(2, 3) : 1;
  g.channels = g.groups * draw(1, 4);
  g.filters = g.groups * draw(1, 5);
  g.batch = draw(1, 4);
  g.kernel = {draw(1, 4), draw(1, 4)};
  g.strides = g.dilation = 1;
  const std::int64_t kind = draw(0, 3);
  if (kind == 1) g.strides = {draw(1, 3), draw(1, 3)};
  if (kind == 2) g.dilation = {draw(1, 3), draw(1, 3)};
  g.alike = draw(0, 1) == 1;
  g.height = (g.kernel.height - 1) * g.dilation.height + draw(1, 7);
  g.width = (g.kernel.width - 1) * g.dilation.width + draw(1, 7);
  return g;
}

/// Padding before the first cell, as Keras' "same" has it.
std::int64_t pad_before(std::int64_t size, std::int64_t window, std::int64_t stride, std::int64_t dilation) {
  const std::int64_t positions = (size + stride - 1) / stride;
  return std::max<std::int64_t>((positions - 1) * stride + (window - 1) * dilation + 1 - size, 0) / 2;
}

std::int64_t positions(std::int64_t size, std::int64_t window, std::int64_t stride, std::int64_t dilation, bool alike) {
  return alike ? (size + stride - 1) / stride : (size - (window - 1) * dilation - 1) / stride + 1;
}

template <class T>
double worst_error(const Geometry& g) {
  const Padding padding = g.alike ? Padding::same : Padding::valid;
  LayerHarness<T> conv(
      Conv2D(g.filters, g.kernel,
             {.strides = g.strides, .padding = padding, .dilation_rate = g.dilation, .groups = g.groups}),
      {g.height, g.width, g.channels}, g.batch);
  for (std::int64_t f = 0; f < g.filters; ++f) conv.weight(1).elements()[f] = static_cast<T>(f) / 4;
  const auto x = normal_array<T>({g.batch, g.height, g.width, g.channels});
  const auto& y = conv.forward(view_of(x));
  const auto& kernel = conv.weight(0);
  const std::int64_t rows = positions(g.height, g.kernel.height, g.strides.height, g.dilation.height, g.alike);
  const std::int64_t columns = positions(g.width, g.kernel.width, g.strides.width, g.dilation.width, g.alike);
  REQUIRE(y.extents() == Shape{g.batch, rows, columns, g.filters});
  const std::int64_t top = g.alike ? pad_before(g.height, g.kernel.height, g.strides.height, g.dilation.height) : 0;
  const std::int64_t left = g.alike ? pad_before(g.width, g.kernel.width, g.strides.width, g.dilation.width) : 0;
  const std::int64_t inputs = g.channels / g.groups;
  double worst = 0;
  for (std::int64_t n = 0; n < g.batch; ++n) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        for (std::int64_t f = 0; f < g.filters; ++f) {
          const std::int64_t first_channel = f / (g.filters / g.groups) * inputs;
          double expected = static_cast<double>(f) / 4;
          for (std::int64_t i = 0; i < g.kernel.height; ++i) {
            for (std::int64_t j = 0; j < g.kernel.width; ++j) {
              const std::int64_t row = r * g.strides.height + i * g.dilation.height - top;
              const std::int64_t column = c * g.strides.width + j * g.dilation.width - left;
              if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue;
              for (std::int64_t channel = 0; channel < inputs; ++channel) {
                expected += static_cast<double>(x(n, row, column, first_channel + channel)) *
                            static_cast<double>(kernel(i, j, channel, f));
              }
            }
          }
          worst = std::max(worst, std::abs(static_cast<double>(y(n, r, c, f)) - expected));
        }
      }
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("Conv2D computes a convolution of any geometry") {
  for (std::uint64_t number = 0; number < 150; ++number) {
    INFO("geometry " << number);
    CHECK(worst_error<double>(geometry(number)) < 1e-12);
    CHECK(worst_error<float>(geometry(number)) < 1e-4);
  }
}

TEST_CASE("Conv2D on images large enough for a kernel's every path") {
  CHECK(worst_error<float>({2, 28, 28, 1, 32, 3, 1, 1, 1, false}) < 1e-4);
  CHECK(worst_error<float>({2, 13, 13, 32, 64, 3, 1, 1, 1, false}) < 1e-3);
  CHECK(worst_error<float>({1, 17, 19, 3, 20, 5, 2, 1, 1, true}) < 1e-3);
  CHECK(worst_error<float>({1, 12, 12, 16, 32, 3, 1, 2, 4, true}) < 1e-3);
}

TEST_CASE("Conv2D's shapes and weights are Keras'") {
  CHECK(build(Conv2D(32, 3), {28, 28, 1}) == Shape{26, 26, 32});
  CHECK(build(Conv2D(8, 3, {.padding = "same"}), {28, 28, 1}) == Shape{28, 28, 8});
  CHECK(build(Conv2D(8, 3, {.strides = 2, .padding = "same"}), {29, 28, 1}) == Shape{15, 14, 8});
  CHECK(build(Conv2D(8, {5, 3}, {.strides = {2, 1}}), {28, 28, 1}) == Shape{12, 26, 8});
  CHECK(build(Conv2D(8, 3, {.dilation_rate = 3}), {28, 28, 1}) == Shape{22, 22, 8});
  CHECK(weights_of(Conv2D(64, 3), {13, 13, 32}) == "kernel (3, 3, 32, 64), bias (64,)");
  CHECK(weights_of(Conv2D(6, {1, 2}, {.groups = 3, .use_bias = false}), {4, 4, 9}) == "kernel (1, 2, 3, 6)");
}

TEST_CASE("Conv2D's softmax works on the filters of each position") {
  LayerHarness<float> conv(Conv2D(5, 2, {.activation = softmax}), {4, 4, 3}, 2);
  const auto x = normal_array({2, 4, 4, 3});
  const auto& y = conv.forward(view_of(x));
  for (std::int64_t position = 0; position < 2 * 9; ++position) {
    float total = 0;
    for (std::int64_t f = 0; f < 5; ++f) total += y.elements()[position * 5 + f];
    CHECK(total == Approx(1));
  }
}

TEST_CASE("what Conv2D does not take") {
  CHECK_THROWS_WITH(Conv2D(0, 3), "Conv2D: expected filters of 1 or more, got 0");
  CHECK_THROWS_WITH(Conv2D(4, 0), "Conv2D: expected kernel_size of 1 or more, got (0, 0)");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.strides = {1, 0}}), "Conv2D: expected strides of 1 or more, got (1, 0)");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.dilation_rate = -1}), "Conv2D: expected dilation_rate of 1 or more, got (-1, -1)");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.strides = 2, .dilation_rate = 2}),
                    "Conv2D: expected strides or dilation_rate to be 1, got strides (2, 2) and dilation_rate (2, 2)");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.groups = 3}),
                    "Conv2D: expected groups that divide the filters, got 3 groups and 4 filters");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.groups = 0}),
                    "Conv2D: expected groups that divide the filters, got 0 groups and 4 filters");
  CHECK_THROWS_WITH(Conv2D(4, 3, {.padding = "full"}), "padding: expected valid, same or causal, got \"full\"");

  CHECK_THROWS_WITH(build(Conv2D(4, 3), {28, 28}),
                    "expected rank 3 (height, width, channels), got (28, 28); add "
                    "Reshape({height, width, 1}) before it");
  CHECK_THROWS_WITH(build(Conv2D(4, 3), {784}), "expected rank 3 (height, width, channels), got (784,)");
  CHECK_THROWS_WITH(
      build(Conv2D(4, {3, 5}), {4, 4, 1}),
      "expected an input at least as large as the window (3, 5), got (4, 4, 1); use padding \"same\" or a "
      "smaller window");
  CHECK_THROWS_WITH(build(Conv2D(4, 3, {.groups = 2}), {4, 4, 3}),
                    "expected channels that 2 groups divide, got (4, 4, 3)");
}
