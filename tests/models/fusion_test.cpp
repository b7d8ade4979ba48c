// Layers that a network computes in one give what they give one by one.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/conv1d.hpp>
#include <nacre/layers/depthwise_conv1d.hpp>
#include <nacre/layers/depthwise_conv2d.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/separable_conv1d.hpp>
#include <nacre/layers/separable_conv2d.hpp>
#include <nacre/layers/shared.hpp>
#include <nacre/models/network.hpp>

#include "models/model_testing.hpp"
#include "residual_network.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// What a network gives in a forward and a backward pass.
struct Results {
  std::vector<double> output, moving, gradients, input_gradient;
};

template <class View>
std::vector<double> numbers(const View& view) {
  return std::vector<double>(view.begin(), view.end());
}

template <class T>
struct BothWays {
  explicit BothWays(const BasicModel<T>& model) : state(model.state()) {
    auto& trainable = state.parameters.trainable();
    for (std::size_t i = 0; i < trainable.size(); ++i) trainable.data()[i] += T(0.2 * RandomStream(7).normal(i));
    auto& moving = state.parameters.non_trainable();
    for (std::size_t i = 0; i < moving.size(); ++i) moving.data()[i] += T(0.3 * RandomStream(8).uniform(i));
  }

  Results run(NetworkUse use, bool training, std::int64_t batch, std::int64_t capacity) {
    ModelState<T> own = state;
    Buffer<T> gradients(own.parameters.trainable().size());
    const auto network = make_network(own, capacity, use, use.training ? gradients.data() : nullptr);
    network->set_batch(batch);
    const std::int64_t size = own.built_graph->inputs[0].shape.size();
    for (std::int64_t i = 0; i < batch * size; ++i)
      network->input()[i] = static_cast<T>(RandomStream(9).normal(static_cast<std::uint64_t>(i)));
    const auto pool = thread_pool();
    network->forward(training, 1, 0, *pool);
    Results results{numbers(network->output()), numbers(own.parameters.non_trainable()), {}, {}};
    if (!use.training) return results;
    auto& gradient = network->output_gradient();
    for (std::size_t i = 0; i < gradient.size(); ++i)
      gradient.elements()[i] = static_cast<T>(RandomStream(10).normal(i));
    Buffer<T> kept(gradients.size());
    GradientStore<T> sink(kept.data());
    network->backward(training, 1, 0, sink, *pool);
    results.gradients = numbers(kept);
    results.input_gradient = numbers(network->input_gradient());
    return results;
  }

  ModelState<T> state;
};

void check_same(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    worst = std::max(worst, std::abs(found[i] - expected[i]));
    if (std::isnan(found[i])) worst = INFINITY;
  }
  CHECK(worst <= tolerance * (1 + largest));
}

/// A graph with layers to be joined.
struct Case {
  const char* name;
  SymbolicTensor (*graph)(const SymbolicTensor& x);
  Shape image;
  std::size_t planned;  ///< layers that the network computes
};

SymbolicTensor normalized(const SymbolicTensor& x, const Layer& convolution, BatchNormalizationOptions options = {}) {
  return BatchNormalization(options)(convolution(x));
}

