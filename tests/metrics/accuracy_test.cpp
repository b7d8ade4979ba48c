// Accuracy and its kinds, and the running mean they are made of.

#include <nacre/metrics/accuracy.hpp>

#include "catch.hpp"
#include "metrics/metric_rows.hpp"

using namespace nacre;

TEST_CASE("Mean weighs what it has seen") {
  Mean mean({.name = "loss"});
  CHECK(mean.result() == 0);
  mean.add(1);
  mean.add(4, 2);
  CHECK(mean.result() == 3);
  mean.reset();
  CHECK(mean.result() == 0);
  add_batch(mean, 2, {1, 2, 5, 6}, {0, 0}, {1, 3});
  CHECK(mean.result() == Approx((3 + 33) / 8.0));
  CHECK(AnyMetric<float>(mean).name() == "loss");
}

TEST_CASE("BinaryAccuracy counts outputs strictly above the threshold as a yes") {
  BinaryAccuracy accuracy;
  add_batch(accuracy, 1, {0.5f, 0.51f, 0.9f, 0.1f}, {0, 1, 0, 0});
  CHECK(accuracy.result() == 0.75);
  BinaryAccuracy strict({.threshold = 0.95});
  add_batch(strict, 1, {0.5f, 0.51f, 0.9f, 0.1f}, {0, 1, 0, 0});
  CHECK(strict.result() == 0.75);
}

TEST_CASE("CategoricalAccuracy takes the first of equal outputs") {
  CategoricalAccuracy accuracy;
  add_batch(accuracy, 3, {0.2f, 0.7f, 0.1f, 0.4f, 0.4f, 0.2f, 0, 0, 0}, {0, 1, 0, 0, 1, 0, 1, 0, 0});
  CHECK(accuracy.result() == Approx(2.0 / 3));
  CHECK_THROWS_WITH(add_batch(accuracy, 3, {1, 0, 0}, {0}), ContainsSubstring("use SparseCategoricalAccuracy"));
}

TEST_CASE("SparseCategoricalAccuracy takes class numbers, with weights and over batches") {
  SparseCategoricalAccuracy accuracy;
  add_batch(accuracy, 2, {1, 0, 0, 1}, {0, 0}, {3, 1});
  CHECK(accuracy.result() == 0.75);
  add_batch(accuracy, 2, {1, 0}, {0}, {4});
  CHECK(accuracy.result() == Approx(7.0 / 8));
  accuracy.reset();
  add_batch(accuracy, 2, {1, 0}, {1});
  CHECK(accuracy.result() == 0);
  CHECK_THROWS_WITH(add_batch(accuracy, 2, {1, 0}, {1, 0}), ContainsSubstring("use CategoricalAccuracy"));
}

TEST_CASE("Accuracy is the kind that the shapes ask for") {
  Accuracy accuracy;
  CHECK(accuracy.result() == 0);
  add_batch(accuracy, 1, {0.9f, 0.2f}, {1, 1});
  CHECK(accuracy.result() == 0.5);
  CHECK_THROWS_AS(add_batch(accuracy, 2, {1, 0}, {0}), ShapeError);

  accuracy.reset();
  add_batch(accuracy, 3, {0, 0, 1, 1, 0, 0}, {2, 1});
  CHECK(accuracy.result() == 0.5);

  accuracy.reset();
  add_batch(accuracy, 2, {0.9f, 0.8f, 0.1f, 0.9f}, {1, 0, 0, 1});
  CHECK(accuracy.result() == 1);
}

TEST_CASE("metrics are named as in Keras unless they are given a name") {
  CHECK(AnyMetric<float>(Accuracy()).name() == "accuracy");
  CHECK(AnyMetric<float>(BinaryAccuracy()).name() == "binary_accuracy");
  CHECK(AnyMetric<float>(SparseCategoricalAccuracy()).name() == "sparse_categorical_accuracy");
  CHECK(AnyMetric<float>(Accuracy({.name = "acc"})).name() == "acc");
}
