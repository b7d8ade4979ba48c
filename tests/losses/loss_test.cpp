// What all losses have in common: values and gradients that fit each other, however the batch is cut.

#include <cmath>
#include <limits>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>

#include "catch.hpp"
#include "losses/loss_rows.hpp"

using namespace nacre;

namespace {

struct Example {
  AnyLoss<double> loss;
  bool probabilities;  // predictions and targets lie between 0 and 1
};

std::vector<Example> examples() {
  return {{CategoricalCrossentropy(), true},
          {CategoricalCrossentropy({.label_smoothing = 0.2}), true},
          {CategoricalCrossentropy({.from_logits = true}), false},
          {CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.1}), false},
          {SparseCategoricalCrossentropy(), true},
          {SparseCategoricalCrossentropy({.from_logits = true}), false},
          {BinaryCrossentropy(), true},
          {BinaryCrossentropy({.label_smoothing = 0.3}), true},
          {BinaryCrossentropy({.from_logits = true}), false},
          {MeanSquaredError(), false},
          {MeanAbsoluteError(), false}};
}

// Predictions of any size or within (0, 1); targets as the loss takes them.
LossRows<double> draw(const Example& example, std::int64_t rows, std::int64_t features) {
  const bool numbers = example.loss.takes_class_numbers();
  LossRows<double> data(rows, features, numbers ? 1 : features);
  const RandomStream random(7);
  for (std::size_t i = 0; i < data.predictions.size(); ++i) {
    data.predictions[i] = example.probabilities ? 0.05 + 0.9 * random.uniform(i) : random.normal(i);
  }
  for (std::size_t i = 0; i < data.targets.size(); ++i) {
    const auto element = static_cast<std::uint64_t>(i) + 100000;
    data.targets[i] = numbers ? static_cast<double>(random.below(static_cast<std::uint64_t>(features), element))
                              : random.uniform(element);
  }
  return data;
}

}  // namespace

TEST_CASE("the gradient of every loss is the derivative of its values") {
  for (const Example& example : examples()) {
    INFO(example.loss.to_string());
    LossRows<double> data = draw(example, 3, 4);
    data.evaluate(example.loss);
    const std::vector<double> gradient = data.gradient;
    for (std::size_t i = 0; i < data.predictions.size(); ++i) {
      const std::size_t row = i / 4;
      const double kept = data.predictions[i];
      const double step = 1e-6;
      data.predictions[i] = kept + step;
      data.evaluate(example.loss, false);
      const double above = data.values[row];
      data.predictions[i] = kept - step;
      data.evaluate(example.loss, false);
      const double below = data.values[row];
      data.predictions[i] = kept;
      INFO("element " << i);
      CHECK(gradient[i] == Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-8));
    }
  }
}

TEST_CASE("a loss leaves the gradient alone where it is not wanted") {
  for (const Example& example : examples()) {
    INFO(example.loss.to_string());
    LossRows<double> data = draw(example, 2, 3);
    data.gradient.assign(data.gradient.size(), 42.0);
    data.evaluate(example.loss, false);
    CHECK(data.gradient == std::vector<double>(data.gradient.size(), 42.0));
    const auto predictions = data.prediction_view();
    const auto targets = data.target_view();
    auto values = data.value_view();
    TensorView<double> nothing;
    nothing.bind(nullptr, Shape{0});
    example.loss.evaluate({predictions, targets, values, nothing, false}, *thread_pool());
  }
}

TEST_CASE("values and gradients do not depend on the number of threads") {
  for (const Example& example : examples()) {
    INFO(example.loss.to_string());
    LossRows<double> one = draw(example, 5000, 10);
    LossRows<double> three = one;
    ThreadPool single(1);
    ThreadPool triple(3);
    one.evaluate(example.loss, true, single);
    three.evaluate(example.loss, true, triple);
    CHECK(one.values == three.values);
    CHECK(one.gradient == three.gradient);
  }
}

TEST_CASE("a prediction that is no number makes the value none") {
  for (const Example& example : examples()) {
    INFO(example.loss.to_string());
    LossRows<double> data = draw(example, 1, 3);
    data.predictions[1] = std::numeric_limits<double>::quiet_NaN();
    data.evaluate(example.loss);
    CHECK(std::isnan(data.values[0]));
    CHECK(std::isnan(data.gradient[1]));
  }
}

TEST_CASE("a loss has its options as fields") {
  const AnyLoss<float> loss = BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.5});
  CHECK(loss.to_string() == "BinaryCrossentropy(from_logits=true, label_smoothing=0.5)");
  register_loss<BinaryCrossentropy>();
  CHECK(Registry<AnyLoss<float>>::make(loss.config()) == loss);
}

TEST_CASE("the mean losses") {
  LossRows<float> data(2, 2, 2);
  data.predictions = {1, 2, 3, 3};
  data.targets = {0, 4, 3, 2};
  data.evaluate(MeanSquaredError());
  CHECK(data.values == std::vector<float>{2.5f, 0.5f});
  CHECK(data.gradient == std::vector<float>{1, -2, 0, 1});
  data.evaluate(MeanAbsoluteError());
  CHECK(data.values == std::vector<float>{1.5f, 0.5f});
  CHECK(data.gradient == std::vector<float>{0.5f, -0.5f, 0, 0.5f});
}
