// fit, evaluate, train_on_batch and test_on_batch: what they compute, against numbers computed by hand.

#include <nacre/callbacks/early_stopping.hpp>
#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/callbacks/learning_rate_scheduler.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/optimizers/adam.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// y = w x + b with w = 2 and b = 1, trained by squared error.
BasicSequential<double> line(double rate = 0.1) {
  BasicSequential<double> model{Input({1}), Dense(1)};
  model.weight("dense/kernel") = column({2});
  model.weight("dense/bias") = xt::xarray<double>{1};
  model.compile({.optimizer = SGD(rate), .loss = MeanSquaredError()});
  return model;
}

template <class T = float>
BasicSequential<T> classifier(Activation last = softmax) {
  return BasicSequential<T>{Input({4}), Dense(6, {.activation = relu}), Dense(3, {.activation = last})};
}

}  // namespace

TEST_CASE("a training step is the one computed by hand") {
  BasicSequential<double> model = line();
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  // Outputs 3 and 5: errors -1 and 1; d loss / dw = 2 (-1 * 1 + 1 * 2) / 2 = 1, d loss / db = 0.
  const Logs logs = model.train_on_batch(x, y);
  CHECK(logs["loss"] == Approx(1));
  CHECK(model.weight("dense/kernel")(0, 0) == Approx(1.9));
  CHECK(model.weight("dense/bias")(0) == Approx(1));
  CHECK(model.test_on_batch(x, y)["loss"] == Approx((1.1 * 1.1 + 0.8 * 0.8) / 2));
  CHECK(model.evaluate(x, y)["loss"] == Approx((1.1 * 1.1 + 0.8 * 0.8) / 2));
}

TEST_CASE("the loss of an epoch is the mean over its samples, also where the last batch is smaller") {
  BasicSequential<double> model = line(0);
  const auto x = column({0, 0, 0, 0, 0});
  const auto y = column({1, 2, 3, 4, 5});
  const double expected = (0 + 1 + 4 + 9 + 16) / 5.0;
  for (const std::int64_t batch_size : {1, 2, 3, 5, 100}) {
    CHECK(model.fit(x, y, {.batch_size = batch_size, .verbose = 0})["loss"][0] == Approx(expected));
    CHECK(model.evaluate(x, y, {.batch_size = batch_size})["loss"] == Approx(expected));
  }
}

TEST_CASE("sample weights multiply losses and gradients; the sum is divided by the count") {
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  BasicSequential<double> model = line();
  const History history = model.fit(x, y, {.verbose = 0, .sample_weight = {3, 0.5}});
  CHECK(history["loss"][0] == Approx((3 * 1 + 0.5 * 1) / 2));
  // d loss / dw = 2 (3 * -1 * 1 + 0.5 * 1 * 2) / 2 = -2, d loss / db = 2 (-3 + 0.5) / 2 = -2.5.
  CHECK(model.weight("dense/kernel")(0, 0) == Approx(2.2));
  CHECK(model.weight("dense/bias")(0) == Approx(1.25));
  CHECK(line().evaluate(x, y, {.sample_weight = {3, 0.5}})["loss"] == Approx(1.75));
}

TEST_CASE("class weights are sample weights by class, in training and not in validation") {
  const auto x = normal_array({12, 4});
  const auto labels = class_numbers(12, 3);
  const auto trained = [&](FitOptions options) {
    Sequential model = classifier();
    model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy()});
    options.verbose = 0;
    options.batch_size = 5;
    options.validation_data = Dataset(x, labels);
    const History history = model.fit(x, labels, options);
    CHECK(history["val_loss"][0] == Approx(model.evaluate(x, labels)["loss"]));
    return weights_of(model);
  };
  std::vector<double> weights;
  for (int i = 0; i < 12; ++i) weights.push_back(i % 3 == 1 ? 4.0 : i % 3 == 2 ? 0.25 : 1.0);
  const auto by_class = trained({.class_weight = {{1, 4.0}, {2, 0.25}}});
  CHECK(by_class == trained({.sample_weight = weights}));
  CHECK(by_class != trained({}));
}

