// Convolution kernels against plain loops. The data are small integers, whose products and sums are exact in any order:
// every instruction set must give the very same numbers.

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/isa.hpp>

namespace {

using namespace nacre;
using namespace nacre::kernels;

std::vector<Isa> available_isas() {
  std::vector<Isa> available;
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (is_available(isa)) available.push_back(isa);
  }
  return available;
}

template <class T>
std::vector<T> small_integers(std::int64_t count, std::uint32_t seed) {
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<T>(static_cast<int>(seed >> 24) % 5 - 2);
  }
  return values;
}

template <class T>
std::vector<T> zeros(std::int64_t count) {
  return std::vector<T>(static_cast<std::size_t>(count));
}

/// Kernels and padding as Keras' "valid" and "same" choose them.
Conv2DShape make_shape(std::int64_t height, std::int64_t width, std::int64_t channels, std::int64_t filters,
                       std::int64_t kernel_height, std::int64_t kernel_width, bool same, std::int64_t stride = 1,
                       std::int64_t dilation = 1, std::int64_t groups = 1) {
  Conv2DShape shape;
  shape.batch = 3;
  shape.height = height;
  shape.width = width;
  shape.channels = channels;
  shape.filters = filters;
  shape.kernel_height = kernel_height;
  shape.kernel_width = kernel_width;
  shape.stride_height = shape.stride_width = stride;
  shape.dilation_height = shape.dilation_width = dilation;
  shape.groups = groups;
  const auto cut = [&](std::int64_t size, std::int64_t kernel, std::int64_t& out, std::int64_t& pad) {
    const std::int64_t extent = (kernel - 1) * dilation + 1;
    out = same ? (size + stride - 1) / stride : (size - extent) / stride + 1;
    const std::int64_t padding = (out - 1) * stride + extent - size;
    pad = same && padding > 0 ? padding / 2 : 0;
  };
  cut(height, kernel_height, shape.out_height, shape.pad_top);
  cut(width, kernel_width, shape.out_width, shape.pad_left);
  return shape;
}

/// Calls visit(input index, kernel index, output index) for every product of a convolution.
template <class Visit>
void for_each_product(const Conv2DShape& s, const Visit& visit) {
  const std::int64_t inputs = s.channels / s.groups, outputs = s.filters / s.groups;
  for (std::int64_t n = 0; n < s.batch; ++n) {
    for (std::int64_t pixel = 0; pixel < s.out_height * s.out_width; ++pixel) {
      for (std::int64_t tap = 0; tap < s.kernel_height * s.kernel_width; ++tap) {
        const std::int64_t y =
            pixel / s.out_width * s.stride_height + tap / s.kernel_width * s.dilation_height - s.pad_top;
        const std::int64_t x =
            pixel % s.out_width * s.stride_width + tap % s.kernel_width * s.dilation_width - s.pad_left;
        if (y < 0 || y >= s.height || x < 0 || x >= s.width) continue;
        for (std::int64_t channel = 0; channel < inputs; ++channel) {
          for (std::int64_t filter = 0; filter < s.filters; ++filter) {
            visit(static_cast<std::size_t>(((n * s.height + y) * s.width + x) * s.channels + filter / outputs * inputs +
                                           channel),
                  static_cast<std::size_t>((tap * inputs + channel) * s.filters + filter),
                  static_cast<std::size_t>((n * s.out_height * s.out_width + pixel) * s.filters + filter));
          }
        }
      }
    }
  }
}

template <class T>
struct Data {
  explicit Data(const Conv2DShape& s)
      : input(small_integers<T>(s.batch * s.height * s.width * s.channels, 1)),
        kernel(small_integers<T>(s.kernel_height * s.kernel_width * s.channels / s.groups * s.filters, 2)),
        bias(small_integers<T>(s.filters, 3)) {}
  std::vector<T> input, kernel, bias;
};

template <class T>
std::vector<T> plain_forward(const Conv2DShape& s, const Data<T>& data) {
  auto output = zeros<T>(s.batch * s.out_height * s.out_width * s.filters);
  for (std::size_t i = 0; i < output.size(); ++i) output[i] = data.bias[i % static_cast<std::size_t>(s.filters)];
  for_each_product(
      s, [&](std::size_t in, std::size_t w, std::size_t out) { output[out] += data.input[in] * data.kernel[w]; });
  return output;
}

