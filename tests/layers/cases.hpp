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

/// A layer on samples of a shape, or of several shapes where it has several inputs.
struct LayerCase {
  Layer layer;
  Shape input;
  const char* about;
  Shapes further{};
  std::int64_t integers = 0;  ///< more than 0: its (one) input is of integers below it
  bool masked = false;        ///< whether its inputs have masks: then the first axes of all shapes are the same

  Shapes inputs() const {
    Shapes all{input};
    all.insert(all.end(), further.begin(), further.end());
    return all;
  }
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
      {ActivityRegularization(), {3, 4}, "shares its input's memory"},
      {Rescaling(0.5, -1), {3, 4}, "factor and offset"},
      {Normalization({.mean = {1, 2, 3}, .variance = {4, 1, 0.25}}), {4, 3}, "the last axis"},
      {Normalization({.axis = {}, .mean = {1}, .variance = {4}}), {4, 3}, "one mean for all"},
      {Normalization({.axis = 1, .mean = {1, 2}, .variance = {4, 1}}), {2, 3}, "the first axis"},
      {Normalization({.axis = {1, 3}, .mean = {1, 2, 3, 4}, .variance = {4, 1, 2, 3}, .invert = true}),
       {2, 3, 2},
       "axes around another, back"},
      {Resizing(3, 5), {4, 3, 2}, "larger and smaller"},
      {Resizing(5, 4, {.interpolation = "nearest"}), {3, 7, 1}, "nearest"},
      {Resizing(4, 4, {.crop_to_aspect_ratio = true}), {3, 7, 2}, "cropped"},
      {Resizing(4, 4, {.pad_to_aspect_ratio = true, .fill_value = 0.5}), {3, 7, 2}, "padded"},
      {CenterCrop(2, 3), {5, 4, 2}, "cropped"},
      {CenterCrop(4, 3), {2, 5, 1}, "of smaller pictures"},
      {CategoryEncoding(4), {2, 3}, "multi_hot", {}, 4},
      {CategoryEncoding(4, {.output_mode = "count"}), {5}, "count", {}, 4},
      {CategoryEncoding(4, {.output_mode = "one_hot"}), {3}, "one_hot", {}, 4},
      {CategoryEncoding(4, {.output_mode = "one_hot"}), {2, 1}, "one_hot, no axis of its own", {}, 4},
      {Discretization({.bin_boundaries = {-1, 0, 0.5}, .output_mode = "one_hot"}), {4}, "one_hot"},
      {Discretization({.bin_boundaries = {1, 3}, .output_mode = "count"}), {4}, "of integers", {}, 5},
      {Hashing(3, {.output_mode = "multi_hot"}), {4}, "FarmHash", {}, 9},
      {Hashing(4, {.mask_value = 1, .salt = {7, 8}, .output_mode = "count"}), {4}, "SipHash", {}, 9},
      {IntegerLookup({.mask_token = 0, .vocabulary = {5, 3}, .output_mode = "multi_hot"}), {4}, "a mask", {}, 7},
      {IntegerLookup({.max_tokens = 6,
                      .num_oov_indices = 2,
                      .vocabulary = {5, 3},
                      .idf_weights = {0.5, 2},
                      .output_mode = "tf_idf",
                      .pad_to_max_tokens = true}),
       {2, 4},
       "tf_idf",
       {},
       7},