TEST_CASE("weighted metrics see sample weights, metrics do not") {
  BasicSequential<double> model{Input({2}), Dense(2, {.use_bias = false, .kernel_initializer = Ones()})};
  model.weight("dense/kernel") = xt::xarray<double>{{1, 0}, {0, 1}};
  model.compile({.optimizer = SGD(0.0),
                 .loss = SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {Accuracy()},
                 .weighted_metrics = {Accuracy({.name = "weighted_accuracy"})}});
  const xt::xarray<double> x{{1, 0}, {0, 1}, {1, 0}, {1, 0}};
  const xt::xarray<std::int32_t> labels{0, 1, 0, 1};  // the last is wrong
  const Evaluation score = model.evaluate(x, labels, {.sample_weight = {1, 1, 1, 7}});
  CHECK(score["accuracy"] == Approx(0.75));
  CHECK(score["weighted_accuracy"] == Approx(0.3));
  const History history = model.fit(x, labels, {.verbose = 0, .sample_weight = {1, 1, 1, 7}});
  CHECK(history["accuracy"][0] == Approx(0.75));
  CHECK(history["weighted_accuracy"][0] == Approx(0.3));
}

TEST_CASE("validation_split cuts the last part off before shuffling") {
  // Targets 0 to 9 for an output of always 1: the loss tells which samples were evaluated.
  BasicSequential<double> model = line(0);
  const xt::xarray<double> x = xt::zeros<double>({10, 1});
  auto y = xt::xarray<double>::from_shape({10, 1});
  for (std::size_t i = 0; i < 10; ++i) y(i, 0) = static_cast<double>(i);
  const auto mean_from = [&](std::size_t first, std::size_t last) {
    double total = 0;
    for (std::size_t i = first; i < last; ++i) total += std::pow(1 - y(i, 0), 2);
    return total / static_cast<double>(last - first);
  };
  for (const auto& [split, at] : {std::pair<double, std::size_t>{0.3, 7}, {0.25, 7}, {0.19, 8}, {0.8, 1}}) {
    const History history = model.fit(x, y, {.batch_size = 3, .verbose = 0, .validation_split = split});
    INFO("split " << split);
    CHECK(history["loss"][0] == Approx(mean_from(0, at)));
    CHECK(history["val_loss"][0] == Approx(mean_from(at, 10)));
  }
  // 10 * (1 - 0.9) is a little less than 1 in double.
  CHECK_THROWS_AS(model.fit(x, y, {.verbose = 0, .validation_split = 0.9}), ValueError);
  CHECK_THROWS_AS(model.fit(x, y, {.verbose = 0, .validation_split = 1.0}), ValueError);
  CHECK_THROWS_WITH(model.fit(x, y, {.verbose = 0, .validation_split = 0.2, .validation_data = Dataset(x, y)}),
                    "fit: expected validation_split or validation_data, got both");
}

TEST_CASE("validation comes every validation_freq epochs") {
  BasicSequential<double> model = line(0.01);
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  const History history =
      model.fit(x, y, {.epochs = 5, .verbose = 0, .validation_data = Dataset(x, y), .validation_freq = 2});
  CHECK(history["loss"].size() == 5);
  CHECK(history["val_loss"].size() == 2);
  CHECK(history.logs()[1].contains("val_loss"));
  CHECK_FALSE(history.logs()[2].contains("val_loss"));
}

TEST_CASE("validation_freq may be a list of epochs, counted from 1, also in a resumed run") {
  BasicSequential<double> model = line(0.01);
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  const auto validated = [&](FitOptions options) {
    options.verbose = 0;
    options.validation_data = Dataset(x, y);
    std::vector<std::int64_t> epochs;
    const History history = model.fit(x, y, options);
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (history.logs()[i].contains("val_loss")) epochs.push_back(history.epoch()[i]);
    }
    return epochs;
  };
  CHECK(validated({.epochs = 5, .validation_freq = {1, 2, 10}}) == std::vector<std::int64_t>{0, 1});
  CHECK(validated({.epochs = 12, .initial_epoch = 5, .validation_freq = {1, 2, 10}}) == std::vector<std::int64_t>{9});
  CHECK(validated({.epochs = 9, .initial_epoch = 3, .validation_freq = 2}) == std::vector<std::int64_t>{3, 5, 7});
  CHECK_THROWS_WITH(validated({.validation_freq = 0}),
                    "fit: validation_freq: expected a number of epochs of 1 or more, got 0");
  CHECK_THROWS_AS(validated({.validation_freq = {3, 0}}), ValueError);
  CHECK_THROWS_AS(validated({.validation_freq = std::vector<std::int64_t>()}), ValueError);
}

