#pragma once
// The convolutional network of examples/mnist_cnn.cpp, which tests and benchmarks call C1.

#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/models/sequential.hpp>

namespace nacre::testing {

/// For images (28, 28, 1), not yet built.
inline Sequential convolutional_network() {
  return {Conv2D(32, 3, {.activation = relu}),
          MaxPooling2D(2),
          Conv2D(64, 3, {.activation = relu}),
          MaxPooling2D(2),
          Flatten(),
          Dense(128, {.activation = relu}),
          Dropout(0.5),
          Dense(10, {.activation = softmax})};
}

}  // namespace nacre::testing
