// From values to the loss of a batch: reductions, weights, masks, other axes, and losses of whole batches.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/models/loss_evaluation.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

struct Batch {
  Shape output;
  Shape target;
  std::int64_t size;
  std::vector<double> predictions{};
  std::vector<double> targets{};
  std::vector<double> gradient{};

  double evaluate(const AnyLoss<double>& loss, const std::vector<double>& weights = {},
                  const std::vector<double>& mask = {}, double scale = 1) {
    gradient.assign(predictions.size(), 0.0);
    LossEvaluation<double> evaluation(loss, output, target, size);
    return evaluation.evaluate(size, predictions.data(), targets.data(), weights.empty() ? nullptr : weights.data(),
                               mask.empty() ? nullptr : mask.data(), gradient.data(), scale, *thread_pool());
  }
};

Batch draw(Shape output, Shape target, std::int64_t size) {
  Batch batch{output, target, size};
  const RandomStream random(11);
  for (std::int64_t i = 0; i < size * output.size(); ++i) {
    batch.predictions.push_back(0.05 + 0.9 * random.uniform(static_cast<std::uint64_t>(i)));
  }
  for (std::int64_t i = 0; i < size * target.size(); ++i) {
    batch.targets.push_back(random.uniform(static_cast<std::uint64_t>(i) + 100000));
  }
  return batch;
}

// The gradient against differences of the loss.
void check_gradient(Batch batch, const AnyLoss<double>& loss, const std::vector<double>& weights = {},
                    const std::vector<double>& mask = {}) {
  INFO(loss.to_string());
  batch.evaluate(loss, weights, mask, 2);
  const std::vector<double> gradient = batch.gradient;
  for (std::size_t i = 0; i < batch.predictions.size(); ++i) {
    const double kept = batch.predictions[i];
    batch.predictions[i] = kept + 1e-6;
    const double above = batch.evaluate(loss, weights, mask);
    batch.predictions[i] = kept - 1e-6;
    const double below = batch.evaluate(loss, weights, mask);
    batch.predictions[i] = kept;
    INFO("element " << i);
    CHECK(gradient[i] == Approx((above - below) / 1e-6).epsilon(1e-5).margin(1e-7));
  }
}

Batch embeddings() {
  Batch batch = draw({3}, {}, 6);
  batch.targets = {0, 1, 0, 2, 1, 0};
  for (std::size_t row = 0; row < 6; ++row) {
    double* e = batch.predictions.data() + 3 * row;
    e[1] -= 0.5;
    const double length = std::sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
    for (int i = 0; i < 3; ++i) e[i] /= length;
  }
  return batch;
}

Batch sequences() {
  Batch batch = draw({5, 4}, {3}, 3);
  for (double& logit : batch.predictions) logit = 4 * logit - 2;
  batch.targets = {1, 2, 0, 3, 3, 0, 0, 0, 0};
  return batch;
}

}  // namespace

TEST_CASE("values become the loss of a batch as its reduction says") {
  Batch batch{{1}, {1}, 3, {1, 2, 4}, {0, 0, 0}};
  const std::vector<double> weights{1, 0, 3};
  const auto loss_of = [&](const char* reduction, const std::vector<double>& weighted) {
    return batch.evaluate(MeanSquaredError({.reduction = reduction}), weighted);
  };
  CHECK(loss_of("sum_over_batch_size", {}) == Approx(7));
  CHECK(loss_of("mean", {}) == Approx(7));
  CHECK(loss_of("sum", {}) == Approx(21));
  CHECK(loss_of("mean_with_sample_weight", {}) == Approx(7));
  CHECK(loss_of("sum_over_batch_size", weights) == Approx(49.0 / 3));
  CHECK(loss_of("sum", weights) == Approx(49));
  CHECK(loss_of("mean_with_sample_weight", weights) == Approx(49.0 / 4));
  CHECK(batch.gradient[2] == Approx(8 * 3 / 4.0));
  CHECK(loss_of("mean_with_sample_weight", {0, 0, 0}) == 0);
  CHECK(batch.gradient == std::vector<double>{0, 0, 0});
}

TEST_CASE("a mask makes the loss the mean over what counts") {
  Batch batch{{2, 1}, {2, 1}, 2, {1, 2, 3, 4}, {0, 0, 0, 0}};
  const std::vector<double> mask{1, 0, 1, 1};
  CHECK(batch.evaluate(MeanSquaredError(), {}, mask) == Approx((1 + 9 + 16) / 3.0));
  CHECK(batch.gradient[1] == 0);
  CHECK(batch.evaluate(MeanSquaredError({.reduction = "sum"}), {}, mask) == Approx(26));
  check_gradient(batch, MeanSquaredError({.reduction = "mean_with_sample_weight"}), {1, 1, 2, 2}, mask);

  Batch sparse{{2, 2}, {2}, 1, {0.25, 0.75, 0.5, 0.5}, {1, 7}};
  const double alone = -std::log(0.75);
  CHECK(sparse.evaluate(SparseCategoricalCrossentropy({.ignore_class = 7})) == Approx(alone));
  CHECK(sparse.evaluate(SparseCategoricalCrossentropy({.ignore_class = 7, .reduction = "sum"})) == Approx(alone));
}

