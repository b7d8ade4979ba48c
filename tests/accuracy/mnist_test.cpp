// What short trainings reach on real MNIST. The programs' full results are in docs/results.md; these bars lie well below, so
// that they fail for mistakes and not for chance.

#include "catch.hpp"

#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/datasets/mnist.hpp>
#include <nacre/datasets/synthetic_digits.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/optimizers/adam.hpp>

using namespace nacre;

namespace {

bool has_mnist() {
  if (datasets::find_mnist()) return true;
  WARN("skipped: MNIST was not found; set NACRE_DATA to the folder that holds mnist/");
  return false;
}

double accuracy_after(Sequential<>& model, const Dataset& train, const Dataset& test, std::int64_t epochs) {
  model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  model.fit(train, {.epochs = epochs, .batch_size = 64, .verbose = 0});
  return model.evaluate(test, {.batch_size = 256})["accuracy"];
}

Sequential<> convolutional() {
  return {Conv2D(32, 3, {.activation = relu}), MaxPooling2D(2), Conv2D(64, 3, {.activation = relu}), MaxPooling2D(2),
          Flatten(), Dense(128, {.activation = relu}), Dropout(0.5), Dense(10, {.activation = softmax})};
}

}  // namespace

TEST_CASE("a small network learns MNIST in two epochs") {
  if (!has_mnist()) return;
  const auto [train, test] = datasets::mnist();
  Sequential<> model{Flatten(), Dense(128, {.activation = relu}), Dense(64, {.activation = relu}),
                     Dense(10, {.activation = softmax})};
  CHECK(accuracy_after(model, train, test, 2) > 0.955);
}

TEST_CASE("the convolutional network learns MNIST in one epoch") {
  if (!has_mnist()) return;
  const auto [train, test] = datasets::mnist();
  Sequential<> model = convolutional();
  CHECK(accuracy_after(model, train, test, 1) > 0.975);
}

TEST_CASE("a network that has seen drawn digits alone reads real ones") {
  if (!has_mnist()) return;
  Sequential<> model = convolutional();
  CHECK(accuracy_after(model, datasets::synthetic_digits(30000, 1), datasets::mnist().test, 2) > 0.9);
}