      {RandomFlip(), {4, 3, 2}, "both ways"},
      {RandomFlip({.mode = "horizontal"}), {3, 4, 1}, "to one side"},
      {RandomRotation(0.2), {5, 4, 2}, "nothing but defaults"},
      {RandomRotation({-0.1, 0.3}, {.fill_mode = "constant", .fill_value = 0.5}), {4, 5, 1}, "a constant around"},
      {RandomRotation(0.2, {.fill_mode = "wrap", .interpolation = "nearest"}), {4, 4, 2}, "the nearest pixel"},
      {RandomTranslation(0.3, 0.2), {5, 4, 2}, "nothing but defaults"},
      {RandomTranslation({0.1, 0.4}, 0, {.fill_mode = "nearest"}), {5, 4, 1}, "edges repeated"},
      {RandomZoom(0.3), {5, 4, 2}, "the aspect ratio stays"},
      {RandomZoom(0.3, {.width_factor = 0.2, .fill_mode = "constant"}), {5, 4, 1}, "another width"},
      {RandomShear({.x_factor = 0.3, .y_factor = {0.1, 0.2}}), {5, 4, 2}, "both ways"},
      {RandomPerspective(), {5, 4, 2}, "nothing but defaults"},
      {RandomPerspective({.factor = {0.5, 0.5}, .scale = 0.1, .fill_value = 1}), {4, 4, 1}, "half of them"},
      {RandomCrop(3, 2), {5, 4, 2}, "of larger pictures"},
      {RandomCrop(4, 3), {2, 5, 1}, "of smaller pictures"},
      {RandomBrightness(0.2, {.value_range = {-1, 1}}), {4, 3, 2}, "values cut off"},
      {RandomBrightness({0.1, 0.2}), {4, 3, 1}, "nothing but defaults"},
      {RandomContrast(0.5, {.value_range = {-1, 1}}), {4, 3, 2}, "values cut off"},
      {RandomContrast({0.2, 0.5}, {.value_range = {-100, 100}}), {4, 3, 1}, "no value cut off"},
      {RandomInvert({.value_range = {-1, 1}}), {4, 3, 2}, "values cut off"},
      {RandomErasing({.value_range = {-1, 1}}), {6, 5, 2}, "noise"},
      {RandomErasing({.factor = 0.5, .scale = {0.2, 0.5}, .fill_value = {1, 2, 3}}), {6, 5, 3}, "a colour"},
      {RandomElasticTransform({.value_range = {-100, 100}}), {24, 23, 2}, "nothing but defaults"},
      {RandomElasticTransform({.factor = 0.7, .fill_mode = "constant", .value_range = {-1, 1}}),
       {22, 24, 1},
       "cut off"},
      {RandomGaussianBlur({.value_range = {-100, 100}}), {5, 4, 2}, "nothing but defaults"},
      {RandomGaussianBlur({.factor = 0.8, .kernel_size = {5, 3}, .sigma = {0.5, 0.9}, .value_range = {-1, 1}}),
       {5, 4, 1},
       "a wide kernel"},
      {Input({2, 3}), {2, 3}, "shares its input's memory"},
      {Identity(), {2, 3}, "shares its input's memory"},

      {Add(), {3, 4}, "one shape: shares the gradient's memory", {{3, 4}, {3, 4}}},
      {Add(), {3, 4}, "an axis repeated", {{1, 4}}},
      {Add(), {4, 1}, "both repeated", {{1, 3}}},
      {Add(), {2, 3, 4}, "other ranks", {{4}, {3, 1}}},
      {Subtract(), {5}, "one shape", {{5}}},
      {Subtract(), {3, 4}, "other ranks", {{4}}},
      {Multiply(), {3, 4}, "one shape", {{3, 4}, {3, 4}}},
      {Multiply(), {3, 2, 4}, "weights of channels", {{1, 1, 4}}},
      {Multiply(), {3, 2, 4}, "weights of places", {{3, 2, 1}}},
      {Average(), {3, 4}, "one shape", {{3, 4}, {3, 4}}},
      {Average(), {3, 4}, "an axis repeated", {{3, 1}}},
      {Maximum(), {3, 4}, "one shape", {{3, 4}, {3, 4}}},
      {Maximum(), {3, 4}, "an axis repeated", {{3, 1}}},
      {Minimum(), {3, 4}, "one shape", {{3, 4}, {3, 4}}},
      {Concatenate(), {3, 4}, "the last axis", {{3, 1}, {3, 2}}},
      {Concatenate({.axis = 1}), {3, 4}, "the first axis", {{2, 4}}},
      {Dot(1), {5}, "vectors", {{5}}},
      {Dot(2, {.normalize = true}), {3, 5}, "cosines", {{2, 5}}},
      {Dot({2, 1}), {2, 3, 4}, "an axis between others", {{3, 2}}},

      {UnaryFunction(kernels::Unary::exp), {3, 4}, "from its output"},
      {UnaryFunction(kernels::Unary::square), {3, 4}, "from its input"},
      {BinaryFunction(kernels::Binary::divide, 2.0), {3, 4}, "by a number"},
      {BinaryFunction(kernels::Binary::minimum), {3, 4}, "of two", {{3, 4}}},
      {BinaryFunction(kernels::Binary::multiply), {3, 4}, "an axis repeated", {{3, 1}}},
      {Where(), {3, 4}, "of tensors", {{3, 4}, {3, 4}}},
      {Where(), {3, 1}, "of other shapes", {{1, 4}, {4}}},
      {Where({.x1 = 0.5}), {3, 4}, "a number and a tensor", {{3, 4}}},
      {Where({.x2 = 0.5}), {3, 4}, "a tensor and a number", {{3, 4}}},
      {MatMul(), {3, 4}, "matrices", {{4, 2}}},
      {MatMul(), {2, 3, 4}, "several matrices", {{2, 4, 5}}},
      {MatMul(), {2, 1, 3, 4}, "matrices that are used again", {{3, 4, 2}}},
      {Reduction("sum"), {3, 4}, "all axes"},
      {Reduction("mean", {.axis = 1}), {3, 4}, "the first axis"},
      {Reduction("mean", {.axis = {1, -1}, .keepdims = true}), {3, 4, 2}, "axes around another"},
      {Reduction("max", {.axis = -1}), {3, 4}, "the last axis"},
      {Reduction("min", {.axis = 2}), {2, 5, 3}, "the middle axis"},
      {Reduction("var", {.axis = -1, .keepdims = true}), {3, 4}, "the last axis"},
      {Reduction("var", {.axis = {1, 2}}), {3, 4, 2}, "all but the last axis"},
      {LogSoftmax(), {3, 4}, "the last axis"},
      {LogSoftmax({.axis = 1}), {3, 4}, "the first axis"},
      {Permute({2, 1}), {3, 4}, "a matrix"},
      {Permute({3, 1, 2}), {3, 4, 2}, "around"},
      {GetItem({ops::slice(), ops::slice(1, {}, 2), 0}), {4, 3}, "steps, and an element"},
      {GetItem({ops::ellipsis, ops::new_axis, ops::slice({}, {}, -1)}), {4, 3}, "backwards, and a new axis"},
      {Take({2, 0, -1, 2}, {.axis = 1}), {3, 4}, "an element twice"},
      {OneHot(3), {2, 4}, "has no gradient"},
      {OneHot(3), {2, 4}, "of integers", {}, 4},

