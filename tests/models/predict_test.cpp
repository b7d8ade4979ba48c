// predict: any number of rows, in batches of any size, from several threads at once.

#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/max_pooling2d.hpp>

#include <atomic>
#include <cmath>
#include <thread>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

Sequential network() {
  return {Input({8, 8, 1}), Conv2D(5, 3, {.activation = relu}), MaxPooling2D(), BatchNormalization(), Flatten(),
          Dropout(0.5),     Dense(7, {.activation = softmax})};
}

double worst_difference(const xt::xarray<float>& a, const xt::xarray<float>& b) {
  REQUIRE(a.shape() == b.shape());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i])));
  }
  return worst;
}

}  // namespace

TEST_CASE("predictions do not depend on how rows are batched") {
  const Sequential model = network();
  const auto x = normal_array({67, 8, 8, 1});
  const auto expected = model.predict(x);
  REQUIRE(expected.shape()[0] == 67);
  REQUIRE(expected.shape()[1] == 7);
  for (const std::int64_t batch_size : {1, 2, 31, 66, 67, 1000}) {
    INFO("batch_size " << batch_size);
    CHECK(worst_difference(model.predict(x, {.batch_size = batch_size}), expected) < 1e-6);
  }
  for (std::size_t i = 0; i < 67; ++i) {
    double total = 0;
    for (std::size_t c = 0; c < 7; ++c) total += static_cast<double>(expected(i, c));
    CHECK(total == Approx(1));
  }
}

TEST_CASE("predict takes containers, expressions and data sets") {
  const Sequential model = network();
  const auto x = normal_array({9, 8, 8, 1});
  const auto expected = model.predict(x);
  CHECK(same_values(model.predict(Dataset(x)), expected));
  CHECK(same_values(model.predict(x * 1.0f), expected));
  CHECK(same_values(model.predict(xt::xarray<double>(x)), expected));
  CHECK(worst_difference(model.predict(Dataset(x).slice(3, 5)), rows_of(expected, 3, 5)) < 1e-6);
  CHECK(model.predict(Dataset(x).take(0)).shape()[0] == 0);
}

TEST_CASE("predicting changes nothing") {
  Sequential model = network();
  const auto weights = weights_of(model);
  const auto x = normal_array({40, 8, 8, 1});
  const auto first = model.predict(x);
  CHECK(same_values(model.predict(x), first));
  CHECK(weights_of(model) == weights);
  for (const float value : model.weight("batch_normalization/moving_mean")) CHECK(value == 0);
}

TEST_CASE("predictions follow the weights") {
  Sequential model = network();
  const auto x = normal_array({4, 8, 8, 1});
  const auto before = model.predict(x);
  model.weight("dense/kernel").fill(0);
  for (const float value : model.predict(x)) CHECK(value == Approx(1.0 / 7));
  model.build({8, 8, 1});
  CHECK(same_values(model.predict(x), before));
}

TEST_CASE("several threads may predict at once") {
  const Sequential model = network();
  const auto x = normal_array({50, 8, 8, 1});
  std::vector<xt::xarray<float>> expected;
  for (std::int64_t batch_size = 1; batch_size <= 4; ++batch_size) {
    expected.push_back(model.predict(x, {.batch_size = 10 * batch_size}));
  }
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::int64_t caller = 0; caller < 4; ++caller) {
    threads.emplace_back([&, caller] {
      for (int round = 0; round < 30; ++round) {
        const auto which = (caller + round) % 4;
        const auto y = model.predict(x, {.batch_size = 10 * (which + 1)});
        if (!same_values(y, expected[static_cast<std::size_t>(which)])) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("what predict does not take") {
  CHECK_THROWS_WITH(
      (Sequential{Dense(3)}.predict(normal_array({2, 4}))),
      "Sequential: predict: expected a model that is built; begin it with Input(shape), or call build(shape) "
      "or fit");
  const Sequential model = network();
  CHECK_THROWS_WITH(model.predict(normal_array({2, 8, 8})),
                    "predict: expected samples of shape (8, 8, 1), got (8, 8); the axis of the channels is missing: "
                    "give the data the "
                    "shape (None, 8, 8, 1), as Dataset::reshaped({8, 8, 1}) does");
  CHECK_THROWS_WITH(model.predict(normal_array({8, 8, 1})),
                    "predict: expected samples of shape (8, 8, 1), got (8, 1); the first axis counts the samples: a "
                    "single one has the "
                    "shape (1, 8, 8, 1)");
  CHECK_THROWS_WITH(model.predict(normal_array({2, 8, 8, 1}), {.batch_size = 0}),
                    "predict: expected batch_size of 1 or more, got 0");
}
