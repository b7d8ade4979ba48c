// Activation, ReLU, LeakyReLU, ELU and Softmax.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/elu.hpp>
#include <nacre/layers/leaky_relu.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/softmax.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <nacre/layers/check_gradients.hpp>

#include "layer_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("an activation stands for its layer") {
  const Layer by_value = relu;
  const Layer by_name = ActivationLayer("relu");
  CHECK(by_value == by_name);
  CHECK(by_value.class_name() == "Activation");
  CHECK(by_value.to_string() == "Activation(activation=\"relu\", name=\"\")");
  CHECK(by_value != Layer(ActivationLayer(sigmoid)));
}

TEST_CASE("Activation is the function, element by element") {
  const auto x = normal_array<double>({3, 70, 5});
  const auto check = [&](Activation activation, auto function) {
    const auto y = output_of<double>(activation, x);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] - function(x.data()[i])));
    INFO(activation.name());
    CHECK(worst < 1e-14);
  };
  check(linear, [](double v) { return v; });
  check(relu, [](double v) { return std::max(v, 0.0); });
  check(sigmoid, [](double v) { return 1 / (1 + std::exp(-v)); });
  check(activations::tanh, [](double v) { return std::tanh(v); });
}

TEST_CASE("an activation is a value with options") {
  const Activation slope = activations::LeakyRelu{.negative_slope = 0.1};
  CHECK(slope.name() == "leaky_relu");
  CHECK(slope.to_string() == "leaky_relu(negative_slope=0.1)");
  CHECK(slope != leaky_relu);
  CHECK(slope == Activation(activations::LeakyRelu{.negative_slope = 0.1}));
  CHECK(slope.get_if<activations::LeakyRelu>()->negative_slope == 0.1);
  CHECK(slope.get_if<activations::Elu>() == nullptr);
  CHECK(Activation(activations::LeakyRelu{}) == "leaky_relu");
  CHECK(Activation() == linear);
  CHECK(Activation("swish") == silu);
  CHECK(Activation("hard_swish") == hard_silu);
  CHECK(Activation("gelu") == gelu);
  static_assert(gelu.keeps_input() && !relu.keeps_input() && gelu != relu);

  CHECK(to_config_value(gelu).to_string() == "\"gelu\"");  // by name alone, as Keras has it
  Activation back;
  from_config_value(to_config_value(slope), back);
  CHECK(back == slope);
  CHECK(Dense(2, {.activation = slope}).options.activation == slope);
}

TEST_CASE("options that activations do not take") {
  CHECK_THROWS_WITH(Dense(2, {.activation = activations::LeakyRelu{.negative_slope = -1}}),
                    "leaky_relu: expected negative_slope of 0 or more, got -1");
  CHECK_THROWS_WITH(Activation(activations::Elu{.alpha = -0.5}), "elu: expected alpha of 0 or more, got -0.5");
  CHECK_THROWS_AS(Activation(activations::Relu{.max_value = std::nan("")}), ValueError);
  Activation out;
  CHECK_THROWS_WITH(from_config_value(Config("elu", {{"alpha", -2.0}}), out),
                    "elu: expected alpha of 0 or more, got -2");
  CHECK_THROWS_WITH(from_config_value(Config("elu", {{"slope", 2.0}}), out), "elu: has no field \"slope\"");
  CHECK_THROWS_WITH(from_config_value(Config("gelu", {{"approximate", 2.5}}), out),
                    "gelu: approximate: expected true or false, got 2.5");
  CHECK_THROWS_AS(from_config_value(ConfigValue(3.0), out), ValueError);
  CHECK(out == linear);
  CHECK_THROWS_WITH(LeakyReLU({.negative_slope = -0.5}), "LeakyReLU: expected a negative_slope of 0 or more, got -0.5");
  CHECK_THROWS_WITH(ELU({.alpha = -1}), "ELU: expected an alpha of 0 or more, got -1");
}

TEST_CASE("what goes into an activation is kept where its derivative needs it, and nowhere else") {
  const auto kept = [](const Layer& layer, const Shape& input, bool training) {
    LayerBuilder builder(4, training);
    layer.build(input, builder);
    return builder.buffers();
  };
  using Sizes = std::vector<std::int64_t>;
  CHECK(kept(Dense(5, gelu), {3}, true) == Sizes{20});
  CHECK(kept(Dense(5, gelu), {3}, false).empty());
  CHECK(kept(Dense(5, elu), {3}, true).empty());
  CHECK(kept(Conv2D(2, 3, mish), {5, 6, 1}, true) == Sizes{4 * 3 * 4 * 2});
  CHECK(kept(Conv2D(2, 3, mish), {5, 6, 1}, false).empty());
  CHECK(kept(gelu, {7}, true).empty());  // whose input is there in any case
}

TEST_CASE("LeakyReLU and ELU are their activations") {
  const auto x = normal_array<double>({3, 50});
  CHECK(same_values(output_of<double>(LeakyReLU({.negative_slope = 0.2}), x), output_of<double>(leaky_relu, x)));
  CHECK(same_values(output_of<double>(ELU(), x), output_of<double>(elu, x)));
  CHECK(output_of<double>(LeakyReLU(), x)(0, 0) == Approx(x(0, 0) * (x(0, 0) < 0 ? 0.3 : 1)));
}

