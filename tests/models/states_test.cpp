// What layers keep from batch to batch.

#include <cstdint>
#include <thread>
#include <vector>

#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/layers/check_gradients.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/models/model.hpp>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// output = input + the outputs of all batches before.
struct RunningSum : Callable<RunningSum> {
  static constexpr std::string_view type_name = "RunningSum";

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.state(input.size());
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    T* sum = step.state(0);
    for (std::int64_t i = 0; i < step.input.extents().size(); ++i) {
      sum[i] += step.input.elements()[i];
      step.output.elements()[i] = sum[i];
    }
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) step.input_gradient = step.output_gradient;
  }
};

Model running_sum() {
  const auto x = Input({1});
  return Model(x, RunningSum()(x));
}

xt::xarray<float> column_of(const std::vector<float>& numbers) {
  auto values = xt::xarray<float>::from_shape({numbers.size(), 1});
  std::copy(numbers.begin(), numbers.end(), values.begin());
  return values;
}

std::vector<float> predict(const Model& model, const std::vector<float>& x, std::int64_t batch_size = 32) {
  const auto y = model.predict(column_of(x), {.batch_size = batch_size});
  return {y.begin(), y.end()};
}

using Numbers = std::vector<float>;

}  // namespace

TEST_CASE("a layer's state goes on from batch to batch and from call to call") {
  Model model = running_sum();
  CHECK(predict(model, {1, 2}) == Numbers{1, 2});
  CHECK(predict(model, {10, 20, 100, 200}, 2) == Numbers{11, 22, 111, 222});
  model.reset_states();
  CHECK(predict(model, {1, 2, 3}) == Numbers{1, 2, 3});  // batches of another size
  CHECK(predict(model, {1, 1, 1}) == Numbers{2, 3, 4});
}

TEST_CASE("networks of several sizes go on with one state") {
  Model model = running_sum();
  predict(model, Numbers(64, 0.0F), 64);
  model.reset_states();
  CHECK(predict(model, {1, 2}, 64) == Numbers{1, 2});  // in a network for 64
  const Model copy = model;                            // its first network is one for 2
  CHECK(predict(copy, {1, 2}, 2) == Numbers{2, 4});
  CHECK(predict(model, {5, 5}, 2) == Numbers{6, 7});  // the copy has its own
}

TEST_CASE("batches of another size are refused before anything is computed") {
  Model model = running_sum();
  CHECK_THROWS_WITH(predict(model, {1, 2, 3}, 2),
                    ContainsSubstring("predict: a layer keeps state for each sample of a batch: expected batches of 2 "
                                      "samples all along, got 3 samples in batches of 2"));
  CHECK(predict(model, {1, 2}) == Numbers{1, 2});
  CHECK_THROWS_WITH(predict(model, {1}), ContainsSubstring("expected batches of 2 samples all along, got 1"));
  CHECK(predict(model, {1, 2}) == Numbers{2, 4});
}

TEST_CASE("fit and evaluate go on with the state, and callbacks reset it") {
  const auto x = Input({1});
  Model model(x, RunningSum()(Dense(1, {.use_bias = false, .kernel_initializer = Ones()})(x)));
  model.compile({.optimizer = SGD(0.0), .loss = MeanSquaredError()});
  const auto ones = column_of({1, 1, 1, 1});
  const auto zeros = column_of({0, 0, 0, 0});
  const auto losses = [&](FitOptions options) {
    options.epochs = 2;
    options.batch_size = 2;
    options.verbose = 0;
    return model.fit(ones, zeros, std::move(options))["loss"];
  };
  CHECK(losses({}) == std::vector<double>{(1 + 4) / 2.0, (9 + 16) / 2.0});
  CHECK(model.evaluate(ones, zeros, {.batch_size = 2})["loss"] == (25 + 36) / 2.0);
  const LambdaCallback reset({.on_epoch_begin = [&](TrainingRun&) { model.reset_states(); }});
  CHECK(losses({.callbacks = {reset}}) == std::vector<double>{2.5, 2.5});

  CHECK_THROWS_WITH(model.evaluate(ones, zeros, {.batch_size = 3}), ContainsSubstring("got 4 samples in batches of 3"));
  model.reset_states();
  CHECK_THROWS_WITH(losses({.validation_data = Dataset(ones, zeros), .validation_batch_size = 4}),
                    ContainsSubstring("expected batches of one size in training and validation, got 2 and 4"));
}

TEST_CASE("gradients leave the state as it was") {
  Model model = running_sum();
  model.compile({.optimizer = SGD(0.0), .loss = MeanSquaredError()});
  predict(model, {1, 2});
  for (int time = 0; time < 2; ++time) {
    CHECK(model.gradients(column_of({1, 1}), column_of({0, 0})).loss == (4 + 9) / 2.0);
  }
  CHECK(predict(model, {0, 0}) == Numbers{1, 2});
}

TEST_CASE("predictions of several threads come one after another") {
  Model model = running_sum();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&model] {
      for (int i = 0; i < 50; ++i) predict(model, {1, 0, 1, 0}, 2);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(predict(model, {0, 0}) == Numbers{400, 0});
}

TEST_CASE("layers that are applied to steps, and shared ones, keep what belongs to them") {
  const auto x = Input({2, 1});
  Model steps(x, Flatten()(TimeDistributed(RunningSum())(x)));
  const xt::xarray<float> samples = xt::xtensor<float, 3>{{{1}, {2}}, {{3}, {4}}};
  steps.predict(samples);
  CHECK(same_values<float>(steps.predict(samples), {{2, 4}, {6, 8}}));

  const auto y = Input({1});
  const auto sum = shared(RunningSum());
  const Model twice(y, Concatenate()({sum(y), sum(y)}));
  CHECK(same_values<float>(twice.predict(column_of({1, 2})), {{1, 2}, {2, 4}}));
}

TEST_CASE("gradients are checked from a state at random") {
  CHECK(check_gradients(RunningSum(), {3}).worst < 1e-8);
  LayerHarness<double> harness(RunningSum(), {2}, 1);
  const xt::xarray<double> x{{1.0, 2.0}};
  harness.forward({x.data(), {1, 2}});
  CHECK(harness.forward({x.data(), {1, 2}}).elements()[1] == 4);
  CHECK(harness.states()[0][1] == 4);
}

TEST_CASE("a generator that asks the model that it feeds is refused, and does not wait for itself") {
  const Model model = running_sum();
  const Batches asking({.features = {{"x", {1}}}, .batch_size = 2, .steps = 1}, [&](std::int64_t, Batch<float>& batch) {
    batch.features[0].fill(predict(model, {1, 1})[0]);
  });
  CHECK_THROWS_AS(model.predict(asking), StateError);
  CHECK(predict(model, {1, 2}) == Numbers{1, 2});
}