      {Masking(), {4, 3}, "nothing but defaults"},
      {Masking({.mask_value = 0.5}), {2, 3, 2}, "another value, and more axes"},
      {BatchNormalization(), {5, 3}, "statistics of some steps", {}, 0, true},
      {BatchNormalization({.axis = 1, .scale = false}), {5, 3}, "some steps, another axis", {}, 0, true},
      {BatchNormalization({.axis = -2}), {2, 5, 3}, "some steps, the middle axis", {}, 0, true},
      {BatchNormalization(), {1, 130}, "some steps, several tiles of channels", {}, 0, true},
      {Softmax({.axis = 1}), {5, 3}, "over some steps", {}, 0, true},
      {Softmax(), {5, 3}, "along an axis without a mask", {}, 0, true},
      {Add(), {5, 3}, "the masks of both", {{5, 3}}, 0, true},
      {Maximum(), {5, 3}, "the masks of all", {{5, 1}, {5, 3}}, 0, true},
      {Concatenate(), {5, 3}, "the masks of both", {{5, 2}}, 0, true},
      {Concatenate({.axis = 1}), {5, 3}, "one mask behind the other", {{5, 3}}, 0, true},
      {Dropout(0.3), {5, 3}, "passes a mask on", {}, 0, true},
      {TimeDistributed(BatchNormalization()), {3, 2, 4}, "a mask for each step", {}, 0, true},
      {Residual({Dense(3, tanh), BatchNormalization()}), {4, 3}, "a mask around layers", {}, 0, true},

      {Residual({Dense(4, tanh), Dense(4)}), {3, 4}, "two layers"},
      {TimeDistributed(Conv2D(2, 2)), {3, 4, 4, 2}, "a layer of images"},
      {TimeDistributed(BatchNormalization()), {3, 4}, "statistics over steps"},
      {TimeDistributed(Dropout(0.3)), {3, 4}, "random numbers"},
      {TimeDistributed(Residual({Dense(4)})), {2, 3, 4}, "a layer made of others"},
  };
}

/// The layer between two of Dense, so that its inputs' gradients count, with two outputs. An Input comes first, and
/// where there are masks a Masking of zeros, of ones for the second input, ...
template <class T = float>
BasicModel<T> layers_around(const LayerCase& the) {
  if (the.layer.class_name() == "Input") return BasicSequential<T>{the.layer, Flatten(), Dense(2)};
  if (the.integers > 0) {
    return BasicSequential<T>{Input(the.input, {.dtype = "int32"}), the.layer, Flatten(), Dense(2)};
  }
  if (the.masked) {
    const SymbolicTensor x = Input(the.input);
    SymbolicTensors inputs;
    for (const Shape& shape : the.inputs()) {
      inputs.push_back(Dense(shape.back())(Masking({.mask_value = static_cast<double>(inputs.size())})(x)));
    }
    return BasicModel<T>(x, Dense(2)(Flatten()(the.further.empty() ? the.layer(inputs[0]) : the.layer(inputs))));
  }
  if (the.further.empty()) {
    return BasicSequential<T>{Input(the.input), Dense(the.input.back()), the.layer, Flatten(), Dense(2)};
  }
  const SymbolicTensor x = Input(the.input);
  SymbolicTensors inputs{Dense(the.input.back())(x)};
  for (const Shape& shape : the.further) {
    const std::vector<std::int64_t> extents(shape.begin(), shape.end());
    inputs.push_back(Reshape(extents)(Dense(shape.size())(Flatten()(x))));
  }
  return BasicModel<T>(x, Dense(2)(Flatten()(the.layer(inputs))));
}

/// The same, compiled.
template <class T = float>
BasicModel<T> model_around(const LayerCase& the) {
  BasicModel<T> model = layers_around<T>(the);
  model.compile({.optimizer = Adam(0.01), .loss = MeanSquaredError()});
  return model;
}

}  // namespace nacre::testing