std::vector<Case> cases() {
  return {
      {"convolution, normalization, ReLU",
       [](const SymbolicTensor& x) { return relu(normalized(x, Conv2D(5, 3, {.strides = 2}))); },
       {9, 8, 3},
       1},
      {"no ReLU, no bias, padding",
       [](const SymbolicTensor& x) { return normalized(x, Conv2D(4, 3, {.padding = "same", .use_bias = false})); },
       {6, 5, 3},
       1},
      {"neither gamma nor beta",
       [](const SymbolicTensor& x) {
         return ReLU()(normalized(x, Conv2D(3, 2), {.axis = 3, .center = false, .scale = false}));
       },
       {6, 5, 2},
       1},
      {"another ReLU stays",
       [](const SymbolicTensor& x) { return ReLU({.negative_slope = 0.1})(normalized(x, Conv2D(3, 2))); },
       {6, 5, 2},
       2},
      {"a chain with different extents",
       [](const SymbolicTensor& x) {
         const SymbolicTensor a = relu(normalized(x, Conv2D(2, 1)));
         const SymbolicTensor b = normalized(a, Conv2D(17, 3, {.padding = "same"}));
         return relu(normalized(relu(b), Conv2D(16, 3)));
       },
       {12, 11, 4},
       1},
      {"a chain longer than one layer takes",
       [](const SymbolicTensor& x) {
         SymbolicTensor h = x;
         for (int i = 0; i < 6; ++i) h = relu(normalized(h, Conv2D(4, 2, {.padding = "same"})));
         return h;
       },
       {5, 5, 2},
       2},
      {"a sum with the input, ReLU",
       [](const SymbolicTensor& x) {
         return relu(Add()({normalized(x, Conv2D(16, 3, {.padding = "same"})), x}));
       },
       {9, 8, 16},
       1},
      {"a sum without ReLU, the other way round",
       [](const SymbolicTensor& x) {
         return Add()({x, normalized(x, Conv2D(3, 3, {.padding = "same"}))});
       },
       {5, 6, 3},
       1},
      {"a sum of two normalized convolutions",
       [](const SymbolicTensor& x) {
         return relu(Add()({normalized(x, Conv2D(6, 1)), normalized(x, Conv2D(6, 3, {.padding = "same"}))}));
       },
       {5, 6, 3},
       2},
      {"a sum of three stays",
       [](const SymbolicTensor& x) {
         return Add()({x, normalized(x, Conv2D(3, 1)), x});
       },
       {5, 6, 3},
       2},
      {"what others read is not joined away",
       [](const SymbolicTensor& x) {
         const SymbolicTensor a = normalized(x, Conv2D(3, 1));
         return Add()({relu(a), AveragePooling2D(3, {.strides = 1, .padding = "same"})(a)});
       },
       {5, 6, 3},
       4},
      {"what shares its weights stays",
       [](const SymbolicTensor& x) {
         const auto convolution = shared(Conv2D(3, 3, {.padding = "same"}));
         return relu(BatchNormalization()(convolution(relu(BatchNormalization()(convolution(x))))));
       },
       {5, 6, 3},
       6},
      {"sequences",
       [](const SymbolicTensor& x) {
         const SymbolicTensor a = relu(normalized(x, Conv1D(5, 3, {.strides = 2, .padding = "causal"}), {.axis = 2}));
         return relu(normalized(a, DepthwiseConv1D(2)));
       },
       {11, 3},
       1},
      {"depthwise and pointwise in turn",
       [](const SymbolicTensor& x) {
         const SymbolicTensor a = relu(normalized(x, DepthwiseConv2D(3, {.strides = 2, .padding = "same"})));
         const SymbolicTensor b = relu(normalized(a, Conv2D(6, 1, {.use_bias = false})));
         return normalized(b, DepthwiseConv2D(2, {.depth_multiplier = 2}));
       },
       {9, 8, 4},
       1},
      {"separable convolutions",
       [](const SymbolicTensor& x) {
         const SymbolicTensor a = relu(normalized(x, SeparableConv2D(6, 3, {.strides = 2, .padding = "same"})));
         const SymbolicTensor b = relu(normalized(a, Conv2D(5, 1)));
         return relu(normalized(b, SeparableConv2D(3, 2, {.use_bias = false})));
       },
       {9, 8, 4},
       2},
      {"a sum behind a separable convolution of sequences",
       [](const SymbolicTensor& x) {
         const SeparableConv1D separable(4, 3, {.padding = "same", .depth_multiplier = 2, .use_bias = false});
         return relu(Add()({normalized(x, separable, {.scale = false}), x}));
       },
       {9, 4},
       1},
      {"an activation in between stays",
       [](const SymbolicTensor& x) { return normalized(x, SeparableConv2D(3, 2, {.activation = relu})); },
       {5, 6, 3},
       2},
      {"a residual network",
       [](const SymbolicTensor& x) {
         return residual_block(16, residual_block(16, relu(normalized_convolution(16, 3, x))));
       },
       {10, 8, 1},
       3},
  };
}

template <class T>
void check(const Case& the, double tolerance, bool frozen) {
  const SymbolicTensor x = Input(the.image);
  BasicModel<T> model(x, the.graph(x));
  if (frozen) model.set_trainable(false);
  BothWays<T> both(model);
  for (const bool training : {true, false}) {
    INFO(the.name << ", training " << training << ", frozen " << frozen);
    const NetworkUse fused{.training = true, .input_gradient = true};
    NetworkUse plain = fused;
    plain.fuse = false;
    const Results expected = both.run(plain, training, 5, 5);
    const Results found = both.run(fused, training, 5, 7);
    check_same(found.output, expected.output, tolerance);
    check_same(found.moving, expected.moving, tolerance);
    check_same(found.gradients, expected.gradients, 20 * tolerance);
    check_same(found.input_gradient, expected.input_gradient, 20 * tolerance);
    if (!training) check_same(both.run({}, false, 5, 5).output, expected.output, tolerance);
  }
}

}  // namespace

TEST_CASE("layers computed in one give what they give one by one") {
  for (const Case& the : cases()) {
    CAPTURE(the.name);
    const SymbolicTensor x = Input(the.image);
    const Model model(x, the.graph(x));
    CHECK(fuse(*model.state().built_graph).size() == the.planned);
    check<double>(the, 1e-11, false);
    check<float>(the, 2e-5, false);
    check<double>(the, 1e-11, true);
  }
}
