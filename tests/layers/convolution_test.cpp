// Convolutions of sequences and volumes, transposed, depthwise and separable ones, against sums written down plainly,
// and their shapes, weights and errors.

#include <nacre/layers/conv1d.hpp>
#include <nacre/layers/conv1d_transpose.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/conv2d_transpose.hpp>
#include <nacre/layers/conv3d.hpp>
#include <nacre/layers/conv3d_transpose.hpp>
#include <nacre/layers/depthwise_conv1d.hpp>
#include <nacre/layers/depthwise_conv2d.hpp>
#include <nacre/layers/separable_conv1d.hpp>
#include <nacre/layers/separable_conv2d.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// One axis of a convolution: output o sees in tap t input o * stride + t * dilation - pad.
struct Axis {
  std::int64_t inputs = 1, outputs = 1, taps = 1, stride = 1, dilation = 1, pad = 0;
};

/// A convolution of a sample as sums over all of depth, height, width, channels. Each group of `filters` sees as many
/// channels. The kernel is [taps..., channels of a group, all filters].
struct Plain {
  Axis axes[3];
  std::int64_t channels = 1, filters = 1, groups = 1;

  /// Calls `term(input, kernel, output)` with the offsets of all that are multiplied and added.
  template <class Term>
  void each(const Term& term) const {
    const auto& [d, h, w] = axes;
    const std::int64_t in = channels / groups, out = filters / groups;
    for (std::int64_t o = 0; o < d.outputs * h.outputs * w.outputs; ++o) {
      const std::int64_t place[3] = {o / (h.outputs * w.outputs), o / w.outputs % h.outputs, o % w.outputs};
      for (std::int64_t t = 0; t < d.taps * h.taps * w.taps; ++t) {
        const std::int64_t tap[3] = {t / (h.taps * w.taps), t / w.taps % h.taps, t % w.taps};
        std::int64_t pixel = 0;
        bool inside = true;
        for (int i = 0; i < 3; ++i) {
          const std::int64_t at = place[i] * axes[i].stride + tap[i] * axes[i].dilation - axes[i].pad;
          inside = inside && at >= 0 && at < axes[i].inputs;
          pixel = pixel * axes[i].inputs + at;
        }
        if (!inside) continue;
        for (std::int64_t f = 0; f < filters; ++f) {
          for (std::int64_t c = 0; c < in; ++c) {
            term(pixel * channels + f / out * in + c, (t * in + c) * filters + f, o * filters + f);
          }
        }
      }
    }
  }
};

/// What a layer makes of one sample, and its bias (weight `bias`), set to 0, 1/4, ...
struct Result {
  std::vector<double> input, output, kernel;
};

Result run(Layer layer, const Shape& input) {
  LayerHarness<double> harness(std::move(layer), input, 1);
  const auto x = normal_array<double>(input.with_batch(1));
  const auto& y = harness.forward(view_of(x));
  return {{x.begin(), x.end()},
          {y.elements(), y.elements() + y.size()},
          {harness.weight(0).elements(), harness.weight(0).elements() + harness.weight(0).size()}};
}

double worst_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// How far the layer's output is from the plain convolution of its input.
double error_of(Layer layer, const Shape& input, const Plain& plain) {
  const Result result = run(std::move(layer), input);
  std::vector<double> expected(result.output.size());
  plain.each([&](std::int64_t i, std::int64_t k, std::int64_t o) {
    expected[at(o)] += result.input[at(i)] * result.kernel[at(k)];
  });
  return worst_difference(result.output, expected);
}

/// How far the layer's output is from what the plain convolution's transpose makes of its input: input and output the
/// other way round.
double error_of_transpose(Layer layer, const Shape& input, const Plain& plain) {
  const Result result = run(std::move(layer), input);
  std::vector<double> expected(result.output.size());
  plain.each([&](std::int64_t i, std::int64_t k, std::int64_t o) {
    expected[at(i)] += result.input[at(o)] * result.kernel[at(k)];
  });
  return worst_difference(result.output, expected);
}

}  // namespace

