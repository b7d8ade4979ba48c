// What all losses have in common: values and gradients that fit each other, however the batch is cut.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/losses/losses.hpp>

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
          {BinaryFocalCrossentropy(), true},
          {BinaryFocalCrossentropy({.apply_class_balancing = true, .alpha = 0.4, .gamma = 1.5}), true},
          {BinaryFocalCrossentropy({.from_logits = true, .label_smoothing = 0.1}), false},
          {CategoricalFocalCrossentropy(), true},
          {CategoricalFocalCrossentropy({.gamma = 0.5, .label_smoothing = 0.2}), true},
          {CategoricalFocalCrossentropy({.alpha = 0.5, .gamma = 3, .from_logits = true}), false},
          {CategoricalGeneralizedCrossEntropy(), true},
          {CategoricalGeneralizedCrossEntropy({.q = 0.9}), true},
          {KLDivergence(), true},
          {Poisson(), true},
          {CategoricalHinge(), false},
          {CosineSimilarity(), false},
          {Hinge(), false},
          {SquaredHinge(), false},
          {Huber(), false},
          {Huber({.delta = 0.3}), false},
          {LogCosh(), false},
          {MeanSquaredError(), false},
          {MeanAbsoluteError(), false},
          {MeanAbsolutePercentageError(), false},
          {MeanSquaredLogarithmicError(), true},
          {SparseCategoricalCrossentropy({.ignore_class = 1}), true},
          {SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = 0}), false}};
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
    if (example.loss.takes_class_numbers()) data.targets[0] = 1;
    data.evaluate(example.loss);
    if (example.loss.ignore_class() == 1) continue;
    CHECK(std::isnan(data.values[0]));
    CHECK(std::isnan(data.gradient[1]));
  }
}

TEST_CASE("every loss of nacre is in these tests or in those of whole batches") {
  std::vector<std::string> tested{"Circle", "CTC", "Dice", "Tversky"};
  for (const Example& example : examples()) tested.push_back(example.loss.class_name());
#define NACRE_IS_TESTED(L) CHECK(std::find(tested.begin(), tested.end(), L::type_name) != tested.end());
  NACRE_LOSSES(NACRE_IS_TESTED)
#undef NACRE_IS_TESTED
}

TEST_CASE("losses have Keras' names") {
  for (const auto& [name, loss] : std::vector<std::pair<const char*, AnyLoss<float>>>{
           {"mse", MeanSquaredError()},
           {"MAPE", MeanAbsolutePercentageError()},
           {"msle", MeanSquaredLogarithmicError()},
           {"mae", MeanAbsoluteError()},
           {"kld", KLDivergence()},
           {"kl_divergence", KLDivergence()},
           {"bce", BinaryCrossentropy()},
           {"log_cosh", LogCosh()},
           {"logcosh", LogCosh()},
           {"ctc", CTC()},
           {"categorical_focal_crossentropy", CategoricalFocalCrossentropy()}}) {
    CHECK(AnyLoss<float>(name) == loss);
  }
  CHECK_THROWS_WITH(AnyLoss<float>("mean_square"), ContainsSubstring("loss: expected one of binary_crossentropy"));
}

TEST_CASE("an option that a loss does not take is refused by name") {
  CHECK_THROWS_WITH(MeanSquaredError({.reduction = "average"}),
                    "MeanSquaredError: expected reduction sum_over_batch_size, mean, sum, mean_with_sample_weight or "
                    "none, got \"average\"");
  CHECK_THROWS_WITH(Huber({.delta = -1}), "Huber: expected delta of 0 or more, got -1");
  CHECK_THROWS_AS(CategoricalGeneralizedCrossEntropy({.q = 1}), ValueError);
  CHECK_THROWS_AS(BinaryFocalCrossentropy({.gamma = -1}), ValueError);
  CHECK_THROWS_AS(CategoricalFocalCrossentropy({.alpha = {0.5, -0.5}}), ValueError);
  CHECK_THROWS_AS(Circle({.gamma = 0}), ValueError);
  CHECK_THROWS_AS(Tversky({.alpha = -1}), ValueError);
  LossRows<float> data(1, 3, 3);
  CHECK_THROWS_WITH(data.evaluate(CategoricalFocalCrossentropy({.alpha = {0.5, 0.5}})),
                    "CategoricalFocalCrossentropy: expected an alpha for each of 3 classes, got 2");
}

TEST_CASE("weights of classes are saved as one number or as a list") {
  for (const AnyLoss<float>& loss : {AnyLoss<float>(CategoricalFocalCrossentropy()),
                                     AnyLoss<float>(CategoricalFocalCrossentropy({.alpha = {1, 2}}))}) {
    register_loss<CategoricalFocalCrossentropy>();
    CHECK(Registry<AnyLoss<float>>::make(loss.config()) == loss);
  }
}

TEST_CASE("labels of 0 and 1 are -1 and 1 to hinge losses, if the whole batch has no others") {
  LossRows<float> data(2, 2, 2);
  data.predictions = {0.5f, 0.5f, 2, -1};
  data.targets = {0, 1, 1, 0};
  data.evaluate(Hinge());
  CHECK(data.values == std::vector<float>{1, 0});
  data.targets = {0, 1, 1, -1};
  data.evaluate(Hinge());
  CHECK(data.values == std::vector<float>{0.75f, 0});

  // What counts is the batch, not the piece of it that a thread has.
  LossRows<float> large(20000, 2, 2);
  large.targets.back() = -1;
  large.evaluate(Hinge());
  CHECK(large.values.front() == 1);
  large.predictions.front() = 1;
  large.evaluate(Hinge());
  CHECK(large.values.front() == 1);  // a label of 0 is no label of -1
}

TEST_CASE("rows of the ignored class count nothing") {
  LossRows<double> data(2, 3, 1);
  data.predictions = {0.2, 0.3, 0.5, 0.1, 0.1, 0.8};
  data.targets = {255, 2};
  data.evaluate(SparseCategoricalCrossentropy({.ignore_class = 255}));
  CHECK(data.values[0] == 0);
  CHECK(data.values[1] == Approx(-std::log(0.8)));
  CHECK(std::vector<double>(data.gradient.begin(), data.gradient.begin() + 3) == std::vector<double>(3, 0));
  CHECK_THROWS_AS(data.evaluate(SparseCategoricalCrossentropy()), ValueError);
}

TEST_CASE("a loss has its options as fields") {
  const AnyLoss<float> loss = BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.5});
  CHECK(loss.to_string() ==
        "BinaryCrossentropy(from_logits=true, label_smoothing=0.5, axis=-1, reduction=\"sum_over_batch_size\", "
        "name=\"\")");
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