TEST_CASE("train_on_batch and test_on_batch take weights of samples and classes, which multiply each other") {
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  BasicSequential<double> model = line();
  CHECK(model.train_on_batch(x, y, {.sample_weight = {3, 0.5}})["loss"] == Approx(1.75));
  CHECK(model.weight("dense/kernel")(0, 0) == Approx(2.2));
  CHECK(line().test_on_batch(x, y, {.sample_weight = {3, 0.5}})["loss"] == Approx(1.75));
  CHECK(line().test_on_batch(Dataset(x, y), {.sample_weight = {3, 0.5}})["loss"] == Approx(1.75));

  const auto features = normal_array({3, 4});
  const auto trained = [&](const Dataset& batch, TrainOnBatchOptions options) {
    Sequential made = classifier();
    made.set_seed(3);
    made.compile({.optimizer = SGD(0.1),
                  .loss = batch.target_shape().empty() ? AnyLoss<float>(SparseCategoricalCrossentropy())
                                                       : AnyLoss<float>(CategoricalCrossentropy())});
    made.train_on_batch(batch, options);
    return weights_of(made);
  };
  const Dataset batch(features, class_numbers(3, 3));
  const auto expected = trained(batch, {.sample_weight = {2, 12, 0.5}});
  CHECK(trained(batch, {.sample_weight = {2, 3, 1}, .class_weight = {{1, 4.0}, {2, 0.5}}}) == expected);
  const auto one_hot = trained(batch.one_hot(3), {.sample_weight = {2, 3, 1}, .class_weight = {{1, 4.0}, {2, 0.5}}});
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(one_hot[i] == Approx(expected[i]).margin(1e-6));
  CHECK_THROWS_AS(trained(batch, {.sample_weight = {1}}), ShapeError);
}

TEST_CASE("class weights of several outputs are refused by name") {
  const SymbolicTensor input = Input({4});
  Model model(input, SymbolicTensors{Dense(3, softmax)(input), Dense(3, softmax)(input)});
  model.compile({.loss = SparseCategoricalCrossentropy()});
  const auto x = normal_array({6, 4});
  const auto y = class_numbers(6, 3);
  const Dataset data(Columns{x}, Columns{y, y});
  CHECK_THROWS_WITH(model.fit(data, {.verbose = 0, .class_weight = {{1, 2.0}}}),
                    "class_weight: expected one column of targets, got 2; weigh the samples of each by "
                    "with_sample_weights(weights, column)");
}

TEST_CASE("predict_on_batch is predict of one batch") {
  const Sequential model = classifier();
  const auto x = normal_array({40, 4});
  CHECK(same_values(model.predict_on_batch(x), model.predict(x, {.batch_size = 40})));
  CHECK(same_values(model.predict_on_batch(Dataset(x)), model.predict_on_batch(x)));
  CHECK(model.predict_on_batch(Dataset(x).take(0)).shape()[0] == 0);
}

TEST_CASE("early stopping waits through epochs that skip validation") {
  BasicSequential<double> model = line(0.0);
  const auto x = column({1, 2});
  const auto y = column({4, 4});
  EarlyStopping stopping({.patience = 1});
  const History history = model.fit(x, y,
                                    {.epochs = 9,
                                     .verbose = 0,
                                     .validation_data = Dataset(x, y),
                                     .validation_freq = 2,
                                     .callbacks = {std::ref(stopping)}});
  CHECK(history["val_loss"].size() == 2);
  CHECK(stopping.stopped_epoch() == 3);
}

TEST_CASE("training ends with the averages of the weights where the optimizer keeps them") {
  // The line's weight and bias after each step, averaged by hand.
  BasicSequential<double> model = line(0.1);
  model.compile({.optimizer = SGD(0.1, {.use_ema = true, .ema_momentum = 0.5}), .loss = MeanSquaredError()});
  std::vector<double> seen;
  const AnyCallback watch = LambdaCallback({.on_train_batch_end = [&](TrainingRun& run) {
    seen.push_back(dynamic_cast<ModelRun<double>&>(run).model.weight("dense/kernel")(0, 0));
  }});
  model.fit(column({1, 2}), column({4, 4}), {.epochs = 3, .verbose = 0, .callbacks = {watch}});
  REQUIRE(seen.size() == 3);
  CHECK(model.weight("dense/kernel")(0, 0) == Approx(0.25 * seen[0] + 0.25 * seen[1] + 0.5 * seen[2]));
}