TEST_CASE("a loss along another axis is that of the transposed batch") {
  const Batch batch = draw({3, 2, 4}, {3, 2, 4}, 2);
  Batch moved = draw({2, 4, 3}, {2, 4, 3}, 2);
  const auto transpose = [](const std::vector<double>& from, std::vector<double>& to) {
    for (std::size_t sample = 0; sample < 2; ++sample) {
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < 8; ++i) to[sample * 24 + i * 3 + c] = from[sample * 24 + c * 8 + i];
      }
    }
  };
  transpose(batch.predictions, moved.predictions);
  transpose(batch.targets, moved.targets);
  const std::vector<double> weights(16, 1.0);
  std::vector<double> by_sample = weights;
  for (std::size_t i = 8; i < 16; ++i) by_sample[i] = 3;
  // A sample's weight is that of all its rows, of which the first shape has 6 along its last axis and 8 along this one.
  std::vector<double> by_rows(12, 1.0);
  for (std::size_t i = 6; i < 12; ++i) by_rows[i] = 3;
  for (const std::int64_t axis : {std::int64_t{1}, std::int64_t{-3}}) {
    Batch along = batch;
    const double loss = along.evaluate(CategoricalCrossentropy({.axis = axis}), by_rows);
    CHECK(loss == Approx(moved.evaluate(CategoricalCrossentropy(), by_sample)));
    std::vector<double> gradient(along.gradient.size());
    transpose(along.gradient, gradient);
    for (std::size_t i = 0; i < gradient.size(); ++i) CHECK(gradient[i] == Approx(moved.gradient[i]).margin(1e-15));
    check_gradient(batch, CosineSimilarity({.axis = axis}), by_rows);
    check_gradient(batch, BinaryFocalCrossentropy({.axis = axis}));
  }

  Batch numbers = draw({3, 2}, {2}, 2);
  numbers.targets = {2, 0, 1, 1};
  check_gradient(numbers, SparseCategoricalCrossentropy({.axis = 1}));
  const AnyLoss<double> sparse = SparseCategoricalCrossentropy({.axis = 1});
  sparse.check_shapes({3, 2}, {2});
  CHECK_THROWS_AS(sparse.check_shapes({3, 2}, {3}), ShapeError);
  CHECK_THROWS_WITH(AnyLoss<double>(CosineSimilarity({.axis = 3})).check_shapes({3, 2}, {3, 2}),
                    "CosineSimilarity: expected an axis from 1 to 2 or counted from the end, of outputs (None, 3, 2), "
                    "got 3");
}

TEST_CASE("Dice and Tversky are quotients of sums") {
  Batch batch{{2}, {2}, 2, {0.5, 0.25, 1, 0}, {1, 0, 1, 1}};
  CHECK(batch.evaluate(Dice()) == Approx(1 - 2 * 1.5 / (3 + 1.75)));
  CHECK(batch.evaluate(Dice({.axis = {{1}}})) == Approx((2 - 1.0 / 1.75 - 2.0 / 3) / 2));
  CHECK(batch.evaluate(Dice({.axis = {{-1}}}), {1, 3}) == Approx(((1 - 1.0 / 1.75) + 3 * (1 - 2.0 / 3)) / 2));
  // What targets have alone counts alpha, as in Keras.
  CHECK(batch.evaluate(Tversky({.alpha = 0.75, .beta = 0.25})) == Approx(1 - 1.5 / (1.5 + 0.75 * 1.5 + 0.25 * 0.25)));
  CHECK(batch.evaluate(Tversky()) == Approx(batch.evaluate(Dice())));
  const Batch drawn = draw({3, 2, 2}, {3, 2, 2}, 3);
  for (const detail::SummedAxes& axis : {detail::SummedAxes(), detail::SummedAxes({1, 2, 3}),
                                         detail::SummedAxes({0, 1}), detail::SummedAxes({-2, -1})}) {
    check_gradient(drawn, Dice({.axis = axis}));
    check_gradient(drawn, Tversky({.alpha = 0.3, .beta = 0.9, .reduction = "sum", .axis = axis}));
  }
  CHECK_THROWS_AS(AnyLoss<double>(Dice()).check_shapes({3, 2}, {3}), ShapeError);
  CHECK_THROWS_AS(AnyLoss<double>(Dice({.axis = {{3}}})).check_shapes({3, 2}, {3, 2}), ShapeError);
}