void show(const Conv2DShape& s) {
  UNSCOPED_INFO("input " << s.height << "x" << s.width << "x" << s.channels << ", filters " << s.filters << ", kernel "
                         << s.kernel_height << "x" << s.kernel_width << ", stride " << s.stride_height << ", dilation "
                         << s.dilation_height << ", padding " << s.pad_top << "," << s.pad_left << ", groups "
                         << s.groups << ", output " << s.out_height << "x" << s.out_width);
}

/// Forward and backward of one shape, the samples in two calls.
template <class T>
std::vector<T> prepare_forward(const Conv2DShape& s, const Data<T>& data) {
  auto prepared = zeros<T>(conv2d_forward_prepared_size(s));
  conv2d_prepare_forward(s, data.kernel.data(), prepared.data());
  return prepared;
}

template <class T>
void check(const Conv2DShape& s) {
  show(s);
  const Data<T> data(s);
  auto wanted = plain_forward(s, data);
  const auto gradient = small_integers<T>(static_cast<std::int64_t>(wanted.size()), 4);
  auto wanted_input_gradient = zeros<T>(static_cast<std::int64_t>(data.input.size()));
  std::vector<T> wanted_kernel_gradient(data.kernel.size(), T(7));
  for_each_product(s, [&](std::size_t in, std::size_t w, std::size_t out) {
    wanted_input_gradient[in] += gradient[out] * data.kernel[w];
    wanted_kernel_gradient[w] += gradient[out] * data.input[in];
  });

  auto scratch = zeros<T>(conv2d_scratch(s));
  const auto forward_prepared = prepare_forward(s, data);
  std::vector<T> output(wanted.size(), T(99)), input_gradient(data.input.size(), T(99));
  std::vector<T> kernel_gradient(data.kernel.size(), T(7));
  for (const Range samples : {Range{0, 1}, Range{1, s.batch}}) {
    conv2d_forward(s, samples, data.input.data(), data.kernel.data(), forward_prepared.data(), data.bias.data(), linear,
                   output.data(), scratch.data());
  }
  CHECK(output == wanted);
  for (T& value : wanted) value = value > T(0) ? value : T(0);
  conv2d_forward(s, {0, s.batch}, data.input.data(), data.kernel.data(), forward_prepared.data(), data.bias.data(),
                 relu, output.data(), scratch.data());
  CHECK(output == wanted);

  auto prepared = zeros<T>(conv2d_prepared_size(s));
  conv2d_prepare_backward(s, data.kernel.data(), prepared.data());
  for (const Range samples : {Range{0, 1}, Range{1, s.batch}}) {
    conv2d_backward_input(s, samples, gradient.data(), data.kernel.data(), prepared.data(), input_gradient.data(),
                          scratch.data());
    conv2d_backward_kernel(s, samples, data.input.data(), gradient.data(), kernel_gradient.data(), scratch.data());
  }
  CHECK(input_gradient == wanted_input_gradient);
  CHECK(kernel_gradient == wanted_kernel_gradient);
}