TEST_CASE("each epoch has an order of its own, unless shuffle is off") {
  const auto x = normal_array({64, 4});
  const auto labels = class_numbers(64, 3);
  const auto trained = [&](bool shuffle, std::uint64_t seed) {
    Sequential model{Dense(3, {.kernel_initializer = Zeros()})};
    model.set_seed(seed);
    model.compile({.optimizer = SGD(0.5), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
    model.fit(x, labels, {.batch_size = 8, .verbose = 0, .shuffle = shuffle});
    return weights_of(model);
  };
  CHECK(trained(false, 1) == trained(false, 2));
  CHECK(trained(true, 1) == trained(true, 1));
  CHECK(trained(true, 1) != trained(true, 2));
  CHECK(trained(true, 1) != trained(false, 1));

  // Without shuffling an epoch is its batches one after another.
  Sequential by_hand{Dense(3, {.kernel_initializer = Zeros()})};
  by_hand.compile({.optimizer = SGD(0.5), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  for (std::int64_t first = 0; first < 64; first += 8)
    by_hand.train_on_batch(Dataset(x, labels).slice(first, first + 8));
  CHECK(weights_of(by_hand) == trained(false, 1));
}

TEST_CASE("training goes on at initial_epoch as if it had not stopped") {
  const auto x = normal_array({50, 4});
  const auto labels = class_numbers(50, 3);
  const auto compiled = [] {
    Sequential model{Input({4}), Dense(8, {.activation = relu}), BatchNormalization(), Dropout(0.3), Dense(3)};
    model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
    return model;
  };
  Sequential whole = compiled();
  const History expected = whole.fit(x, labels, {.epochs = 4, .batch_size = 16, .verbose = 0});
  Sequential parts = compiled();
  parts.fit(x, labels, {.epochs = 1, .batch_size = 16, .verbose = 0});
  const History rest = parts.fit(x, labels, {.epochs = 4, .batch_size = 16, .verbose = 0, .initial_epoch = 1});
  CHECK(weights_of(parts) == weights_of(whole));
  CHECK(rest.epoch() == std::vector<std::int64_t>{1, 2, 3});
  CHECK(rest["loss"] == std::vector<double>{expected["loss"][1], expected["loss"][2], expected["loss"][3]});
  CHECK(parts.fit(x, labels, {.epochs = 2, .verbose = 0, .initial_epoch = 2}).empty());
}

TEST_CASE("a softmax before its loss is computed from the logits") {
  const auto x = normal_array<double>({40, 4});
  const auto rows = one_hot_rows<double>(40, 3);
  const auto trained = [&](BasicSequential<double> model, AnyLoss<double> loss, const auto& targets) {
    model.compile({.optimizer = Adam(0.01), .loss = std::move(loss), .metrics = {Accuracy()}});
    const History history = model.fit(x, targets, {.epochs = 3, .verbose = 0});
    return std::pair(weights_of(model), history["loss"]);
  };
  const auto expected = trained(classifier<double>(linear), CategoricalCrossentropy({.from_logits = true}), rows);
  CHECK(trained(classifier<double>(softmax), CategoricalCrossentropy(), rows) == expected);
  CHECK(trained({Input({4}), Dense(6, {.activation = relu}), Dense(3), softmax}, CategoricalCrossentropy(), rows) ==
        expected);
  CHECK(trained({Input({4}), Dense(6, {.activation = relu}), Dense(3), Softmax()}, CategoricalCrossentropy(), rows) ==
        expected);

  const auto numbers = class_numbers(40, 3);
  const auto sparse =
      trained(classifier<double>(linear), SparseCategoricalCrossentropy({.from_logits = true}), numbers);
  CHECK(trained(classifier<double>(softmax), SparseCategoricalCrossentropy(), numbers) == sparse);
  for (std::size_t i = 0; i < expected.first.size(); ++i)
    CHECK(sparse.first[i] == Approx(expected.first[i]).margin(1e-9));

  auto binary = std::vector<double>(40);
  for (std::size_t i = 0; i < 40; ++i) binary[i] = rows(i, 0);
  const auto one_output = [](Activation last) {
    return BasicSequential<double>{Input({4}), Dense(1, {.activation = last})};
  };
  CHECK(trained(one_output(sigmoid), BinaryCrossentropy(), column(binary)).first ==
        trained(one_output(linear), BinaryCrossentropy({.from_logits = true}), column(binary)).first);
}

TEST_CASE("a loss stays exact where probabilities have been rounded away") {
  Sequential model{Input({2}), Dense(2, {.activation = softmax})};
  model.weight("dense/kernel") = xt::xarray<float>{{200, 0}, {0, 200}};
  model.compile({.optimizer = SGD(0.0), .loss = CategoricalCrossentropy()});
  CHECK(model.evaluate(xt::xarray<float>{{1, 0}}, xt::xarray<float>{{0, 1}})["loss"] == Approx(200));
}

TEST_CASE("metrics are made from probabilities, whatever the loss works on") {
  const auto x = normal_array({30, 4});
  const auto labels = class_numbers(30, 3);
  Sequential model = classifier();
  model.compile({.optimizer = SGD(), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  const auto predictions = model.predict(x);
  int right = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < 3; ++c) {
      if (predictions(i, c) > predictions(i, best)) best = c;
    }
    right += static_cast<std::int32_t>(best) == labels(i);
  }
  CHECK(model.evaluate(x, labels)["accuracy"] == Approx(right / 30.0));
}

TEST_CASE("training learns, in float and in double") {
  const auto check = [](auto zero) {
    using T = decltype(zero);
    const auto rows = one_hot_rows<T>(90, 3);
    auto x = xt::xarray<T>(normal_array<T>({90, 4}));
    for (std::size_t i = 0; i < 90; ++i) x(i, i % 3) += T(6);
    BasicSequential<T> model = classifier<T>();
    model.compile({.optimizer = Adam(0.02), .loss = CategoricalCrossentropy(), .metrics = {Accuracy()}});
    const History history = model.fit(x, rows, {.epochs = 30, .verbose = 0});
    CHECK(history["loss"].back() < 0.3 * history["loss"].front());
    CHECK(model.evaluate(x, rows)["accuracy"] > 0.95);
  };
  check(0.0f);
  check(0.0);
}

TEST_CASE("fit builds a model from the data it sees") {
  Sequential model{Dense(3)};
  model.compile({.optimizer = SGD(), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
  model.fit(normal_array({6, 5}), class_numbers(6, 3), {.verbose = 0});
  CHECK(model.input_shape() == Shape{5});
}

TEST_CASE("callbacks are called in order") {
  std::string calls;
  const auto note = [&calls](const char* what) {
    return [&calls, what](TrainingRun& run) { calls += text(what, run.epoch, ".", run.step, " "); };
  };
  const LambdaCallback first({.on_epoch_begin = note("epoch<"),
                              .on_epoch_end = note("epoch>"),
                              .on_train_begin = note("train<"),
                              .on_train_end = note("train>"),
                              .on_train_batch_begin = note("batch<"),
                              .on_train_batch_end = note("batch>")});
  const LambdaCallback second({.on_epoch_end = note("second>")});
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3});
  const auto y = column({1, 2, 3});
  model.fit(x, y, {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {first, second}});
  CHECK(calls ==
        "train<0.0 epoch<0.0 batch<0.0 batch>0.0 batch<0.1 batch>0.1 epoch>0.2 second>0.2 "
        "epoch<1.2 batch<1.0 batch>1.0 batch<1.1 batch>1.1 epoch>1.2 second>1.2 train>2.2 ");
}

TEST_CASE("a callback may stop, read and write") {
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3, 4});
  const LambdaCallback callback({.on_epoch_end =
                                     [](TrainingRun& run) {
                                       run.logs.set("learning_rate", run.learning_rate());
                                       run.set_learning_rate(run.learning_rate() / 2);
                                     },
                                 .on_train_batch_end =
                                     [](TrainingRun& run) {
                                       CHECK(run.steps == 2);
                                       CHECK(run.samples == 4);
                                       CHECK(run.logs.contains("loss"));
                                       if (run.epoch == 2) run.stop();
                                     }});
  const History history = model.fit(x, x, {.epochs = 9, .batch_size = 2, .verbose = 0, .callbacks = {callback}});
  CHECK(history.size() == 3);
}

TEST_CASE("what callbacks write into the logs reaches later ones, and History") {
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3, 4});
  std::vector<double> seen;
  EarlyStopping stopping({.monitor = "doubled_loss", .patience = 1, .mode = "min"});
  const History history = model.fit(
      x, x,
      {.epochs = 2,
       .verbose = 0,
       .callbacks = {LambdaCallback({.on_epoch_begin = [](TrainingRun& run) { run.logs.set("rate", 0.5); }}),
                     [](TrainingRun& run) { run.logs.set("doubled_loss", 2 * run.logs["loss"]); },
                     [&seen](TrainingRun& run) { seen.push_back(run.logs["doubled_loss"]); }, std::ref(stopping)}});
  CHECK(history["doubled_loss"] == std::vector<double>{2 * history["loss"][0], 2 * history["loss"][1]});
  CHECK(seen == history["doubled_loss"]);
  CHECK(history["rate"] == std::vector<double>{0.5, 0.5});
  CHECK(stopping.best() == history["doubled_loss"][1]);
}