TEST_CASE("Circle's gradient is the derivative of its value") {
  const Batch batch = embeddings();
  for (const bool remove : {true, false}) {
    check_gradient(batch, Circle({.gamma = 8, .margin = 0.3, .remove_diagonal = remove}));
    check_gradient(batch, Circle({.gamma = 2, .remove_diagonal = remove, .reduction = "sum"}), {1, 2, 3, 4, 5, 6});
  }
  check_gradient(batch, Circle());

  // Nobody is of the class of sample 3, which counts nothing.
  Batch alone = batch;
  alone.evaluate(Circle({.reduction = "sum"}));
  Batch others = batch;
  const double mean = others.evaluate(Circle());
  CHECK(mean == Approx(alone.evaluate(Circle({.reduction = "sum"})) / 5).epsilon(1e-6));
  CHECK_THROWS_AS(AnyLoss<double>(Circle()).check_shapes({3, 2}, {}), ShapeError);
  CHECK_THROWS_AS(AnyLoss<double>(Circle()).check_shapes({3}, {3}), ShapeError);
}

TEST_CASE("CTC is the sum over all ways to say the labels") {
  Batch batch = sequences();
  LossEvaluation<double> evaluation(CTC(), batch.output, batch.target, batch.size);
  evaluation.evaluate(batch.size, batch.predictions.data(), batch.targets.data(), nullptr, nullptr, nullptr, 1,
                      *thread_pool());
  for (std::size_t sample = 0; sample < 3; ++sample) {
    std::vector<int> labels;
    for (std::size_t i = 0; i < 3; ++i) {
      if (batch.targets[3 * sample + i] != 0) labels.push_back(static_cast<int>(batch.targets[3 * sample + i]));
    }
    double all = 0;
    for (int way = 0; way < 4 * 4 * 4 * 4 * 4; ++way) {
      double probability = 1;
      std::vector<int> said;
      int before = 0;
      for (std::size_t step = 0, rest = static_cast<std::size_t>(way); step < 5; ++step, rest /= 4) {
        const int now = static_cast<int>(rest % 4);
        const double* logits = batch.predictions.data() + (5 * sample + step) * 4;
        double sum = 0;
        for (int c = 0; c < 4; ++c) sum += std::exp(logits[c]);
        probability *= std::exp(logits[now]) / sum;
        if (now != 0 && now != before) said.push_back(now);
        before = now;
      }
      if (said == labels) all += probability;
    }
    INFO("sample " << sample);
    CHECK(evaluation.values()[sample] == Approx(-std::log(all)));
  }
  check_gradient(batch, CTC());
  check_gradient(batch, CTC({.reduction = "sum"}), std::vector<double>{1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0});
}

TEST_CASE("CTC refuses labels that cannot be said") {
  Batch batch = sequences();
  batch.targets[3] = 4;
  CHECK_THROWS_WITH(batch.evaluate(CTC()), ContainsSubstring("CTC: row 1: expected the number of a class from 0 to 3"));
  batch.targets = {1, 0, 2, 3, 3, 0, 0, 0, 0};
  CHECK_THROWS_WITH(batch.evaluate(CTC()), "CTC: sample 0: expected 0 behind all labels, got it at 1");
  Batch few = draw({2, 4}, {3}, 1);
  few.targets = {1, 1, 0};
  CHECK_THROWS_WITH(few.evaluate(CTC()), "CTC: sample 0: expected 3 time steps or more for 2 labels, got 2");
  CHECK_THROWS_AS(AnyLoss<double>(CTC()).check_shapes({4}, {3}), ShapeError);
}

TEST_CASE("losses of whole batches do not depend on the number of threads") {
  ThreadPool single(1);
  ThreadPool triple(3);
  for (const auto& [batch, loss] :
       {std::pair(embeddings(), AnyLoss<double>(Circle())), std::pair(sequences(), AnyLoss<double>(CTC())),
        std::pair(draw({3, 2}, {3, 2}, 4), AnyLoss<double>(Dice()))}) {
    LossEvaluation<double> evaluation(loss, batch.output, batch.target, batch.size);
    std::vector<double> one(batch.predictions.size());
    std::vector<double> three(batch.predictions.size());
    const double value = evaluation.evaluate(batch.size, batch.predictions.data(), batch.targets.data(), nullptr,
                                             nullptr, one.data(), 1, single);
    CHECK(value == evaluation.evaluate(batch.size, batch.predictions.data(), batch.targets.data(), nullptr, nullptr,
                                       three.data(), 1, triple));
    CHECK(one == three);
  }
}