TEST_CASE("Conv1D is a sum over the window of each position") {
  CHECK(error_of(Conv1D(5, 3), {9, 4}, {{{}, {}, {9, 7, 3}}, 4, 5}) < 1e-12);
  CHECK(error_of(Conv1D(5, 4, {.strides = 2, .padding = "same"}), {9, 4}, {{{}, {}, {9, 5, 4, 2, 1, 1}}, 4, 5}) <
        1e-12);
  CHECK(error_of(Conv1D(6, 3, {.dilation_rate = 3, .groups = 2}), {11, 4}, {{{}, {}, {11, 5, 3, 1, 3}}, 4, 6, 2}) <
        1e-12);
  CHECK(error_of(Conv1D(32, 9, {.strides = 2}), {101, 1}, {{{}, {}, {101, 47, 9, 2}}, 1, 32}) < 1e-12);
}

TEST_CASE("no output of a causal Conv1D sees a later step") {
  CHECK(error_of(Conv1D(3, 4, {.padding = "causal"}), {9, 2}, {{{}, {}, {9, 9, 4, 1, 1, 3}}, 2, 3}) < 1e-12);
  CHECK(error_of(Conv1D(3, 3, {.padding = "causal", .dilation_rate = 2}), {9, 2},
                 {{{}, {}, {9, 9, 3, 1, 2, 4}}, 2, 3}) < 1e-12);
  CHECK(error_of(Conv1D(3, 3, {.strides = 2, .padding = "causal"}), {8, 2}, {{{}, {}, {8, 4, 3, 2, 1, 2}}, 2, 3}) <
        1e-12);
}

TEST_CASE("Conv3D is a sum over the window of each position") {
  CHECK(error_of(Conv3D(3, {2, 3, 1}), {4, 5, 3, 2}, {{{4, 3, 2}, {5, 3, 3}, {3, 3, 1}}, 2, 3}) < 1e-12);
  CHECK(error_of(Conv3D(3, 3, {.strides = {2, 1, 3}, .padding = "same"}), {5, 4, 7, 2},
                 {{{5, 3, 3, 2, 1, 1}, {4, 4, 3, 1, 1, 1}, {7, 3, 3, 3, 1, 1}}, 2, 3}) < 1e-12);
  CHECK(error_of(Conv3D(4, 2, {.dilation_rate = {2, 1, 3}, .groups = 2}), {4, 3, 5, 6},
                 {{{4, 2, 2, 1, 2}, {3, 2, 2}, {5, 2, 2, 1, 3}}, 6, 4, 2}) < 1e-12);
  CHECK(error_of(Conv3D(16, 3, {.padding = "same"}), {3, 8, 7, 16},
                 {{{3, 3, 3, 1, 1, 1}, {8, 8, 3, 1, 1, 1}, {7, 7, 3, 1, 1, 1}}, 16, 16}) < 1e-11);
}

TEST_CASE("a plane of a Conv3D's output that sees padding alone is the bias") {
  LayerHarness<float> layer(Conv3D(2, {2, 1, 1}, {.padding = "same", .dilation_rate = {4, 1, 1}}), {1, 2, 2, 1}, 1);
  layer.weight(1).elements()[0] = 3;
  layer.weight(1).elements()[1] = 4;
  const auto& y = layer.forward(view_of(normal_array({1, 1, 2, 2, 1})));
  for (int i = 0; i < 8; ++i) CHECK(y.elements()[i] == (i % 2 == 0 ? 3.0F : 4.0F));
}

