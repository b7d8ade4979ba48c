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

      {Embedding(5, 3), {4}, "of integers", {}, 5},
      {Embedding(7, 2, {.embeddings_regularizer = L2(0.1), .mask_zero = true}), {2, 3}, "a mask and a penalty", {}, 7},
      {Embedding(3000, 5), {4}, "several tiles of the table", {}, 3000},

      {SimpleRNN(4), {5, 3}, "nothing but defaults"},
      {SimpleRNN(3, {.activation = gelu, .use_bias = false, .return_sequences = true}),
       {4, 2},
       "an input that is kept"},
      {SimpleRNN(3, {.go_backwards = true}), {4, 2}, "masked, backwards", {}, 0, true},
      {SimpleRNN(3), {4, 2}, "an initial state", {{3}}},
      {LSTM(4), {5, 3}, "nothing but defaults"},
      {LSTM(17, {.return_sequences = true}), {3, 5}, "sequences, a vector and a unit"},
      {LSTM(40), {2, 30}, "several tiles of the kernels"},
      {LSTM(3, {.activation = relu, .recurrent_activation = hard_sigmoid, .return_sequences = true}),
       {4, 2},
       "activations"},
      {LSTM(3, {.activation = gelu, .recurrent_activation = silu, .return_sequences = true}),
       {4, 2},
       "inputs that are kept"},
      {LSTM(3, {.activation = softmax, .recurrent_activation = softmax}), {4, 2}, "activations of rows"},
      {LSTM(3, {.use_bias = false, .return_sequences = true, .go_backwards = true}), {4, 2}, "backwards, no bias"},
      {LSTM(3), {4, 2}, "initial states", {{3}, {3}}},
      {LSTM(3, {.return_sequences = true, .return_state = true}), {4, 2}, "states as outputs", {{3}, {3}}},
      {LSTM(3, {.dropout = 0.4, .recurrent_dropout = 0.3}), {4, 5}, "dropout"},
      {LSTM(3, {.dropout = 0.4, .recurrent_dropout = 0.3, .return_sequences = true}),
       {4, 5},
       "dropout, masked",
       {},
       0,
       true},
      {LSTM(3), {5, 2}, "masked", {}, 0, true},
      {LSTM(3, {.return_sequences = true, .go_backwards = true, .zero_output_for_mask = true}),
       {5, 2},
       "masked outputs are zeros",
       {},
       0,
       true},
      {LSTM(3, {.kernel_regularizer = L2(0.1),
                .recurrent_regularizer = L1(0.1),
                .bias_regularizer = L2(0.1),
                .kernel_constraint = MaxNorm(1),
                .recurrent_constraint = UnitNorm(),
                .bias_constraint = NonNeg()}),
       {4, 2},
       "penalties and limits"},
      {GRU(4), {5, 3}, "nothing but defaults"},
      {GRU(18, {.return_sequences = true}), {3, 5}, "sequences"},
      {GRU(4, {.reset_after = false}), {5, 3}, "reset before the product"},
      {GRU(3, {.use_bias = false, .return_sequences = true, .go_backwards = true}), {4, 2}, "backwards, no bias"},
      {GRU(3, {.activation = gelu, .recurrent_activation = silu, .return_sequences = true}),
       {4, 2},
       "inputs that are kept"},
      {GRU(3, {.activation = mish, .recurrent_activation = hard_sigmoid, .reset_after = false}),
       {4, 2},
       "reset before the product, activations"},
      {GRU(3, {.dropout = 0.4, .recurrent_dropout = 0.3, .return_sequences = true}),
       {4, 5},
       "dropout, masked",
       {},
       0,
       true},
      {GRU(3, {.recurrent_dropout = 0.3, .reset_after = false}),
       {4, 5},
       "reset before the product, masked",
       {},
       0,
       true},
      {GRU(3, {.return_state = true}), {4, 2}, "a state as output"},
      {GRU(3), {4, 2}, "an initial state", {{3}}},
      {SimpleRNNCell(4), {3}, "one step", {{4}}},
      {LSTMCell(4), {3}, "one step", {{4}, {4}}},
      {LSTMCell(4, {.activation = softsign, .unit_forget_bias = false, .dropout = 0.3, .recurrent_dropout = 0.3}),
       {3},
       "one step, all options",
       {{4}, {4}}},
      {GRUCell(4), {3}, "one step", {{4}}},
      {GRUCell(4, {.reset_after = false}), {3}, "one step, reset before the product", {{4}}},
      {TimeDistributed(LSTM(3)), {2, 4, 3}, "a sequence for each step"},
      {Bidirectional(LSTM(3)), {4, 2}, "nothing but defaults"},
      {Bidirectional(GRU(3, {.return_sequences = true}), {.merge_mode = "sum"}), {4, 2}, "the sum of sequences"},
      {Bidirectional(SimpleRNN(3), {.merge_mode = "mul", .backward_layer = SimpleRNN(3, {.go_backwards = true})}),
       {4, 2},
       "the product, another layer"},
      {Bidirectional(LSTM(3, {.return_sequences = true}), {.merge_mode = "ave"}),
       {4, 2},
       "the mean, masked",
       {},
       0,
       true},
      {Bidirectional(GRU(3, {.return_state = true}), {.merge_mode = "none"}), {4, 2}, "several outputs"},
      {Bidirectional(GRU(3)), {4, 2}, "initial states", {{3}, {3}}},
      {RNN(LSTMCell(3)), {4, 2}, "a cell that has a layer"},
      {RNN({LSTMCell(3), GRUCell(2)}, {.return_sequences = true, .go_backwards = true}),
       {4, 2},
       "stacked cells, masked",
       {},
       0,
       true},
      {RNN(SimpleRNNCell(3)), {4, 2}, "an initial state", {{3}}},
      {StackedRNNCells({SimpleRNNCell(3), GRUCell(2)}), {4}, "one step", {{3}, {2}}},

      {MultiHeadAttention(2, 3), {4, 5}, "nothing but defaults", {{4, 5}}},
      {MultiHeadAttention(3, 2, {.value_dim = 4, .use_bias = false, .output_shape = {2, 3}}),
       {4, 5},
       "other dimensions, no bias",
       {{6, 3}}},
      {MultiHeadAttention(1, 3, {.dropout = 0.4}), {4, 5}, "a key of its own, dropout", {{6, 3}, {6, 2}}},
      {MultiHeadAttention(2, 2, {.use_causal_mask = true, .return_attention_scores = true}),
       {4, 5},
       "a causal mask",
       {{4, 5}}},
      {MultiHeadAttention(2, 2, {.attention_axes = {2}}), {3, 4, 5}, "one axis of two", {{3, 2, 5}}},
      {MultiHeadAttention(2, 2), {3, 2, 5}, "two axes", {{2, 2, 3}}},
      {MultiHeadAttention(2, 20, {.kernel_regularizer = L2(0.1), .kernel_constraint = MaxNorm(2)}),
       {2, 30},
       "several tiles of the kernels, a penalty",
       {{3, 30}}},
      {MultiHeadAttention(2, 3), {4, 5}, "masked", {{4, 3}}, 0, true},
      {MultiHeadAttention(2, 3, {.use_causal_mask = true}), {4, 5}, "masked and causal", {{4, 3}, {4, 2}}, 0, true},
      {EinsumDense("abc,cd->abd", {-1, 4}, {.activation = gelu, .bias_axes = "d"}), {3, 5}, "as Dense, an input kept"},
      {EinsumDense("...x,xy->...y", {-1, -1, 6}, {.activation = softmax, .bias_axes = "y"}), {2, 3, 5}, "elided axes"},
      {EinsumDense("abcd,cde->abe", {-1, 4}, {.bias_axes = "be"}), {3, 2, 5}, "several axes"},
      {EinsumDense("abc,dc->adb", {4, -1}, {.bias_axes = "d"}), {3, 5}, "other orders"},
      {EinsumDense("abc,bd->acd", {-1, 40}), {30, 5}, "an axis in the middle, several tiles"},
      {Attention(), {4, 5}, "nothing but defaults", {{6, 5}}},
      {Attention({.use_scale = true, .dropout = 0.3, .use_causal_mask = true, .return_attention_scores = true}),
       {4, 5},
       "all options",
       {{6, 3}, {6, 5}}},
      {Attention({.use_scale = true, .score_mode = "concat"}), {4, 5}, "sums", {{6, 5}}},
      {Attention({.use_scale = true}), {4, 5}, "masked", {{4, 5}}, 0, true},
      {AdditiveAttention(), {4, 5}, "nothing but defaults", {{6, 5}}},
      {AdditiveAttention({.use_scale = false}), {4, 5}, "masked", {{4, 3}, {4, 5}}, 0, true},
      {GroupQueryAttention(3, 4, 2), {4, 5}, "two groups", {{6, 5}}},
      {GroupQueryAttention(2, 3, 1, {.dropout = 0.3, .use_bias = false, .use_causal_mask = true}),
       {4, 5},
       "one group, masked",
       {{4, 5}},
       0,
       true},

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