/// The fused convolution and pooling against convolution, activation and pooling one after the other.
template <class T>
void check_pooled(const Conv2DShape& s, Activation activation) {
  show(s);
  REQUIRE(conv2d_max_pool_supported(s, activation));
  const Data<T> data(s);
  const auto convolved = plain_forward(s, data);
  const std::int64_t height = s.out_height / 2, width = s.out_width / 2;
  const std::int64_t count = s.batch * height * width * s.filters;
  auto wanted = zeros<T>(count);
  auto wanted_winner = zeros<std::uint8_t>(count);
  const auto pooled_gradient = small_integers<T>(count, 4);
  auto gradient = zeros<T>(static_cast<std::int64_t>(convolved.size()));
  std::vector<T> wanted_bias_gradient(data.bias.size(), T(5));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t filter = i % s.filters, x = i / s.filters % width, y = i / s.filters / width % height;
    const std::int64_t sample = i / s.filters / width / height;
    std::size_t best = 0;
    std::uint8_t winner = 0;
    for (std::uint8_t pixel = 0; pixel < 4; ++pixel) {
      const auto index = static_cast<std::size_t>(
          ((sample * s.out_height + 2 * y + pixel / 2) * s.out_width + 2 * x + pixel % 2) * s.filters + filter);
      if (pixel == 0 || convolved[index] > convolved[best]) best = index, winner = pixel;
    }
    const bool off = activation == relu && !(convolved[best] > T(0));
    const auto to = static_cast<std::size_t>(i);
    wanted[to] = off ? T(0) : convolved[best];
    wanted_winner[to] = off ? std::uint8_t{4} : winner;
    if (off) continue;
    gradient[best] = pooled_gradient[to];
    wanted_bias_gradient[static_cast<std::size_t>(filter)] += pooled_gradient[to];
  }
  auto wanted_input_gradient = zeros<T>(static_cast<std::int64_t>(data.input.size()));
  std::vector<T> wanted_kernel_gradient(data.kernel.size(), T(7));
  for_each_product(s, [&](std::size_t in, std::size_t w, std::size_t out) {
    wanted_input_gradient[in] += gradient[out] * data.kernel[w];
    wanted_kernel_gradient[w] += gradient[out] * data.input[in];
  });

  auto scratch = zeros<T>(conv2d_max_pool_scratch(s));
  const auto forward_prepared = prepare_forward(s, data);
  std::vector<T> pooled(wanted.size(), T(99)), input_gradient(data.input.size(), T(99));
  std::vector<T> kernel_gradient(data.kernel.size(), T(7)), bias_gradient(data.bias.size(), T(5));
  std::vector<std::uint8_t> winner(wanted.size(), 9);
  const Range all{0, s.batch};
  conv2d_max_pool_forward(s, all, data.input.data(), data.kernel.data(), forward_prepared.data(), data.bias.data(),
                          activation, pooled.data(), static_cast<std::uint8_t*>(nullptr), scratch.data());
  CHECK(pooled == wanted);
  for (const Range samples : {Range{0, 1}, Range{1, s.batch}}) {
    conv2d_max_pool_forward(s, samples, data.input.data(), data.kernel.data(), forward_prepared.data(),
                            data.bias.data(), activation, pooled.data(), winner.data(), scratch.data());
  }
  CHECK(pooled == wanted);
  CHECK(winner == wanted_winner);

  auto prepared = zeros<T>(conv2d_prepared_size(s));
  conv2d_prepare_backward(s, data.kernel.data(), prepared.data());
  conv2d_max_pool_backward(s, all, data.input.data(), pooled_gradient.data(), winner.data(), data.kernel.data(),
                           prepared.data(), kernel_gradient.data(), bias_gradient.data(), input_gradient.data(),
                           scratch.data());
  CHECK(input_gradient == wanted_input_gradient);
  CHECK(kernel_gradient == wanted_kernel_gradient);
  CHECK(bias_gradient == wanted_bias_gradient);

  std::fill(kernel_gradient.begin(), kernel_gradient.end(), T(7));
  T* unwanted = nullptr;
  conv2d_max_pool_backward(s, all, data.input.data(), pooled_gradient.data(), winner.data(), data.kernel.data(),
                           prepared.data(), kernel_gradient.data(), unwanted, unwanted, scratch.data());
  CHECK(kernel_gradient == wanted_kernel_gradient);
}

}  // namespace

