// Every layer's backward against finite differences of its forward, over its options.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

const Activation every_activation[] = {linear, relu, sigmoid, activations::tanh, softmax};

/// Checks a layer, in training and at inference, and says how many derivatives were compared.
std::int64_t checked(const AnyLayer<double>& layer, const Shape& input, std::int64_t batch = 3) {
  INFO(layer.to_string());
  INFO("on " << input.to_string());
  CHECK_NOTHROW(check_gradients(layer, input, {.batch = batch, .training = false}));
  GradientCheck check;
  CHECK_NOTHROW(check = check_gradients(layer, input, {.batch = batch, .training = true}));
  return check.elements;
}

}  // namespace

TEST_CASE("gradients of Dense") {
  for (const Activation activation : every_activation) {
    CHECK(checked(Dense(4, {.activation = activation}), {5}) == 3 * 5 + 5 * 4 + 4);
    CHECK(checked(Dense(3, {.activation = activation, .use_bias = false}), {4}, 1) == 4 + 4 * 3);
    CHECK(checked(Dense(3, {.activation = activation}), {2, 3, 4}, 2) == 2 * 24 + 4 * 3 + 3);
  }
  checked(Dense(1), {1}, 1);
  checked(Dense(70, {.activation = relu}), {3}, 2);
}

TEST_CASE("gradients of Dense where the work is cut into several tasks") {
  checked(Dense(130, {.activation = activations::tanh}), {6}, 2);
  checked(Dense(3, {.activation = sigmoid}), {150}, 2);
}

TEST_CASE("gradients of Conv2D") {
  for (const Activation activation : every_activation) {
    CHECK(checked(Conv2D(3, 2, {.activation = activation}), {4, 3, 2}, 2) == 2 * 24 + 2 * 2 * 2 * 3 + 3);
  }
  checked(Conv2D(2, {3, 2}, {.strides = {2, 1}}), {6, 5, 2}, 2);
  checked(Conv2D(2, 3, {.strides = 2, .padding = "same"}), {5, 4, 1}, 2);
  checked(Conv2D(2, 3, {.padding = "same", .activation = relu}), {4, 4, 2}, 1);
  checked(Conv2D(2, {2, 3}, {.dilation_rate = {2, 1}}), {5, 5, 1}, 2);
  checked(Conv2D(2, 2, {.padding = "same", .dilation_rate = 2}), {4, 5, 1}, 2);
  checked(Conv2D(4, 2, {.groups = 2, .activation = activations::tanh}), {3, 4, 6}, 2);
  checked(Conv2D(3, 2, {.padding = "same", .groups = 3, .use_bias = false}), {3, 3, 3}, 2);
  checked(Conv2D(2, 1), {3, 3, 2}, 2);
  checked(Conv2D(1, {3, 4}), {3, 4, 1}, 2);
}

TEST_CASE("gradients of Conv2D for batches that are cut into runs of samples") {
  checked(Conv2D(2, 2, {.activation = sigmoid}), {3, 3, 1}, 8);
  checked(Conv2D(2, 2), {3, 3, 1}, 9);
  checked(Conv2D(2, 2), {3, 3, 1}, 19);
}

TEST_CASE("gradients of pooling") {
  checked(MaxPooling2D(), {4, 6, 3});
  checked(MaxPooling2D({3, 2}, {.strides = 1}), {5, 4, 2});
  checked(MaxPooling2D(2, {.padding = "same"}), {5, 3, 2});
  checked(MaxPooling2D(3, {.strides = Size2D(2, 3), .padding = "same"}), {6, 7, 1});
  checked(AveragePooling2D(), {4, 6, 3});
  checked(AveragePooling2D({3, 2}, {.strides = 1}), {5, 4, 2});
  checked(AveragePooling2D(3, {.strides = 2, .padding = "same"}), {5, 4, 2});
  for (const bool keepdims : {false, true}) {
    checked(GlobalMaxPooling2D({.keepdims = keepdims}), {3, 4, 2});
    checked(GlobalAveragePooling2D({.keepdims = keepdims}), {3, 4, 2});
  }
}

TEST_CASE("gradients of activation layers") {
  for (const Activation activation : every_activation) {
    checked(activation, {7});
    checked(activation, {2, 3, 4});
  }
  checked(ReLU(), {9});
  checked(ReLU({.max_value = 0.5}), {3, 5});
  checked(ReLU({.max_value = 1.0, .negative_slope = 0.2, .threshold = 0.3}), {20});
  for (const std::int64_t axis : {-1, -2, -3, 1, 2, 3}) checked(Softmax({.axis = axis}), {3, 4, 2}, 2);
  checked(Softmax(), {5});
}

TEST_CASE("gradients of BatchNormalization") {
  for (const bool center : {false, true}) {
    for (const bool scale : {false, true}) {
      CHECK(checked(BatchNormalization({.center = center, .scale = scale}), {4}, 5) ==
            20 + (center ? 4 : 0) + (scale ? 4 : 0));
    }
  }
  checked(BatchNormalization(), {3, 2, 4});
  for (const std::int64_t axis : {-2, -3, 1, 2, 3}) checked(BatchNormalization({.axis = axis}), {3, 2, 4});
  checked(BatchNormalization({.epsilon = 0.1}), {130}, 3);
}

TEST_CASE("gradients of Dropout") {
  for (const double rate : {0.0, 0.3, 0.5, 1.0}) CHECK(checked(Dropout(rate), {4, 5}) == 60);
}

TEST_CASE("gradients of layers that change shape and scale alone") {
  checked(Flatten(), {2, 3, 2});
  checked(Reshape({3, -1}), {2, 6});
  checked(Rescaling(0.5, -1), {3, 4});
  checked(Input({2, 3}), {2, 3});
}