TEST_CASE("a number that no epoch will have is found before training") {
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3, 4});
  int batches = 0;
  const LambdaCallback count({.on_train_batch_begin = [&batches](TrainingRun&) { ++batches; }});
  CHECK_THROWS_WITH(model.fit(x, x, {.verbose = 0, .callbacks = {count, EarlyStopping()}}),
                    "monitor: expected one of loss, got \"val_loss\"; give fit validation data or a validation_split");
  CHECK_THROWS_WITH(model.fit(x, x, {.verbose = 0, .callbacks = {EarlyStopping({.monitor = "mse"})}}),
                    "monitor: expected one of loss, got \"mse\"");
  CHECK(batches == 0);
  CHECK_NOTHROW(model.fit(x, x, {.verbose = 0, .validation_split = 0.5, .callbacks = {count, EarlyStopping()}}));
  CHECK(batches > 0);
}

#if !defined(NACRE_TEST_UNDER_THREAD_SANITIZER)  // it does not let forked children start threads

TEST_CASE("a forked child trains as its parent does, on any number of threads") {
  const auto x = normal_array({64, 8});
  const auto labels = class_numbers(64, 3);
  const auto trained = [&] {
    Sequential model{Dense(64, {.activation = relu}), Dense(3)};
    model.set_seed(5);
    model.compile({.optimizer = Adam(), .loss = SparseCategoricalCrossentropy({.from_logits = true})});
    return model.fit(x, labels, {.epochs = 2, .batch_size = 16, .verbose = 0})["loss"];
  };
  set_num_threads(3);
  const std::vector<double> expected = trained();
  CHECK(child([&] { return trained() == expected ? 0 : 1; }) == "exit 0");
  CHECK(child([&] {
          set_num_threads(2);
          return trained() == expected ? 0 : 1;
        }) == "exit 0");
  set_num_threads(0);
}