TEMPLATE_TEST_CASE("convolution equals plain loops on every instruction set", "[kernels][convolution]", float, double) {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    // Kernel, padding, stride and dilation, each with few and with many channels.
    for (const bool same : {false, true}) {
      for (const std::int64_t stride : {1, 2, 3}) {
        for (const std::int64_t dilation : {1, 2}) {
          for (const std::int64_t channels : {1, 3, 7}) {
            check<TestType>(make_shape(9, 8, channels, 5, 3, 3, same, stride, dilation));
            check<TestType>(make_shape(7, 11, channels, 18, 2, 5, same, stride, dilation));
          }
        }
      }
    }
    // Channels and filters around a register and a tile.
    for (const std::int64_t channels : {4, 15, 16, 33}) {
      for (const std::int64_t filters : {1, 8, 17, 32, 35, 64}) {
        check<TestType>(make_shape(6, 5, channels, filters, 3, 3, true));
        check<TestType>(make_shape(6, 5, channels, filters, 1, 1, false));
      }
    }
    // Groups, one channel a filter, several filters a channel.
    check<TestType>(make_shape(7, 6, 12, 8, 3, 3, true, 1, 1, 4));
    check<TestType>(make_shape(7, 6, 6, 42, 3, 2, true, 2, 1, 2));
    check<TestType>(make_shape(9, 9, 8, 8, 3, 3, false, 1, 2, 4));
    for (const std::int64_t channels : {2, 5, 16, 37}) {
      for (const std::int64_t stride : {1, 2}) {
        check<TestType>(make_shape(8, 7, channels, channels, 3, 3, true, stride, 1, channels));
        check<TestType>(make_shape(8, 7, channels, channels, 3, 3, false, stride, 2, channels));
        check<TestType>(make_shape(8, 7, channels, 2 * channels, 3, 3, true, stride, 1, channels));
      }
    }
    for (const std::int64_t channels : {3, 16}) {
      for (const std::int64_t stride : {1, 2, 3}) {
        for (const std::int64_t dilation : {1, 2, 3}) {
          check<TestType>(make_shape(11, 25, channels, channels, 3, 5, true, stride, dilation, channels));
          check<TestType>(make_shape(13, 12, channels, channels, 4, 2, false, stride, dilation, channels));
          check<TestType>(make_shape(21, 22, channels, channels, 5, 5, true, stride, dilation, channels));
        }
      }
      Conv2DShape wide = make_shape(6, 7, channels, channels, 3, 3, false, 2, 1, channels);
      wide.pad_top = 4;
      wide.pad_left = 5;
      wide.out_height = 8;
      wide.out_width = 9;
      check<TestType>(wide);
    }
    // Winograd's: with and without padding and odd last rows and columns, in one block and in several.
    for (const bool same : {false, true}) {
      check<TestType>(make_shape(10, 10, 16, 16, 3, 3, same));
      check<TestType>(make_shape(13, 11, 17, 35, 3, 3, same));
      check<TestType>(make_shape(31, 30, 16, 40, 3, 3, same));
    }
    // Sums that are cut into blocks, long rows, and an image cut into bands.
    check<TestType>(make_shape(5, 5, 150, 33, 3, 3, true));
    check<TestType>(make_shape(3, 4, 400, 20, 1, 1, true));
    check<TestType>(make_shape(6, 6, 200, 9, 3, 3, true, 1, 2));
    check<TestType>(make_shape(3, 3, 64, 64, 3, 3, false));
    check<TestType>(make_shape(70, 60, 8, 36, 3, 3, true));
    check<TestType>(make_shape(40, 90, 3, 40, 5, 7, true));
    check<TestType>(make_shape(3, 2, 2, 3, 5, 5, true));
    check<TestType>(make_shape(28, 28, 1, 32, 3, 3, false));
    // More padding than "same" has, and an output that leaves the last rows and columns out.
    Conv2DShape shape = make_shape(6, 7, 3, 6, 3, 3, false);
    shape.pad_top = 4;
    shape.pad_left = 5;
    shape.out_height = 12;
    shape.out_width = 15;
    check<TestType>(shape);
    shape.channels = 9;
    check<TestType>(shape);
    shape.channels = shape.filters = 18;
    check<TestType>(shape);
    shape = make_shape(8, 8, 6, 6, 1, 1, false);
    shape.out_height = 5;
    shape.out_width = 6;
    check<TestType>(shape);
    shape.stride_height = 2;
    shape.out_height = 3;
    check<TestType>(shape);
  }
}