TEST_CASE("transposed convolutions add each cell's multiple of the kernel") {
  CHECK(error_of_transpose(Conv1DTranspose(3, 3, {.strides = 2, .padding = "same"}), {5, 2},
                           {{{}, {}, {10, 5, 3, 2, 1, 0}}, 3, 2}) < 1e-12);
  CHECK(error_of_transpose(Conv1DTranspose(3, 3, {.dilation_rate = 2}), {5, 2}, {{{}, {}, {9, 5, 3, 1, 2}}, 3, 2}) <
        1e-12);
  CHECK(error_of_transpose(Conv2DTranspose(3, {4, 2}, {.strides = {2, 3}}), {3, 4, 5},
                           {{{}, {8, 3, 4, 2}, {12, 4, 2, 3}}, 3, 5}) < 1e-12);
  CHECK(error_of_transpose(Conv2DTranspose(20, 3, {.padding = "same"}), {6, 7, 18},
                           {{{}, {6, 6, 3, 1, 1, 1}, {7, 7, 3, 1, 1, 1}}, 20, 18}) < 1e-11);
  CHECK(error_of_transpose(Conv2DTranspose(2, 3, {.strides = 2, .padding = "same", .output_padding = Size2D(1, 0)}),
                           {3, 4, 2}, {{{}, {6, 3, 3, 2, 1, 0}, {7, 4, 3, 2, 1, 1}}, 2, 2}) < 1e-12);
  CHECK(error_of_transpose(Conv3DTranspose(2, {2, 3, 1}, {.strides = {2, 1, 2}, .output_padding = Size3D(1, 0, 0)}),
                           {2, 3, 2, 3}, {{{5, 2, 2, 2}, {5, 3, 3}, {3, 2, 1, 2}}, 2, 3}) < 1e-12);
}

TEST_CASE("depthwise convolutions keep channels apart") {
  CHECK(error_of(DepthwiseConv1D(3), {8, 5}, {{{}, {}, {8, 6, 3}}, 5, 5, 5}) < 1e-12);
  CHECK(error_of(DepthwiseConv2D(3, {.strides = 2, .padding = "same"}), {7, 6, 5},
                 {{{}, {7, 4, 3, 2, 1, 1}, {6, 3, 3, 2, 1, 0}}, 5, 5, 5}) < 1e-12);
  CHECK(error_of(DepthwiseConv2D({2, 3}, {.depth_multiplier = 3, .dilation_rate = {2, 1}}), {5, 6, 4},
                 {{{}, {5, 3, 2, 1, 2}, {6, 4, 3}}, 4, 12, 4}) < 1e-12);
  CHECK(error_of(DepthwiseConv2D(3, {.padding = "same"}), {9, 11, 70},
                 {{{}, {9, 9, 3, 1, 1, 1}, {11, 11, 3, 1, 1, 1}}, 70, 70, 70}) < 1e-12);
}

TEST_CASE("a separable convolution is a depthwise one, then a pointwise one") {
  LayerHarness<double> separable(SeparableConv2D(5, {2, 3}, {.strides = 2, .depth_multiplier = 2, .activation = relu}),
                                 {7, 6, 3}, 2);
  LayerHarness<double> depthwise(DepthwiseConv2D({2, 3}, {.strides = 2, .depth_multiplier = 2, .use_bias = false}),
                                 {7, 6, 3}, 2);
  LayerHarness<double> pointwise(Conv2D(5, 1, relu), depthwise.output_shape(), 2);
  const auto copy = [](const TensorView<double>& from, TensorView<double>& to) {
    REQUIRE(from.size() == to.size());
    std::copy_n(from.elements(), from.size(), to.elements());
  };
  separable.weight(2).elements()[1] = 0.5;
  copy(separable.weight(0), depthwise.weight(0));
  copy(separable.weight(1), pointwise.weight(0));
  copy(separable.weight(2), pointwise.weight(1));
  const auto x = normal_array<double>({2, 7, 6, 3});
  const auto& expected = pointwise.forward(depthwise.forward(view_of(x)));
  const auto& found = separable.forward(view_of(x));
  REQUIRE(found.extents() == expected.extents());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found.elements()[i] == Approx(expected.elements()[i]).margin(1e-12));
  }
}

