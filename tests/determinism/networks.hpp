#pragma once
// The networks that are held to the law of same seed, same bits, and synthetic data for them.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/metrics/recall.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/rmsprop.hpp>
#include <nacre/optimizers/sgd.hpp>

#include "convolutional_network.hpp"
#include "residual_network.hpp"

namespace nacre::testing {

/// Random images of bytes with labels that can be learned from them: the tenth of its pixels that is brightest.
inline Dataset random_images(std::int64_t count, const Shape& shape, std::uint64_t seed = 1) {
  const RandomStream random(seed);
  const std::int64_t size = shape.size();
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * size));
  std::vector<std::uint8_t> labels(static_cast<std::size_t>(count));
  for (std::int64_t sample = 0; sample < count; ++sample) {
    const auto first = static_cast<std::size_t>(sample * size);
    const std::uint64_t label = random.below(10, static_cast<std::uint64_t>(sample));
    labels[static_cast<std::size_t>(sample)] = static_cast<std::uint8_t>(label);
    for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) {
      const bool bright = i * 10 / static_cast<std::size_t>(size) == label;
      pixels[first + i] = static_cast<std::uint8_t>(random.bits(first + i) >> (bright ? 24 : 26));
    }
  }
  return Dataset(Column(std::move(pixels), count, shape), Column(std::move(labels), count, Shape{}))
      .with_scale(1.0 / 255);
}

/// 784-32-64-10 with ReLU, logits, Adam.
inline Sequential network_m1(std::uint64_t seed = 1) {
  Sequential model;
  model.set_seed(seed);
  model.add(Input({784}));
  model.add(Dense(32, {.activation = relu}));
  model.add(Dense(64, {.activation = relu}));
  model.add(Dense(10));
  model.compile({.optimizer = Adam(),
                 .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {Accuracy(), Recall({.thresholds = 0.0})}});
  return model;
}

/// 784-256-128-10, each hidden layer ReLU with BatchNormalization and Dropout, softmax, RMSprop.
inline Sequential network_m2(std::uint64_t seed = 1) {
  Sequential model;
  model.set_seed(seed);
  model.add(Input({28, 28, 1}));
  model.add(Flatten());
  for (const std::int64_t units : {256, 128}) {
    model.add(Dense(units, {.activation = relu}));
    model.add(BatchNormalization());
    model.add(Dropout(0.5));
  }
  model.add(Dense(10, {.activation = softmax}));
  model.compile({.optimizer = RMSprop(), .loss = CategoricalCrossentropy(), .metrics = {Accuracy(), Recall()}});
  return model;
}

/// 784-512-512-10 with ReLU, softmax, Adam.
inline Sequential network_m3(std::uint64_t seed = 1) {
  Sequential model;
  model.set_seed(seed);
  model.add(Input({784}));
  model.add(Dense(512, {.activation = relu}));
  model.add(Dense(512, {.activation = relu}));
  model.add(Dense(10, {.activation = softmax}));
  model.compile({.optimizer = Adam(), .loss = CategoricalCrossentropy(), .metrics = {Accuracy(), Recall()}});
  return model;
}

/// Two convolutions with pooling, Dense 128, Dropout, softmax, Adam.
inline Sequential network_c1(std::uint64_t seed = 1) {
  Sequential model = convolutional_network();
  model.set_seed(seed);
  model.build({28, 28, 1});
  model.compile({.optimizer = Adam(), .loss = CategoricalCrossentropy(), .metrics = {Accuracy(), Recall()}});
  return model;
}

/// One layer of each kind that the others do without, for images (12, 12, 6): convolutions with groups, of each channel
/// for itself, with strides, dilation and padding, pointwise, and wide enough for Winograd's; all poolings; and what
/// reshapes.
inline Sequential network_of_the_rest(std::uint64_t seed = 1) {
  Sequential model;
  model.set_seed(seed);
  model.add(Input({12, 12, 6}));
  model.add(Rescaling(2, -1));
  model.add(Conv2D(12, 3, {.padding = Padding::same, .groups = 3, .activation = "tanh"}));
  model.add(BatchNormalization());
  model.add(Conv2D(12, 3, {.padding = Padding::same, .groups = 12}));
  model.add(Conv2D(16, 1));
  model.add(ReLU({.max_value = 6, .negative_slope = 0.1}));
  model.add(Conv2D(20, 3, {.padding = Padding::same, .activation = relu}));
  model.add(MaxPooling2D(3, {.strides = 1, .padding = Padding::same}));
  model.add(Conv2D(18, {2, 3}, {.padding = Padding::same, .dilation_rate = 2, .activation = sigmoid}));
  model.add(AveragePooling2D(2));
  model.add(Conv2D(10, 3, {.strides = 2, .padding = Padding::same}));
  model.add(Reshape({9, 10}));
  model.add(Dense(64, {.activation = relu}));  // at each of the nine positions
  model.add(Dense(16));
  model.add(Softmax());
  model.add(Reshape({3, 3, 16}));
  model.add(seed % 2 == 1 ? Layer(GlobalAveragePooling2D()) : Layer(GlobalMaxPooling2D()));
  model.add(Dropout(0.1));
  model.add(Dense(10));
  model.add(Activation("softmax"));
  model.compile({.optimizer = SGD(0.05, {.momentum = 0.9, .nesterov = true}),
                 .loss = CategoricalCrossentropy(),
                 .metrics = {Accuracy(), Recall()}});
  return model;
}

/// The residual network R1, of other extents, with Adam.
inline Model network_r1(std::uint64_t seed = 1) {
  Model model = residual_network({18, 16, 1}, 16);
  model.set_seed(seed);
  model.compile({.optimizer = Adam(), .loss = CategoricalCrossentropy(), .metrics = {Accuracy()}});
  return model;
}

}  // namespace nacre::testing