TEMPLATE_TEST_CASE("pooled convolution equals its parts on every instruction set", "[kernels][convolution]", float,
                   double) {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    for (const Activation activation : {linear, relu}) {
      for (const std::int64_t filters : {3, 16, 32, 41, 64}) {
        check_pooled<TestType>(make_shape(9, 11, 1, filters, 3, 3, false), activation);
        check_pooled<TestType>(make_shape(11, 13, 17, filters, 3, 3, false), activation);
        check_pooled<TestType>(make_shape(8, 9, 16, filters, 3, 3, true), activation);
        check_pooled<TestType>(make_shape(8, 7, 3, filters, 3, 3, true), activation);
        check_pooled<TestType>(make_shape(7, 8, 8, filters, 2, 5, true), activation);
      }
      check_pooled<TestType>(make_shape(28, 28, 1, 32, 3, 3, false), activation);
      check_pooled<TestType>(make_shape(13, 13, 32, 64, 3, 3, false), activation);
      check_pooled<TestType>(make_shape(13, 12, 6, 20, 3, 3, true, 2), activation);
      check_pooled<TestType>(make_shape(90, 60, 5, 40, 3, 3, true), activation);
      check_pooled<TestType>(make_shape(6, 6, 70, 34, 3, 3, true), activation);
    }
    Conv2DShape dilated_rows = make_shape(12, 9, 4, 7, 3, 3, false);
    dilated_rows.dilation_height = 2;
    dilated_rows.out_height = 8;
    check_pooled<TestType>(dilated_rows, relu);
  }
}

TEST_CASE("Winograd's convolution in float keeps the tolerance of the reference cases", "[kernels][convolution]") {
  const Conv2DShape shape = make_shape(13, 13, 32, 64, 3, 3, false);
  REQUIRE(conv2d_forward_prepared_size(shape) > 0);
  // Normal numbers, scaled as Glorot's initializer scales a kernel, in float and, for plain loops, in double.
  Data<float> data(shape);
  Data<double> exact(shape);
  const RandomStream random(5);
  const double scale = std::sqrt(2.0 / (9 * (32 + 64)));
  for (std::size_t i = 0; i < data.input.size(); ++i) {
    exact.input[i] = data.input[i] = static_cast<float>(random.normal(i));
  }
  for (std::size_t i = 0; i < data.kernel.size(); ++i) {
    exact.kernel[i] = data.kernel[i] = static_cast<float>(scale * random.normal((1 << 20) + i));
  }
  const auto wanted = plain_forward(shape, exact);
  std::vector<float> gradient(wanted.size());
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>(random.normal((2 << 20) + i));
  std::vector<double> wanted_input_gradient(data.input.size()), wanted_kernel_gradient(data.kernel.size());
  for_each_product(shape, [&](std::size_t in, std::size_t w, std::size_t out) {
    wanted_input_gradient[in] += static_cast<double>(gradient[out]) * exact.kernel[w];
    wanted_kernel_gradient[w] += static_cast<double>(gradient[out]) * exact.input[in];
  });

  const auto close = [](const std::vector<float>& found, const std::vector<double>& expected) {
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double allowed = 8e-6 + 1e-4 * std::fabs(expected[i]);
      worst = std::max(worst, std::fabs(static_cast<double>(found[i]) - expected[i]) / allowed);
    }
    CHECK(worst <= 1);
  };
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    auto scratch = zeros<float>(conv2d_scratch(shape));
    const auto forward_prepared = prepare_forward(shape, data);
    std::vector<float> output(wanted.size()), input_gradient(data.input.size()), kernel_gradient(data.kernel.size());
    const Range all{0, shape.batch};
    conv2d_forward(shape, all, data.input.data(), data.kernel.data(), forward_prepared.data(), data.bias.data(), linear,
                   output.data(), scratch.data());
    close(output, wanted);
    auto prepared = zeros<float>(conv2d_prepared_size(shape));
    conv2d_prepare_backward(shape, data.kernel.data(), prepared.data());
    conv2d_backward_input(shape, all, gradient.data(), data.kernel.data(), prepared.data(), input_gradient.data(),
                          scratch.data());
    close(input_gradient, wanted_input_gradient);
    conv2d_backward_kernel(shape, all, data.input.data(), gradient.data(), kernel_gradient.data(), scratch.data());
    // Sums over 363 pixels: numbers of about 19, to which the tolerance belongs.
    for (double& value : wanted_kernel_gradient) value /= 19;
    for (float& value : kernel_gradient) value /= 19;
    close(kernel_gradient, wanted_kernel_gradient);
    for (double& value : wanted_kernel_gradient) value *= 19;
  }
}