TEST_CASE("shapes and weights of convolutions are Keras'") {
  CHECK(build(Conv1D(32, 9, {.strides = 2}), {1024, 1}) == Shape{508, 32});
  CHECK(weights_of(Conv1D(32, 9, {.groups = 2}), {1024, 4}) == "kernel (9, 2, 32), bias (32,)");
  CHECK(build(Conv3D(8, 3, {.padding = "same"}), {4, 5, 6, 2}) == Shape{4, 5, 6, 8});
  CHECK(weights_of(Conv3D(8, {1, 2, 3}), {4, 5, 6, 2}) == "kernel (1, 2, 3, 2, 8), bias (8,)");
  CHECK(build(Conv2DTranspose(8, 3, {.strides = 2}), {4, 5, 3}) == Shape{9, 11, 8});
  CHECK(build(Conv2DTranspose(8, 2, {.strides = 3}), {4, 5, 3}) == Shape{12, 15, 8});
  CHECK(build(Conv2DTranspose(8, 5, {.strides = 2, .padding = "same"}), {4, 5, 3}) == Shape{8, 10, 8});
  CHECK(build(Conv2DTranspose(8, 5, {.strides = 2, .padding = "same", .output_padding = Size2D(1)}), {4, 5, 3}) ==
        Shape{8, 10, 8});
  CHECK(weights_of(Conv2DTranspose(8, {3, 2}), {4, 5, 3}) == "kernel (3, 2, 8, 3), bias (8,)");
  CHECK(build(Conv1DTranspose(8, 4, {.strides = 2}), {4, 3}) == Shape{10, 8});
  CHECK(build(Conv3DTranspose(8, 2, {.strides = 2}), {1, 2, 3, 3}) == Shape{2, 4, 6, 8});
  CHECK(weights_of(DepthwiseConv2D(3, {.depth_multiplier = 2}), {6, 6, 5}) == "kernel (3, 3, 5, 2), bias (10,)");
  CHECK(weights_of(DepthwiseConv1D(3, {.use_bias = false}), {6, 5}) == "kernel (3, 5, 1)");
  CHECK(weights_of(SeparableConv2D(7, 3, {.depth_multiplier = 2}), {6, 6, 5}) ==
        "depthwise_kernel (3, 3, 5, 2), pointwise_kernel (1, 1, 10, 7), bias (7,)");
  CHECK(weights_of(SeparableConv1D(7, 3, {.use_bias = false}), {6, 5}) ==
        "depthwise_kernel (3, 5, 1), pointwise_kernel (1, 5, 7)");
}

TEST_CASE("what these convolutions do not take") {
  CHECK_THROWS_WITH(Conv1D(4, 0), "Conv1D: expected kernel_size of 1 or more, got 0");
  CHECK_THROWS_WITH(Conv3D(4, {1, 2, 0}), "Conv3D: expected kernel_size of 1 or more, got (1, 2, 0)");
  CHECK_THROWS_WITH(Conv3D(4, 3, {.padding = "causal"}), "Conv3D: expected padding valid or same, got \"causal\"");
  CHECK_THROWS_WITH(Conv1D(4, 3, {.strides = 2, .dilation_rate = 2}),
                    "Conv1D: expected strides or dilation_rate to be 1, got strides 2 and dilation_rate 2");
  CHECK_THROWS_WITH(build(Conv1D(4, 3), {8}),
                    "expected rank 2 (steps, channels), got (8,); add Reshape({steps, 1}) before it");
  CHECK_THROWS_WITH(build(Conv1D(4, 9), {8, 2}),
                    "expected an input at least as large as the window 9, got (8, 2); use padding \"same\" or a "
                    "smaller window");
  CHECK_THROWS_WITH(build(Conv3D(4, 3), {8, 8, 1}),
                    "expected rank 4 (depth, height, width, channels), got (8, 8, 1); add Reshape({depth, height, "
                    "width, 1}) before it");
  CHECK_THROWS_WITH(Conv2DTranspose(4, 3, {.strides = 2, .output_padding = Size2D(0, 2)}),
                    "Conv2DTranspose: expected output_padding from 0 to below the strides 2, got 2");
  CHECK_THROWS_WITH(Conv1DTranspose(0, 3), "Conv1DTranspose: expected filters of 1 or more, got 0");
  CHECK_THROWS_WITH(DepthwiseConv2D(3, {.depth_multiplier = 0}),
                    "DepthwiseConv2D: expected depth_multiplier of 1 or more, got 0");
  CHECK_THROWS_WITH(SeparableConv1D(4, 3, {.padding = "causal"}),
                    "SeparableConv1D: expected padding valid or same, got \"causal\"");
}
