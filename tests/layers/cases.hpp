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

      {Conv2D(6, 2, {.padding = "same", .groups = 3}), {4, 3, 3}, "two filters of each channel"},

      {Conv1D(3, 2), {5, 2}, "nothing but defaults"},
      {Conv1D(3, 1, relu), {1, 2}, "one step"},
      {Conv1D(2, 3, {.strides = 2, .padding = "same", .activation = gelu}), {7, 3}, "strides, padding, input kept"},
      {Conv1D(2, 3, {.padding = "causal"}), {5, 2}, "causal"},
      {Conv1D(4, 3, {.padding = "causal", .dilation_rate = 2, .groups = 2}), {7, 2}, "causal, dilation, groups"},
      {Conv1D(2, 3, {.strides = 2, .padding = "causal", .use_bias = false}), {6, 1}, "causal, strides, no bias"},
      {Conv1D(17, 9, {.strides = 2, .padding = "same"}), {21, 1}, "one channel, a wide window"},
      {Conv3D(2, 2), {3, 4, 3, 2}, "nothing but defaults"},
      {Conv3D(3, {2, 3, 1}, {.strides = {2, 1, 2}, .padding = "same", .activation = tanh}), {3, 4, 3, 2}, "options"},
      {Conv3D(2, 3, {.padding = "same", .activation = silu}), {3, 1, 4, 1}, "input kept"},
      {Conv3D(4, 2, {.dilation_rate = 2, .groups = 2, .use_bias = false}), {5, 4, 3, 4}, "dilation, groups, no bias"},
      {Conv3D(2, {1, 2, 2}), {3, 4, 3, 2}, "plane by plane"},
      {Conv3D(2, {5, 1, 1}, {.padding = "same", .dilation_rate = {3, 1, 1}}), {2, 2, 3, 1}, "planes of padding alone"},
      {Conv3D(8, {2, 3, 3}, {.padding = "same"}), {2, 4, 5, 8}, "more channels"},
      {Conv1DTranspose(3, 3, {.strides = 2, .padding = "same"}), {5, 2}, "strides and padding"},
      {Conv1DTranspose(2, 2, {.strides = 3, .output_padding = Size1D(2)}), {3, 2}, "cells between and behind"},
      {Conv1DTranspose(2, 3, {.dilation_rate = 2, .activation = relu}), {4, 1}, "dilation"},
      {Conv2DTranspose(2, 2), {3, 2, 2}, "nothing but defaults"},
      {Conv2DTranspose(3, 3, {.strides = 2, .padding = "same", .activation = gelu}), {3, 4, 2}, "input kept"},
      {Conv2DTranspose(2, {3, 4}, {.strides = {2, 3}, .output_padding = Size2D(1, 2), .use_bias = false}),
       {2, 3, 3},
       "output padding, no bias"},
      {Conv2DTranspose(2, 3, {.strides = 2, .padding = "same", .output_padding = Size2D(0, 1)}), {3, 3, 2}, "both"},
      {Conv2DTranspose(16, 3, {.padding = "same", .activation = relu}), {6, 5, 16}, "more channels"},
      {Conv2DTranspose(2, 3, {.padding = "same", .dilation_rate = 2}), {3, 4, 1}, "dilation"},
      {Conv3DTranspose(2, 2, {.strides = 2}), {2, 1, 3, 2}, "strides"},
      {Conv3DTranspose(2, 3, {.strides = {1, 2, 1}, .padding = "same", .activation = silu}), {2, 3, 1, 2}, "options"},
      {DepthwiseConv1D(3), {5, 3}, "nothing but defaults"},
      {DepthwiseConv1D(3, {.strides = 2, .padding = "same", .depth_multiplier = 2}), {6, 3}, "two filters of each"},
      {DepthwiseConv2D(2), {3, 4, 5}, "nothing but defaults"},
      {DepthwiseConv2D({2, 3}, {.padding = "same", .depth_multiplier = 3, .activation = relu}),
       {3, 4, 2},
       "a multiplier"},
      {DepthwiseConv2D(3, {.strides = 2, .padding = "same", .activation = silu, .use_bias = false}),
       {5, 4, 3},
       "strides"},
      {DepthwiseConv2D(2, {.strides = {1, 2}, .dilation_rate = {2, 1}}),
       {5, 4, 1},
       "one channel, strides and dilation"},
      {DepthwiseConv2D(3, {.padding = "same"}), {6, 9, 37}, "several vectors of channels"},
      {SeparableConv1D(3, 3, {.padding = "same", .depth_multiplier = 2}), {7, 2}, "a multiplier"},
      {SeparableConv1D(2, 2, {.strides = 2, .activation = gelu, .use_bias = false}), {6, 3}, "input kept, no bias"},
      {SeparableConv2D(4, 2), {3, 4, 3}, "nothing but defaults"},
      {SeparableConv2D(3, 3, {.strides = 2, .padding = "same", .activation = relu}), {5, 4, 2}, "strides, relu"},
      {SeparableConv2D(2, 2, {.dilation_rate = 2, .depth_multiplier = 2, .activation = log_softmax}),
       {5, 4, 2},
       "rows"},

      {MaxPooling1D(), {7, 3}, "nothing but defaults"},
      {MaxPooling1D(3, {.strides = 2, .padding = "same"}), {6, 2}, "windows that overlap, padding"},
      {AveragePooling1D(), {7, 3}, "nothing but defaults"},
      {AveragePooling1D(3, {.strides = 2, .padding = "same"}), {6, 2}, "windows that overlap, padding"},
      {MaxPooling3D(), {2, 5, 4, 3}, "nothing but defaults"},
      {MaxPooling3D({2, 1, 3}, {.strides = 1, .padding = "same"}), {3, 2, 4, 2}, "windows that overlap, padding"},
      {AveragePooling3D(), {2, 5, 4, 3}, "nothing but defaults"},
      {AveragePooling3D({2, 1, 3}, {.strides = Size3D(1, 2, 2), .padding = "same"}),
       {3, 3, 4, 2},
       "windows that overlap"},
      {GlobalMaxPooling1D(), {4, 3}, "nothing but defaults"},
      {GlobalMaxPooling1D({.keepdims = true}), {1, 3}, "one step"},
      {GlobalAveragePooling1D(), {4, 3}, "nothing but defaults"},
      {GlobalAveragePooling1D({.keepdims = true}), {4, 3}, "axes kept"},
      {GlobalAveragePooling1D(), {3, 4}, "of some steps", {}, 0, true},
      {GlobalMaxPooling3D(), {2, 3, 2, 3}, "nothing but defaults"},
      {GlobalMaxPooling3D({.keepdims = true}), {1, 3, 2, 3}, "axes kept"},
      {GlobalAveragePooling3D(), {2, 3, 2, 3}, "nothing but defaults"},
      {GlobalAveragePooling3D({.keepdims = true}), {2, 3, 1, 3}, "axes kept"},

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
      {LayerNormalization(), {5}, "nothing but defaults"},
      {LayerNormalization({.center = false}), {2, 37}, "no centre"},
      {LayerNormalization({.scale = false}), {2, 3, 4}, "no scale"},
      {LayerNormalization({.center = false, .scale = false}), {2, 3}, "no weights"},
      {LayerNormalization({.axis = {1, 2}}), {3, 4}, "all axes"},
      {LayerNormalization({.axis = 1, .epsilon = 0.1}), {4, 3}, "the first axis"},
      {LayerNormalization({.axis = {1, -1}}), {4, 3, 2}, "axes around another"},
      {LayerNormalization({.axis = 2}), {3, 5, 1}, "an axis before one of a single element"},
      {RMSNormalization(), {5}, "nothing but defaults"},
      {RMSNormalization({.epsilon = 0.1}), {2, 37}, "several vectors"},
      {RMSNormalization({.axis = {-1, 1}}), {4, 3, 2}, "axes around another"},
      {UnitNormalization(), {5}, "nothing but defaults"},
      {UnitNormalization({.axis = {1, 2}}), {3, 4}, "all axes"},
      {UnitNormalization({.axis = 1}), {3, 4}, "the first axis"},
      {GroupNormalization({.groups = 2}), {3, 2, 6}, "images"},
      {GroupNormalization({.groups = 3, .center = false}), {6}, "no centre"},
      {GroupNormalization({.groups = 1, .scale = false}), {5, 4}, "no scale"},
      {GroupNormalization({.groups = -1, .axis = 1, .epsilon = 0.1}), {3, 4}, "each channel, the first axis"},
      {GroupNormalization({.groups = 2, .axis = 2, .center = false, .scale = false}), {2, 4, 3}, "no weights"},
      {Dropout(0.4, {.noise_shape = {-1, 1, -1}, .seed = 3}), {4, 5}, "features of all steps, a seed"},
      {Dropout(0.4, {.noise_shape = {1, -1, 1}}), {4, 5}, "steps, the same of all samples"},
      {SpatialDropout1D(0.3), {4, 5}, "channels"},
      {SpatialDropout2D(0.3, {.seed = 7}), {2, 3, 5}, "a seed"},
      {SpatialDropout2D(0.0), {2, 3, 5}, "keeps all"},
      {SpatialDropout3D(0.6), {2, 1, 3, 5}, "channels"},
      {GaussianNoise(0.2), {3, 4}, "adds"},
      {GaussianNoise(0.0, {.seed = 1}), {3, 4}, "adds nothing"},
      {GaussianDropout(0.3), {3, 4}, "multiplies"},
      {GaussianDropout(0.0), {3, 4}, "multiplies by 1"},
      {AlphaDropout(0.3), {3, 4}, "nothing but defaults"},
      {AlphaDropout(0.3, {.noise_shape = {-1, -1, 1}, .seed = 2}), {3, 4}, "whole steps, a seed"},
      {AlphaDropout(0.0), {3, 4}, "keeps all"},
      {Dropout(0.0), {4, 5}, "keeps all"},
      {Dropout(0.3), {4, 5}, "keeps some"},
      {Dropout(1.0), {4, 5}, "keeps none"},

      {Flatten(), {2, 3, 2}, "shares its input's memory"},
      {Reshape({3, -1}), {2, 6}, "an extent that follows"},
      {RepeatVector(3), {4}, "three rows"},
      {RepeatVector(1), {4}, "one row"},
      {ZeroPadding1D(), {3, 2}, "nothing but defaults"},
      {ZeroPadding1D({0, 2}), {1, 2}, "behind alone"},
      {ZeroPadding2D({1, 2}), {2, 3, 2}, "as much on both sides"},
      {ZeroPadding2D({{1, 0}, {2, 3}}), {2, 3, 1}, "each side for itself"},
      {ZeroPadding3D({{1, 0}, {0, 3}, {1, 1}}), {2, 1, 3, 2}, "each side for itself"},
      {Cropping1D(), {3, 2}, "nothing but defaults"},
      {Cropping2D(), {2, 3, 2}, "takes nothing"},
      {Cropping2D({{1, 0}, {0, 2}}), {2, 3, 2}, "each side for itself"},
      {Cropping3D({{1, 0}, {0, 2}, {1, 1}}), {2, 3, 4, 1}, "each side for itself"},
      {UpSampling1D(), {3, 2}, "nothing but defaults"},
      {UpSampling2D({2, 3}), {2, 3, 2}, "nearest"},
      {UpSampling2D({2, 3}, {.interpolation = "bilinear"}), {4, 3, 2}, "bilinear"},
      {UpSampling2D({3, 1}, {.interpolation = "bicubic"}), {5, 2, 9}, "bicubic"},
      {UpSampling2D(2, {.interpolation = "lanczos3"}), {3, 7, 1}, "lanczos3"},
      {UpSampling2D({1, 2}, {.interpolation = "lanczos5"}), {1, 6, 2}, "lanczos5"},
      {UpSampling3D({2, 1, 3}), {2, 3, 1, 2}, "each axis for itself"},
      {ActivityRegularization(), {3, 4}, "shares its input's memory"},
      {Rescaling(0.5, -1), {3, 4}, "factor and offset"},
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
      {LayerNormalization(), {5, 3}, "passes a mask on", {}, 0, true},
      {GroupNormalization({.groups = 1}), {5, 3}, "passes a mask on", {}, 0, true},
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