TEST_CASE("what is computed for a sample does not depend on its range", "[kernels][convolution]") {
  const Conv2DShape shape = GENERATE(make_shape(11, 10, 9, 21, 3, 3, true), make_shape(11, 10, 16, 21, 3, 3, true));
  Data<float> data(shape);
  for (std::size_t i = 0; i < data.input.size(); ++i) data.input[i] += 0.1f * static_cast<float>(i % 7);
  const auto size = shape.batch * shape.out_height * shape.out_width * shape.filters;
  auto together = zeros<float>(size), alone = zeros<float>(size);
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    auto scratch = zeros<float>(conv2d_scratch(shape));
    const auto prepared = prepare_forward(shape, data);
    const auto forward = [&](Range samples, std::vector<float>& output) {
      conv2d_forward(shape, samples, data.input.data(), data.kernel.data(), prepared.data(), data.bias.data(), relu,
                     output.data(), scratch.data());
    };
    forward({0, shape.batch}, together);
    for (std::int64_t sample = 0; sample < shape.batch; ++sample) forward({sample, sample + 1}, alone);
    CHECK(together == alone);
  }
}

TEST_CASE("convolution applies sigmoid and tanh", "[kernels][convolution]") {
  const Conv2DShape shape = make_shape(5, 5, 2, 19, 2, 2, false);
  const Data<float> data(shape);
  const auto plain = plain_forward(shape, data);
  auto output = zeros<float>(static_cast<std::int64_t>(plain.size()));
  auto scratch = zeros<float>(conv2d_scratch(shape));
  const auto prepared = prepare_forward(shape, data);
  for (const Activation activation : {activations::sigmoid, activations::tanh}) {
    conv2d_forward(shape, {0, shape.batch}, data.input.data(), data.kernel.data(), prepared.data(), data.bias.data(),
                   activation, output.data(), scratch.data());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const float wanted = activation == sigmoid ? 1.0f / (1.0f + std::exp(-plain[i])) : std::tanh(plain[i]);
      CHECK(std::fabs(output[i] - wanted) < 1e-6f);
    }
  }
}

TEST_CASE("convolution and pooling are fused only where that is right", "[kernels][convolution]") {
  CHECK(conv2d_max_pool_supported(make_shape(9, 9, 4, 4, 3, 3, true), relu));
  CHECK(conv2d_max_pool_supported(make_shape(9, 9, 4, 4, 3, 3, true, 2), linear));
  CHECK_FALSE(conv2d_max_pool_supported(make_shape(9, 9, 4, 4, 3, 3, true), sigmoid));
  CHECK_FALSE(conv2d_max_pool_supported(make_shape(9, 9, 4, 4, 3, 3, true, 1, 2), relu));
  CHECK_FALSE(conv2d_max_pool_supported(make_shape(9, 9, 4, 4, 3, 3, true, 1, 1, 2), relu));
  CHECK_FALSE(conv2d_max_pool_supported(make_shape(3, 9, 4, 4, 3, 3, false), relu));
}

TEST_CASE("random geometries of convolutions equal plain loops on every instruction set", "[kernels][convolution]") {
  std::uint32_t state = 12345;
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    state = state * 1664525u + 1013904223u;
    return low + static_cast<std::int64_t>(state >> 8) % (high - low + 1);
  };
  for (int geometry = 0; geometry < 400; ++geometry) {
    Conv2DShape s;
    s.batch = 2;
    s.groups = draw(0, 3) == 0 ? draw(2, 4) : 1;
    s.channels = s.groups * draw(1, s.groups > 1 ? 3 : 20);
    s.filters = s.groups * draw(1, s.groups > 1 ? 3 : 40);
    if (s.groups > 1 && draw(0, 2) == 0) s.groups = s.channels = s.filters;
    const bool is_pixel = draw(0, 4) == 0;
    const auto axis = [&](std::int64_t& size, std::int64_t& kernel, std::int64_t& stride, std::int64_t& dilation,
                          std::int64_t& pad, std::int64_t& out) {
      size = draw(1, 12);
      kernel = is_pixel ? 1 : draw(1, 5);
      stride = draw(0, 1) == 0 ? 1 : draw(1, 4);
      dilation = draw(0, 2) == 0 ? draw(1, 15) : 1;
      pad = draw(0, 1) == 0 ? 0 : draw(0, (kernel - 1) * dilation + 2);
      const std::int64_t extent = (kernel - 1) * dilation + 1;
      const std::int64_t after = draw(0, 1) == 0 ? 0 : draw(0, extent);
      out = std::max<std::int64_t>(1, (size + pad + after - extent) / stride + 1);
    };
    axis(s.height, s.kernel_height, s.stride_height, s.dilation_height, s.pad_top, s.out_height);
    axis(s.width, s.kernel_width, s.stride_width, s.dilation_width, s.pad_left, s.out_width);
    for (const Isa isa : available_isas()) {
      const ScopedIsa scoped(isa);
      INFO("geometry " << geometry << ", instruction set " << name(isa));
      check<float>(s);
      for (const Activation activation : {linear, relu}) {
        if (conv2d_max_pool_supported(s, activation)) check_pooled<float>(s, activation);
      }
    }
  }
}