namespace {

/// sin(frequency x): needs its input.
struct Sine {
  static constexpr std::string_view type_name = "sine";
  double frequency = 1;
  void fields(Fields& list) { list("frequency", frequency); }
  void validate() const { require<ValueError>(frequency > 0, "sine: expected a frequency above 0, got ", frequency); }

  template <class T>
  T forward(T x) const {
    return std::sin(static_cast<T>(frequency) * x);
  }
  template <class T>
  T derivative(T x) const {
    return static_cast<T>(frequency) * std::cos(static_cast<T>(frequency) * x);
  }
};

/// x |x|, whose derivative is known from its output.
struct SignedSquare {
  static constexpr std::string_view type_name = "signed_square";
  double forward(double x) const { return x * std::abs(x); }
  double derivative_from_output(double y) const { return 2 * std::sqrt(std::abs(y)); }
};

}  // namespace

TEST_CASE("activations of one's own serve every layer") {
  const Activation sine = Sine{.frequency = 2};
  CHECK(sine.keeps_input());
  CHECK_FALSE(Activation(SignedSquare()).keeps_input());
  const auto x = normal_array<double>({3, 7});
  CHECK(output_of<double>(sine, x)(1, 2) == Approx(std::sin(2 * x(1, 2))));
  for (const Activation& activation : {sine, Activation(SignedSquare())}) {
    CHECK_NOTHROW(check_gradients(Dense(4, activation), {5}));
    CHECK_NOTHROW(check_gradients(Conv2D(3, 2, activation), {4, 3, 2}));
    CHECK_NOTHROW(check_gradients(ActivationLayer(activation), {6}));
  }
  CHECK_THROWS_WITH(Activation(Sine{.frequency = -1}), "sine: expected a frequency above 0, got -1");

  CHECK_THROWS_AS(Activation("sine"), ValueError);
  register_activation<Sine>();
  register_activation<Sine>();
  CHECK(Activation("sine") == Activation(Sine()));
  Activation back;
  from_config_value(to_config_value(sine), back);
  CHECK(back == sine);
  CHECK_THROWS_AS(from_config_value(Config("sine", {{"frequency", -3.0}}), back), ValueError);
  CHECK(back == sine);
}

TEST_CASE("ReLU's options bend the line where Keras bends it") {
  const xt::xarray<float> x{{-3.f, -1.f, 0.f, 0.5f, 1.f, 2.f, 6.f, 9.f}};
  const auto expect = [&](const ReLUOptions& options, const xt::xarray<float>& expected) {
    const auto y = output_of<float>(ReLU(options), x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      INFO("x = " << x(0, i));
      CHECK(y(0, i) == Approx(expected(i)));
    }
  };
  expect({}, {0, 0, 0, 0.5f, 1, 2, 6, 9});
  expect({.max_value = 6}, {0, 0, 0, 0.5f, 1, 2, 6, 6});
  expect({.negative_slope = 0.1}, {-0.3f, -0.1f, 0, 0.5f, 1, 2, 6, 9});
  expect({.threshold = 1}, {0, 0, 0, 0, 1, 2, 6, 9});
  expect({.max_value = 2, .negative_slope = 0.5, .threshold = 1}, {-2, -1, -0.5f, -0.25f, 1, 2, 2, 2});
}

TEST_CASE("what ReLU does not take") {
  CHECK_THROWS_WITH(ReLU({.max_value = -1}), "ReLU: expected a max_value of 0 or more, got -1");
  CHECK_THROWS_WITH(ReLU({.negative_slope = -0.5}), "ReLU: expected a negative_slope of 0 or more, got -0.5");
  CHECK_THROWS_WITH(ReLU({.threshold = -2}), "ReLU: expected a threshold of 0 or more, got -2");
}

TEST_CASE("Softmax sums to one along its axis and keeps the order") {
  const auto x = normal_array<double>({2, 3, 4, 5});
  for (const std::int64_t axis : {1, 2, 3, -1, -2, -3}) {
    const auto y = output_of<double>(Softmax({.axis = axis}), x);
    const auto across = static_cast<std::size_t>(axis < 0 ? axis + 4 : axis);
    const xt::xarray<double> exponentials = xt::exp(x);
    const xt::xarray<double> sums = xt::sum(exponentials, {across}, xt::keep_dims);
    const xt::xarray<double> expected = exponentials / sums;
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(y.data()[i] - expected.data()[i]));
    INFO("axis " << axis);
    CHECK(worst < 1e-14);
  }
}

TEST_CASE("Softmax and the softmax activation agree, and no size of input overflows") {
  const xt::xarray<float> x{{1000.f, 999.f, -1000.f}, {-1e30f, 0.f, 1e30f}};
  const auto by_layer = output_of<float>(Softmax(), x);
  const auto by_activation = output_of<float>(softmax, x);
  CHECK(same_values(by_layer, by_activation));
  CHECK(by_layer(0, 0) == Approx(1 / (1 + std::exp(-1.0))));
  CHECK(by_layer(0, 2) == 0);
  CHECK(by_layer(1, 2) == 1);
}

TEST_CASE("what Softmax does not take") {
  CHECK_THROWS_WITH(build(Softmax({.axis = 2}), {10}), "expected an input that has axis 2, got (None, 10)");
  CHECK_THROWS_WITH(
      build(Softmax({.axis = 0}), {10}),
      "axis 0 is the batch, which cannot be normalized over; expected an axis from 1 to 1, or from -1 to -1");
  CHECK_THROWS_AS(build(ActivationLayer(softmax), {}), ShapeError);
}
