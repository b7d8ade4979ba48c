#pragma once
// What the tests on real MNIST share.

#include "catch.hpp"

#include <nacre/datasets/mnist.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/models/sequential.hpp>

namespace nacre::testing {

/// Whether MNIST is there; says so where it is not.
inline bool has_mnist() {
  if (datasets::find_mnist()) return true;
  WARN("skipped: MNIST was not found; set NACRE_DATA to the folder that holds mnist/");
  return false;
}

/// The network of examples/mnist_cnn.cpp.
inline Sequential convolutional() {
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