#endif

#if defined(__SSE__) || defined(__aarch64__)

TEST_CASE("callbacks run under the caller's floating-point control and BLAS threads") {
  const auto has_denormals = [] {
    volatile double smallest = std::numeric_limits<double>::min();
    volatile double half = smallest / 2;
    return half > 0;
  };
  REQUIRE(has_denormals());
  const bool openblas = openblas_set_num_threads != nullptr && openblas_get_num_threads != nullptr;
  const int before = openblas ? openblas_get_num_threads() : 0;
  if (openblas) openblas_set_num_threads(2);
  const int threads = openblas ? openblas_get_num_threads() : 0;
  int calls = 0;
  int wrong = 0;
  const auto look = [&](TrainingRun&) {
    ++calls;
    wrong += !has_denormals() || (openblas && openblas_get_num_threads() != threads);
  };
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3, 4});
  model.fit(x, x,
            {.verbose = 0,
             .validation_split = 0.5,
             .callbacks = {LambdaCallback({.on_epoch_begin = look,
                                           .on_epoch_end = look,
                                           .on_train_begin = look,
                                           .on_train_end = look,
                                           .on_train_batch_begin = look,
                                           .on_train_batch_end = look})}});
  if (openblas) openblas_set_num_threads(before);
  CHECK(calls == 6);
  CHECK(wrong == 0);
}

#endif

TEST_CASE("History holds a number of every epoch") {
  BasicSequential<double> model = line(0.01);
  const auto x = column({1, 2});
  const History history = model.fit(x, x, {.epochs = 3, .verbose = 0});
  CHECK(history.size() == 3);
  CHECK(history.epoch() == std::vector<std::int64_t>{0, 1, 2});
  CHECK(history["loss"].size() == 3);
  CHECK(history["loss"][2] < history["loss"][0]);
  CHECK(history.logs()[1]["loss"] == history["loss"][1]);
  CHECK_THROWS_WITH(history["val_loss"], "Logs: expected one of loss, got \"val_loss\"");
}