TEST_CASE("taps that meet padding alone cost nothing", "[kernels][convolution]") {
  for (const std::int64_t taps : {1, 2, 3, 4, 5}) {
    for (const std::int64_t channels : {1, 3, 8}) {
      const Conv2DShape s = make_shape(6, 5, channels, 4, taps, taps, true, 1, 8000);
      CHECK(conv2d_scratch(s) < 10000);
      check<float>(s);
      check<double>(make_shape(9, 8, channels, 20, taps, 3, true, 1, 5));
    }
  }
  Conv2DShape rows_only = make_shape(8, 8, 2, 4, 3, 3, true);
  rows_only.dilation_height = rows_only.pad_top = 8000;
  CHECK(conv2d_max_pool_scratch(rows_only) < 10000);
  check_pooled<float>(rows_only, relu);
}

TEST_CASE("convolution and pooling in one pass keep a NaN", "[kernels][convolution]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    for (const std::int64_t filters : {1, 8, 20, 40}) {
      const Conv2DShape s = make_shape(8, 8, 1, filters, 1, 1, false);
      for (std::uint8_t place = 0; place < 4; ++place) {
        auto input = small_integers<float>(s.batch * 64, 1);
        for (std::int64_t window = 0; window < s.batch * 16; ++window) {
          const std::int64_t sample = window / 16, y = window / 4 % 4 * 2 + place / 2, x = window % 4 * 2 + place % 2;
          input[static_cast<std::size_t>((sample * 8 + y) * 8 + x)] = nan;
        }
        const std::vector<float> kernel(static_cast<std::size_t>(filters), 1.0f);
        for (const Activation activation : {linear, relu}) {
          std::vector<float> pooled(static_cast<std::size_t>(s.batch * 16 * filters));
          std::vector<std::uint8_t> winner(pooled.size());
          auto scratch = zeros<float>(conv2d_max_pool_scratch(s));
          const float* none = nullptr;
          conv2d_max_pool_forward(s, {0, s.batch}, input.data(), kernel.data(), none, none, activation, pooled.data(),
                                  winner.data(), scratch.data());
          CHECK(std::all_of(pooled.begin(), pooled.end(), [](float value) { return std::isnan(value); }));
          const std::uint8_t wanted = activation == relu ? 4 : place;  // ReLU lets no gradient of a NaN pass
          CHECK(std::all_of(winner.begin(), winner.end(), [&](std::uint8_t found) { return found == wanted; }));
        }
      }
    }
  }
}

TEST_CASE("a NaN in the last pixel of a window passes Winograd's convolution and pooling", "[kernels][convolution]") {
  for (const Isa isa : available_isas()) {
    const ScopedIsa scoped(isa);
    INFO("instruction set " << name(isa));
    Conv2DShape s = make_shape(10, 10, 16, 16, 3, 3, false);
    s.batch = 1;
    Data<float> data(s);
    data.input[99 * 16] = std::numeric_limits<float>::quiet_NaN();  // only the last output pixel sees it
    const auto prepared = prepare_forward(s, data);
    std::vector<float> pooled(4 * 4 * 16);
    auto scratch = zeros<float>(conv2d_max_pool_scratch(s));
    conv2d_max_pool_forward(s, {0, 1}, data.input.data(), data.kernel.data(), prepared.data(), data.bias.data(), linear,
                            pooled.data(), static_cast<std::uint8_t*>(nullptr), scratch.data());
    for (std::size_t filter = 0; filter < 16; ++filter) CHECK(std::isnan(pooled[15 * 16 + filter]));
  }
}
