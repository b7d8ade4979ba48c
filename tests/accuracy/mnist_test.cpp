// What short trainings reach on real MNIST. The programs' full results are in docs/results.md; these bars lie well
// below, so that they fail for mistakes and not for chance.

#include "catch.hpp"

#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

#include "accuracy/mnist_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

double accuracy_after(Sequential& model, const Dataset& train, const Dataset& test, std::int64_t epochs) {
  model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  model.fit(train, {.epochs = epochs, .batch_size = 64, .verbose = 0});
  return model.evaluate(test, {.batch_size = 256})["accuracy"];
}

}  // namespace

TEST_CASE("a small network learns MNIST in two epochs") {
  if (!has_mnist()) return;
  const auto [train, test] = datasets::mnist();
  Sequential model{Flatten(), Dense(128, {.activation = relu}), Dense(64, {.activation = relu}),
                   Dense(10, {.activation = softmax})};
  CHECK(accuracy_after(model, train, test, 2) > 0.955);
}

TEST_CASE("the convolutional network learns MNIST in one epoch") {
  if (!has_mnist()) return;
  const auto [train, test] = datasets::mnist();
  Sequential model = convolutional_network();
  CHECK(accuracy_after(model, train, test, 1) > 0.975);
}

TEST_CASE("a network that has seen drawn digits alone reads real ones") {
  if (!has_mnist()) return;
  Sequential model = convolutional_network();
  CHECK(accuracy_after(model, datasets::synthetic_digits(30000, 1), datasets::mnist().test, 2) > 0.9);
}
