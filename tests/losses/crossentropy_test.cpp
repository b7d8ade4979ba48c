// The three cross-entropies: logits against probabilities, labels, extremes.

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>

#include "catch.hpp"
#include "losses/loss_rows.hpp"

using namespace nacre;

namespace {

std::vector<double> softmax_of(const std::vector<double>& logits, std::size_t classes) {
  std::vector<double> p(logits.size());
  for (std::size_t row = 0; row < logits.size(); row += classes) {
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(logits[row + c]);
    for (std::size_t c = 0; c < classes; ++c) p[row + c] = std::exp(logits[row + c]) / total;
  }
  return p;
}

std::string message_for(std::vector<float> labels, std::int64_t classes) {
  const auto rows = static_cast<std::int64_t>(labels.size());
  LossRows<float> data(rows, classes, 1);
  data.targets = std::move(labels);
  try {
    data.evaluate(SparseCategoricalCrossentropy({.from_logits = true}));
  } catch (const ValueError& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("cross-entropy is the same from logits and from their probabilities") {
  for (const double smoothing : {0.0, 0.2}) {
    LossRows<double> logits(2, 3, 3);
    logits.predictions = {0.3, -1.2, 2.0, 0.1, 0.1, -3.0};
    logits.targets = {0, 0, 1, 0.25, 0.5, 0.25};
    LossRows<double> probabilities = logits;
    probabilities.predictions = softmax_of(logits.predictions, 3);
    logits.evaluate(CategoricalCrossentropy({.from_logits = true, .label_smoothing = smoothing}));
    probabilities.evaluate(CategoricalCrossentropy({.label_smoothing = smoothing}));
    for (std::size_t row = 0; row < 2; ++row) CHECK(logits.values[row] == Approx(probabilities.values[row]));
  }
}

TEST_CASE("class numbers give what one-hot targets give") {
  for (const bool from_logits : {true, false}) {
    LossRows<double> sparse(3, 3, 1);
    sparse.predictions = {0.2, 0.3, 0.5, 0.6, 0.3, 0.1, 0.25, 0.5, 0.25};
    sparse.targets = {2, 0, 1};
    LossRows<double> dense(3, 3, 3);
    dense.predictions = sparse.predictions;
    dense.targets = {0, 0, 1, 1, 0, 0, 0, 1, 0};
    sparse.evaluate(SparseCategoricalCrossentropy({.from_logits = from_logits}));
    dense.evaluate(CategoricalCrossentropy({.from_logits = from_logits}));
    for (std::size_t i = 0; i < 3; ++i) CHECK(sparse.values[i] == Approx(dense.values[i]));
    for (std::size_t i = 0; i < 9; ++i) CHECK(sparse.gradient[i] == Approx(dense.gradient[i]).margin(1e-15));
  }
}

TEST_CASE("no size of logit overflows") {
  LossRows<float> data(2, 3, 3);
  data.predictions = {1e4f, 0, -1e4f, -1e30f, 0, 1e30f};
  data.targets = {0, 1, 0, 0, 0, 1};
  data.evaluate(CategoricalCrossentropy({.from_logits = true}));
  CHECK(data.values == std::vector<float>{1e4f, 0});
  CHECK(data.gradient == std::vector<float>{1, -1, 0, 0, 0, 0});
  data.evaluate(CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.3}));
  CHECK(std::isfinite(data.values[0]));
  CHECK(data.gradient[0] == Approx(0.9f));

  LossRows<float> binary(1, 2, 2);
  binary.predictions = {1e4f, -1e4f};
  binary.targets = {0, 0};
  binary.evaluate(BinaryCrossentropy({.from_logits = true}));
  CHECK(binary.values[0] == 5e3f);
  CHECK(binary.gradient == std::vector<float>{0.5f, 0});
}

TEST_CASE("probabilities of 0 and 1 give a finite loss without a gradient") {
  LossRows<float> data(1, 3, 3);
  data.predictions = {1, 0, 0};
  data.targets = {0, 1, 0};
  data.evaluate(CategoricalCrossentropy());
  CHECK(data.values[0] == Approx(-std::log(1e-7)).epsilon(1e-5));
  CHECK(data.gradient == std::vector<float>{0, 0, 0});
  data.evaluate(BinaryCrossentropy());
  CHECK(data.values[0] == Approx(-2 * std::log(1e-7) / 3).epsilon(2e-2));
  CHECK(data.gradient == std::vector<float>{0, 0, 0});
}

TEST_CASE("a loss moves to the logits of the activation that belongs to it") {
  AnyLoss<float> categorical = CategoricalCrossentropy({.label_smoothing = 0.1});
  CHECK_FALSE(categorical.use_logits(sigmoid));
  CHECK_FALSE(categorical.use_logits(linear));
  CHECK(categorical == AnyLoss<float>(CategoricalCrossentropy({.label_smoothing = 0.1})));
  CHECK(categorical.use_logits(softmax));
  CHECK(categorical == AnyLoss<float>(CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.1})));
  CHECK_FALSE(AnyLoss<float>(CategoricalCrossentropy({.from_logits = true})).use_logits(softmax));

  CHECK(AnyLoss<float>(SparseCategoricalCrossentropy()).use_logits(softmax));
  CHECK_FALSE(AnyLoss<float>(SparseCategoricalCrossentropy({.from_logits = true})).use_logits(softmax));
  CHECK(AnyLoss<float>(BinaryCrossentropy()).use_logits(sigmoid));
  CHECK_FALSE(AnyLoss<float>(BinaryCrossentropy()).use_logits(softmax));
}

TEST_CASE("a target that is not the number of a class is named with its row") {
  CHECK_THAT(message_for({0, 1, 10}, 10),
             Equals("SparseCategoricalCrossentropy: row 2: expected the number of a class from 0 to 9, got 10; labels "
                    "count from 0: subtract 1, or give the last layer one more unit"));
  CHECK_THAT(message_for({0.5f}, 2), ContainsSubstring("row 0: ") && ContainsSubstring("use CategoricalCrossentropy"));
  CHECK_THAT(message_for({0, -1}, 2), ContainsSubstring("row 1: ") && ContainsSubstring("got -1"));
  CHECK_THAT(message_for({std::numeric_limits<float>::quiet_NaN()}, 2), ContainsSubstring("row 0: "));

  // Rows count from the start of the batch, also where it is cut among threads.
  std::vector<float> labels(20000, 1);
  labels[12345] = 3;
  CHECK_THAT(message_for(labels, 3), ContainsSubstring("row 12345: "));
}

TEST_CASE("targets and outputs must go together") {
  const AnyLoss<float> sparse = SparseCategoricalCrossentropy();
  CHECK(sparse.takes_class_numbers());
  sparse.check_shapes(Shape{10}, Shape{});
  sparse.check_shapes(Shape{10}, Shape{1});
  CHECK_THROWS_WITH(sparse.check_shapes(Shape{10}, Shape{10}), ContainsSubstring("use CategoricalCrossentropy"));
  CHECK_THROWS_WITH(AnyLoss<float>(CategoricalCrossentropy()).check_shapes(Shape{10}, Shape{}),
                    ContainsSubstring("use SparseCategoricalCrossentropy"));
}

TEST_CASE("label smoothing lies between 0 and 1") {
  CHECK_THROWS_AS(CategoricalCrossentropy({.label_smoothing = -0.1}), ValueError);
  CHECK_THROWS_WITH(BinaryCrossentropy({.label_smoothing = 1.5}), ContainsSubstring("got 1.5"));
  CHECK_THROWS_AS(BinaryCrossentropy({.label_smoothing = std::nan("")}), ValueError);
}
