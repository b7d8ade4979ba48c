#pragma once
// The one table of layers that the tests run over: gradients, bits, small batches, capacity, saving, float against
// double (layers/cases_test.cpp) and allocations (allocation/allocation_test.cpp). A layer needs a line for each way
// that its code can go; a layer without a line fails a test.

#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/saving/registry.hpp>

namespace nacre::testing {

/// A layer on samples of a shape.
struct LayerCase {
  AnyLayer<float> layer;
  Shape input;
  const char* about;
};

inline std::vector<LayerCase> layer_cases() {
  using activations::tanh;
  return {
      {Dense(4), {5}, "nothing but defaults"},
      {Dense(4, relu), {5}, "relu"},
      {Dense(4, sigmoid), {5}, "sigmoid"},
      {Dense(4, tanh), {5}, "tanh"},
      {Dense(4, softmax), {5}, "softmax"},
      {Dense(3, {.use_bias = false}), {4}, "no bias"},
      {Dense(3, {.activation = relu, .use_bias = false}), {4}, "no bias, relu"},
      {Dense(3, softmax), {2, 3, 4}, "at each position"},
      {Dense(1), {1}, "one weight"},
      {Dense(70, relu), {3}, "more units than a block of columns"},
      {Dense(130, tanh), {6}, "three blocks of columns"},
      {Dense(3, sigmoid), {150}, "several blocks of rows"},
      {Dense(2, {.kernel_initializer = HeNormal(), .bias_initializer = Ones(), .name = "named"}), {3}, "initializers"},

      {Dense(4, gelu), {5}, "an activation whose input is kept"},
      {Dense(130, mish), {6}, "three blocks of columns, input kept"},
      {Dense(4, {.activation = activations::Gelu{.approximate = true}}), {2, 3}, "an activation with an option"},
      {Dense(4, {.activation = activations::LeakyRelu{.negative_slope = 0.4}}), {5}, "a number as option"},
      {Dense(5, log_softmax), {3}, "log_softmax"},

      {Conv2D(3, 2), {4, 3, 2}, "nothing but defaults"},
      {Conv2D(3, 2, relu), {4, 3, 2}, "relu"},
      {Conv2D(3, 2, sigmoid), {4, 3, 2}, "sigmoid"},
      {Conv2D(3, 2, tanh), {4, 3, 2}, "tanh"},
      {Conv2D(3, 2, softmax), {4, 3, 2}, "softmax"},
      {Conv2D(2, {3, 2}, {.strides = {2, 1}}), {6, 5, 2}, "strides"},
      {Conv2D(2, 3, {.strides = 2, .padding = "same"}), {5, 4, 1}, "strides and padding"},
      {Conv2D(2, 3, {.padding = "same", .activation = relu}), {4, 4, 2}, "padding"},
      {Conv2D(2, {2, 3}, {.dilation_rate = {2, 1}}), {5, 5, 1}, "dilation"},
      {Conv2D(2, 2, {.padding = "same", .dilation_rate = 2}), {4, 5, 1}, "dilation and padding"},
      {Conv2D(4, 2, {.groups = 2, .activation = tanh}), {3, 4, 6}, "groups"},
      {Conv2D(3, 2, {.padding = "same", .groups = 3, .use_bias = false}), {3, 3, 3}, "depthwise, no bias"},
      {Conv2D(2, 1), {3, 3, 2}, "pointwise"},
      {Conv2D(3, 2, gelu), {4, 3, 2}, "an activation whose input is kept"},
      {Conv2D(3, 2, log_softmax), {4, 3, 2}, "log_softmax"},
      {Conv2D(3, 2, {.padding = "same", .groups = 3, .activation = silu}), {3, 3, 3}, "depthwise, input kept"},
      {Conv2D(16, 3, {.padding = "same", .activation = silu}), {8, 9, 16}, "Winograd's convolution, input kept"},
      {Conv2D(1, {3, 4}), {3, 4, 1}, "a kernel as large as the image"},
      {Conv2D(17, 3, {.padding = "same", .activation = relu}), {4, 5, 8}, "channels for Winograd's convolution"},

      {MaxPooling2D(), {4, 6, 3}, "nothing but defaults"},
      {MaxPooling2D({3, 2}, {.strides = 1}), {5, 4, 2}, "windows that overlap"},
      {MaxPooling2D(2, {.padding = "same"}), {5, 3, 2}, "padding"},
      {MaxPooling2D(3, {.strides = Size2D(2, 3), .padding = "same"}), {6, 7, 1}, "strides and padding"},
      {AveragePooling2D(), {4, 6, 3}, "nothing but defaults"},
      {AveragePooling2D({3, 2}, {.strides = 1}), {5, 4, 2}, "windows that overlap"},
      {AveragePooling2D(3, {.strides = 2, .padding = "same"}), {5, 4, 2}, "strides and padding"},
      {GlobalMaxPooling2D(), {3, 4, 2}, "nothing but defaults"},
      {GlobalMaxPooling2D({.keepdims = true}), {3, 4, 2}, "axes kept"},
      {GlobalAveragePooling2D(), {3, 4, 2}, "nothing but defaults"},
      {GlobalAveragePooling2D({.keepdims = true}), {3, 4, 2}, "axes kept"},

      {linear, {7}, "shares its input's memory"},
      {relu, {2, 3, 4}, "relu"},
      {sigmoid, {2, 3, 4}, "sigmoid"},
      {tanh, {7}, "tanh"},
      {softmax, {2, 3, 4}, "softmax"},
      {relu6, {2, 3, 4}, "relu6"},
      {leaky_relu, {2, 3, 4}, "leaky_relu"},
      {elu, {2, 3, 4}, "elu"},
      {selu, {2, 3, 4}, "selu"},
      {gelu, {2, 3, 4}, "gelu"},
      {Activation(activations::Gelu{.approximate = true}), {2, 3, 4}, "gelu, approximate"},
      {silu, {2, 3, 4}, "silu"},
      {mish, {2, 3, 4}, "mish"},
      {softplus, {2, 3, 4}, "softplus"},
      {softsign, {2, 3, 4}, "softsign"},
      {hard_sigmoid, {2, 3, 4}, "hard_sigmoid"},
      {hard_silu, {2, 3, 4}, "hard_silu"},
      {exponential, {2, 3, 4}, "exponential"},
      {log_softmax, {2, 3, 4}, "log_softmax"},
      {LeakyReLU(), {9}, "nothing but defaults"},
      {LeakyReLU({.negative_slope = 0}), {2, 3, 4}, "no slope"},
      {ELU(), {9}, "nothing but defaults"},
      {ELU({.alpha = 0.5}), {2, 3, 4}, "an alpha"},
      {ReLU(), {9}, "nothing but defaults"},
      {ReLU({.max_value = 0.5}), {3, 5}, "a largest value"},
      {ReLU({.max_value = 1.0, .negative_slope = 0.2, .threshold = 0.3}), {20}, "all options"},
      {Softmax(), {5}, "nothing but defaults"},
      {Softmax({.axis = -2}), {3, 4, 2}, "the middle axis"},
      {Softmax({.axis = 1}), {3, 4, 2}, "the first axis"},

      {BatchNormalization(), {4}, "nothing but defaults"},
      {BatchNormalization({.center = false}), {4}, "no centre"},
      {BatchNormalization({.scale = false}), {3, 2, 4}, "no scale"},
      {BatchNormalization({.center = false, .scale = false}), {4}, "no weights"},
      {BatchNormalization({.axis = 1}), {3, 2, 4}, "the first axis"},
      {BatchNormalization({.axis = -2}), {3, 2, 4}, "the middle axis"},
      {BatchNormalization({.epsilon = 0.1}), {130}, "several blocks of features"},
      {Dropout(0.0), {4, 5}, "keeps all"},
      {Dropout(0.3), {4, 5}, "keeps some"},
      {Dropout(1.0), {4, 5}, "keeps none"},

      {Flatten(), {2, 3, 2}, "shares its input's memory"},
      {Reshape({3, -1}), {2, 6}, "an extent that follows"},
      {Rescaling(0.5, -1), {3, 4}, "factor and offset"},
      {Input({2, 3}), {2, 3}, "shares its input's memory"},
  };
}

/// The same layer for models of double.
inline AnyLayer<double> as_double(const AnyLayer<float>& layer) {
  register_built_in_classes<double>();
  return Registry<AnyLayer<double>>::make(layer.config());
}

/// A compiled model with two outputs that has the layer between two of Dense, so that its input's gradient counts. An
/// Input comes first.
template <class T>
BasicSequential<T> model_around(const AnyLayer<T>& layer, const Shape& input) {
  BasicSequential<T> model = layer.class_name() == "Input"
                                 ? BasicSequential<T>{layer, Flatten(), Dense(2)}
                                 : BasicSequential<T>{Input(input), Dense(input.back()), layer, Flatten(), Dense(2)};
  model.compile({.optimizer = Adam(0.01), .loss = MeanSquaredError()});
  return model;
}

}  // namespace nacre::testing
