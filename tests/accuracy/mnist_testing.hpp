#pragma once
// What the tests on real MNIST share.

#include <nacre/datasets/mnist.hpp>

#include "catch.hpp"
#include "convolutional_network.hpp"

namespace nacre::testing {

/// Whether MNIST is there; says so where it is not.
inline bool has_mnist() {
  if (datasets::find_mnist()) return true;
  WARN("skipped: MNIST was not found; set NACRE_DATA to the folder that holds mnist/");
  return false;
}

}  // namespace nacre::testing
