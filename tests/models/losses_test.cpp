// Losses in models: those of whole batches, along other axes, with ignored classes and other reductions, and as
// metrics.

#include <cmath>
#include <vector>

#include <nacre/callbacks/swap_ema_weights.hpp>
#include <nacre/nacre.hpp>

#include "model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Random pictures, and where they are bright.
Dataset pictures() {
  const xt::xarray<float> x = normal_array({24, 4, 4, 1}, 3);
  return Dataset(x, xt::cast<float>(x > 0.5f));
}

}  // namespace

TEST_CASE("losses of whole batches are trained with") {
  for (const AnyLoss<float>& loss :
       {AnyLoss<float>(Dice()), AnyLoss<float>(Dice({.axis = {{1, 2, 3}}})), AnyLoss<float>(Tversky({.alpha = 0.3}))}) {
    INFO(loss.to_string());
    Sequential model{Input({4, 4, 1}), Conv2D(4, 3, {.padding = "same", .activation = relu}), Conv2D(1, 1, sigmoid)};
    model.compile({.optimizer = Adam(0.05), .loss = loss, .metrics = {BinaryAccuracy()}});
    const History history = model.fit(pictures(), {.epochs = 15, .batch_size = 8, .verbose = 0});
    CHECK(history["loss"].back() < 0.7 * history["loss"].front());
    CHECK(history["binary_accuracy"].back() > 0.8);
  }
}

TEST_CASE("CTC learns a sequence") {
  Sequential model{Input({6, 4}), Dense(5)};
  model.compile({.optimizer = Adam(0.1), .loss = CTC()});
  const xt::xarray<float> x = normal_array({4, 6, 4}, 5);
  const xt::xarray<float> y{{1, 2, 0}, {3, 3, 0}, {4, 0, 0}, {2, 1, 4}};
  const History history = model.fit(Dataset(x, y), {.epochs = 60, .batch_size = 2, .verbose = 0});
  CHECK(history["loss"].back() < 0.3 * history["loss"].front());
  CHECK_THROWS_AS(model.fit(Dataset(x, x), {.verbose = 0}), ShapeError);
}

TEST_CASE("Circle brings embeddings of a class together") {
  Sequential model{Input({3}), Dense(8, relu), Dense(2)};
  model.compile({.optimizer = Adam(0.01), .loss = Circle({.gamma = 4})});
  const xt::xarray<float> x = 0.3 * normal_array({32, 3}, 5);
  xt::xarray<float> y = xt::zeros<float>({32});
  for (std::size_t i = 0; i < 32; ++i) y(i) = x(i, 0) > 0 ? 1 : 0;
  const History history = model.fit(Dataset(x, y), {.epochs = 30, .batch_size = 16, .verbose = 0});
  CHECK(history["loss"].back() < history["loss"].front());
}

TEST_CASE("a loss along another axis trains as one of the transposed outputs") {
  const xt::xarray<float> x = normal_array({12, 3, 5}, 1);
  xt::xarray<float> y = xt::zeros<float>({12, 5});
  for (std::size_t i = 0; i < 12; ++i) {
    for (std::size_t j = 0; j < 5; ++j) y(i, j) = static_cast<float>((i + j) % 3);
  }
  const auto train = [&](bool moved) {
    Sequential model{Input({3, 5}), Dense(5)};
    if (moved) model.add(Permute({2, 1}));
    model.compile(
        {.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy({.from_logits = true, .axis = moved ? -1 : 1})});
    return model.fit(Dataset(x, y), {.epochs = 3, .batch_size = 4, .verbose = 0})["loss"];
  };
  const auto along = train(false);
  const auto last = train(true);
  for (std::size_t i = 0; i < 3; ++i) CHECK(along[i] == Approx(last[i]));
}

TEST_CASE("an ignored class is no part of the loss") {
  const xt::xarray<float> x = normal_array({8, 3}, 1);
  xt::xarray<float> y{0, 1, 255, 1, 0, 255, 255, 2};
  Sequential model{Input({3}), Dense(3, softmax)};
  model.compile({.optimizer = SGD(0.1),
                 .loss = SparseCategoricalCrossentropy({.ignore_class = 255}),
                 .metrics = {SparseCategoricalCrossentropy({.ignore_class = 255, .name = "metric"})}});
  const auto scores = model.evaluate(Dataset(x, y), {.batch_size = 8});
  CHECK(scores["loss"] == Approx(scores["metric"]));
  model.fit(Dataset(x, y), {.verbose = 0});
}

TEST_CASE("a reduction says how rows become the loss, and none is refused") {
  const xt::xarray<float> x = normal_array({6, 3}, 1);
  const xt::xarray<float> y = normal_array({6, 2}, 2);
  const auto loss_with = [&](const char* reduction) {
    Sequential model{Input({3}), Dense(2)};
    model.compile({.optimizer = SGD(0.1), .loss = MeanSquaredError({.reduction = reduction}), .metrics = {"mse"}});
    model.build({3});
    model.weight("dense/kernel").fill(0.5f);
    return model.evaluate(Dataset(x, y), {.batch_size = 6});
  };
  const auto mean = loss_with("sum_over_batch_size");
  CHECK(mean["loss"] == Approx(mean["mean_squared_error"]));
  CHECK(loss_with("sum")["loss"] == Approx(6 * mean["loss"]));
  CHECK_THROWS_WITH(loss_with("none"), ContainsSubstring("compile: expected a loss with a reduction"));
}

TEST_CASE("SwapEMAWeights validates with averages and trains on without them") {
  const xt::xarray<float> x = normal_array({40, 3}, 1);
  const xt::xarray<float> y = normal_array({40, 2}, 2);
  const auto train = [&](List<AnyCallback> callbacks) {
    Sequential model{Input({3}), Dense(4, relu), Dense(2)};
    model.compile({.optimizer = SGD(0.1, {.use_ema = true, .ema_momentum = 0.9}), .loss = "mse"});
    std::vector<float> kernel(12, 0.25f);
    model.build({3});
    std::copy(kernel.begin(), kernel.end(), model.weight("dense/kernel").elements());
    const History history = model.fit(Dataset(x, y), {.epochs = 3,
                                                      .batch_size = 8,
                                                      .verbose = 0,
                                                      .validation_data = Dataset(x, y),
                                                      .shuffle = false,
                                                      .callbacks = callbacks});
    return std::pair(std::move(model), history);
  };
  auto [plain, without] = train({});
  for (const bool on_epoch : {false, true}) {
    auto [model, with] = train({SwapEMAWeights({.swap_on_epoch = on_epoch})});
    CHECK(with["loss"] == without["loss"]);
    CHECK(with["val_loss"] != without["val_loss"]);
    // Training ends with the averages in any case: the last validation was of these.
    const xt::xarray<float> kernel = model.weight("dense/kernel");
    CHECK(same_values(kernel, xt::xarray<float>(plain.weight("dense/kernel"))));
    CHECK(with["val_loss"].back() == Approx(model.evaluate(Dataset(x, y), {.batch_size = 8})["loss"]));
  }
}
