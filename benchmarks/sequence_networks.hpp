#pragma once
// The networks for sequences and for mobile devices that train_bench times: L1, G1, T1, S1 and D1.

#include <algorithm>
#include <cstdint>

#include <nacre/layers/partial_gradients.hpp>
#include <nacre/nacre.hpp>

namespace bench {

/// output = input + weight, which has a sample's shape: what is learned of each place of a sequence.
struct LearnedPositions : nacre::Callable<LearnedPositions> {
  static constexpr std::string_view type_name = "LearnedPositions";
  enum class Weights { positions };
  enum class Scratch { gradient };

  nacre::Shape build(const nacre::Shape& input, nacre::LayerBuilder& builder) const {
    builder.weight(Weights::positions, "positions", input, nacre::RandomUniform{});
    builder.backward_reads({.inputs = false, .output = false});
    if (builder.training()) nacre::PartialGradients::request(builder, {input.size()}, Scratch::gradient);
    return input;
  }

  template <class T>
  void forward(const nacre::Forward<T>& step) const {
    const std::int64_t size = step.input.sample_size();
    const T* positions = step.weight(Weights::positions).elements();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* x = step.input.elements() + sample * size;
      std::transform(x, x + size, positions, step.output.elements() + sample * size, std::plus<T>());
    });
  }

  template <class T>
  void backward(const nacre::Backward<T>& step) const {
    const std::int64_t size = step.output.sample_size();
    const nacre::PartialGradients parts(step.batch(), {size}, Scratch::gradient);
    step.parallel(parts.count(), [&](std::int64_t part, T*) {
      parts.clear(step, part);
      T* sums = parts.of(step, part, 0);
      const nacre::Range samples = parts.samples(part);
      for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
        const T* dy = step.output_gradient.elements() + sample * size;
        std::transform(dy, dy + size, sums, sums, std::plus<T>());
        if (step.wants_input_gradient) std::copy_n(dy, size, step.input_gradient.elements() + sample * size);
      }
    });
    parts.hand_over(step, 1);
  }
};

/// L1 and G1: the rows of an image are the steps.
template <class Recurrent>
nacre::Model recurrent_network() {
  using namespace nacre;
  return Sequential{Input({28, 28, 1}), Reshape({28, 28}), Recurrent(128), Dense(10, {.activation = softmax})};
}

/// T1.
inline nacre::Model transformer() {
  using namespace nacre;
  const SymbolicTensor tokens = Input({64}, {.dtype = "int32"});
  SymbolicTensor x = LearnedPositions()(Embedding(1000, 128)(tokens));
  for (int block = 0; block < 4; ++block) {
    const SymbolicTensor y = LayerNormalization()(x);
    x = Add()({x, MultiHeadAttention(4, 32)({y, y})});
    x = Add()({x, Dense(128)(Dense(512, {.activation = gelu})(LayerNormalization()(x)))});
  }
  return Model(tokens, Dense(10, {.activation = softmax})(GlobalAveragePooling1D()(x)));
}

/// S1.
inline nacre::Model separable_network() {
  using namespace nacre;
  const SymbolicTensor image = Input({32, 32, 3});
  SymbolicTensor x = relu(BatchNormalization()(Conv2D(32, 3, {.padding = same, .use_bias = false})(image)));
  const auto block = [&](std::int64_t filters, std::int64_t stride) {
    x = relu(BatchNormalization()(DepthwiseConv2D(3, {.strides = stride, .padding = same, .use_bias = false})(x)));
    x = relu(BatchNormalization()(Conv2D(filters, 1, {.use_bias = false})(x)));
  };
  block(64, 1);
  block(128, 2);
  block(128, 1);
  block(256, 2);
  block(256, 1);
  return Model(image, Dense(10, {.activation = softmax})(GlobalAveragePooling2D()(x)));
}

/// D1.
inline nacre::Model signal_network() {
  using namespace nacre;
  const Conv1DOptions options{.strides = 2, .padding = same, .activation = relu};
  return Sequential{Input({1024, 1}),        Conv1D(32, 9, options),   Conv1D(64, 9, options),
                    Conv1D(128, 9, options), GlobalAveragePooling1D(), Dense(10, {.activation = softmax})};
}

}  // namespace bench