TEST_CASE("what a caller can get wrong") {
  const auto x = normal_array({6, 4});
  const auto labels = class_numbers(6, 3);
  Sequential model = classifier();
  CHECK_THROWS_WITH(
      model.fit(x, labels, {.verbose = 0}),
      "Sequential: fit: expected a compiled model; call compile({.optimizer = ..., .loss = ...}) before it");
  CHECK_THROWS_AS(model.evaluate(x, labels), StateError);
  CHECK_THROWS_AS(model.train_on_batch(x, labels), StateError);
  CHECK_THROWS_WITH(model.compile({.loss = MeanSquaredError(), .metrics = {Accuracy(), Accuracy()}}),
                    "compile: expected metrics of different names, got \"accuracy\" twice; give one a name of its own");
  model.compile({.optimizer = SGD(), .loss = SparseCategoricalCrossentropy()});

  CHECK_THROWS_WITH(model.fit(normal_array({6, 5}), labels, {.verbose = 0}),
                    "Sequential: expected samples of shape (4,), got (5,)");
  CHECK_THROWS_WITH(model.fit(x, one_hot_rows(6, 3), {.verbose = 0}),
                    "SparseCategoricalCrossentropy: expected class numbers of shape (None,) for outputs (None, 3), got "
                    "targets (None, 3); for one-hot targets use CategoricalCrossentropy");
  CHECK_THROWS_AS(model.fit(x, class_numbers(5, 3), {.verbose = 0}), ShapeError);
  CHECK_THROWS_AS(model.fit(x, class_numbers(6, 4), {.verbose = 0}), ValueError);  // there is no class 3
  CHECK_THROWS_WITH(model.fit(Dataset(x), {.verbose = 0}), "Sequential: expected a data set with targets");
  CHECK_THROWS_AS(model.fit(Dataset(x, labels).take(0), {.verbose = 0}), ValueError);
  CHECK_THROWS_WITH(model.fit(x, labels, {.batch_size = 0, .verbose = 0}),
                    "fit: expected batch_size of 1 or more, got 0");
  CHECK_THROWS_WITH(model.fit(x, labels, {.epochs = -1}), "fit: expected epochs of 0 or more, got -1");
  CHECK_THROWS_WITH(model.fit(x, labels, {.initial_epoch = -1}), "fit: expected initial_epoch of 0 or more, got -1");
  CHECK_THROWS_AS(model.fit(x, labels, {.verbose = 0, .sample_weight = {1, 2}}), ShapeError);

  model.compile({.optimizer = SGD(), .loss = CategoricalCrossentropy()});
  CHECK_THROWS_WITH(model.fit(x, labels, {.verbose = 0}),
                    "CategoricalCrossentropy: expected targets shaped as the output (None, 3), got (None,); for class "
                    "numbers use SparseCategoricalCrossentropy");
  // None of it has left the model unable to go on.
  CHECK_NOTHROW(model.fit(x, one_hot_rows(6, 3), {.verbose = 0}));
}

TEST_CASE("the monitored metric's own direction decides what an improvement is") {
  BasicSequential<double> model = line();
  model.compile({.optimizer = SGD(0.0), .loss = MeanSquaredError(), .metrics = {BinaryAccuracy(), Mean()}});
  const auto x = column({1, 2, 3, 4});
  const auto directions = [&](std::vector<LogName>& names) {
    return [&names](TrainingRun& run) { names = run.log_names; };
  };
  std::vector<LogName> names;
  const History history = model.fit(x, x, {.verbose = 0, .validation_split = 0.5, .callbacks = {directions(names)}});
  REQUIRE(names.size() == 6);
  const std::vector<std::string> expected{"loss",     "binary_accuracy",     "mean",
                                          "val_loss", "val_binary_accuracy", "val_mean"};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(names[i].name == expected[i]);
    CHECK(names[i].larger_is_better == (i % 3 == 0   ? std::optional<bool>(false)
                                        : i % 3 == 1 ? std::optional<bool>(true)
                                                     : std::nullopt));
    CHECK(history.larger_is_better(expected[i]) == names[i].larger_is_better);
  }
  CHECK_THROWS_WITH(
      model.fit(x, x, {.verbose = 0, .callbacks = {EarlyStopping({.monitor = "mean"})}}),
      "monitor: expected mode min or max for \"mean\", of which it is not known whether smaller or larger "
      "is better, got mode auto");
}

TEST_CASE("a model is trained with a schedule, which callbacks see and cannot set") {
  BasicSequential<double> model = line();
  model.compile({.optimizer = SGD(PiecewiseConstantDecay({1, 3}, {0.1, 0.01, 0.001})), .loss = MeanSquaredError()});
  const auto x = column({1, 2, 3, 4});
  std::vector<double> rates;
  const LambdaCallback note({.on_train_batch_begin = [&](TrainingRun& run) { rates.push_back(run.learning_rate()); }});
  model.fit(x, x, {.epochs = 2, .batch_size = 2, .verbose = 0, .callbacks = {note}});
  model.fit(x, x, {.batch_size = 2, .verbose = 0, .callbacks = {note}});
  CHECK(rates == std::vector<double>{0.1, 0.1, 0.01, 0.01, 0.001, 0.001});
  CHECK_THROWS_AS(model.fit(x, x, {.verbose = 0, .callbacks = {[](TrainingRun& run) { run.set_learning_rate(1); }}}),
                  StateError);
}

TEST_CASE("callbacks set the learning rate, which is in History") {
  BasicSequential<double> model = line();
  const auto x = column({1, 2, 3, 4});
  const History history =
      model.fit(x, x, {.epochs = 3, .verbose = 0, .callbacks = {LearningRateScheduler([](std::int64_t epoch) {
                                                    return 0.25 / static_cast<double>(epoch + 1);
                                                  })}});
  CHECK(history["learning_rate"] == std::vector<double>{0.25, 0.125, 0.25 / 3});
}

namespace {

// Looks at gradients before the update, and changes them where it is told to.
struct GradientWatch {
  double factor = 1;
  std::vector<double> norms{};

  void on_gradients(TrainingRun& run) {
    ModelRun<double>& typed = ModelRun<double>::of(run);
    double squares = 0;
    for (double& gradient : typed.gradients()) {
      squares += gradient * gradient;
      gradient *= factor;
    }
    norms.push_back(std::sqrt(squares));
    CHECK(typed.gradient("dense/kernel").extents() == Shape{1, 1});
    CHECK_THROWS_AS(typed.gradient("dense/gamma"), ValueError);
    CHECK_THROWS_AS(ModelRun<float>::of(run), StateError);
  }
};

}  // namespace

TEST_CASE("a callback looks at gradients between the backward pass and the update, and may change them") {
  const auto x = column({1, 2, 3, 4});
  const auto y = column({2, 4, 6, 8});
  const auto weights_after = [&](std::vector<AnyCallback> callbacks) {
    BasicSequential<double> model = line();
    model.compile({.optimizer = Adam(0.1), .loss = MeanSquaredError()});
    model.fit(x, y, {.epochs = 3, .batch_size = 2, .verbose = 0, .callbacks = std::move(callbacks)});
    return std::make_pair(model.weight("dense/kernel")(0, 0), model.state().updater->stores());
  };
  GradientWatch watch;
  const auto plain = weights_after({});
  CHECK(weights_after({std::ref(watch)}) == plain);  // the same bits, and nothing is stored afterwards
  REQUIRE(watch.norms.size() == 6);
  for (const double norm : watch.norms) CHECK(norm > 0);
  GradientWatch stop{0};
  CHECK(weights_after({std::ref(stop)}).first != plain.first);
  CHECK(stop.norms[0] == watch.norms[0]);

  // Elsewhere there are none, and a callback that throws leaves the step uncounted.
  BasicSequential<double> model = line();
  CHECK_THROWS_AS(model.fit(x, y, {.verbose = 0, .callbacks = {[](TrainingRun& run) {
                                                   static_cast<void>(ModelRun<double>::of(run).gradients());
                                                 }}}),
                  StateError);
  struct Thrower {
    void on_gradients(TrainingRun&) { throw ValueError("enough"); }
  };
  const std::int64_t steps = model.state().updater->step();
  CHECK_THROWS_WITH(model.fit(x, y, {.verbose = 0, .callbacks = {Thrower()}}), "enough");
  CHECK(model.state().updater->step() == steps);
  CHECK_FALSE(model.state().updater->stores());
}

TEST_CASE("results of each class are reachable after evaluate") {
  BasicSequential<double> model{Input({3}), ActivationLayer(linear)};
  model.compile({.optimizer = SGD(), .loss = MeanSquaredError(), .metrics = {Recall(), Accuracy(), Precision()}});
  const xt::xarray<double> x{{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 0, 0}};
  const xt::xarray<double> y{{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}};
  const Evaluation scores = model.evaluate(x, y);
  CHECK(scores["accuracy"] == 0.5);
  CHECK(scores.per_class("recall") == std::vector<double>{1, 0.5, 0});
  CHECK(scores.per_class("precision") == std::vector<double>{1.0 / 3, 1, 0});
  CHECK_THROWS_WITH(scores.per_class("accuracy"),
                    "per_class: expected a metric with results for each class, one of recall, precision, got "
                    "\"accuracy\"");
}
