#include "models/model_testing.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include <nacre/layers/layer.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/sequential.hpp>

using namespace nacre;
using namespace nacre::testing;

namespace {

/// Its output is its input; counts how often networks have been laid out with it.
struct CountingLayer {
  static constexpr std::string_view type_name = "CountingLayer";
  inline static std::atomic<int> builds{0};

  Shape build(const Shape& input, LayerBuilder&) const {
    ++builds;
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    std::copy_n(step.input.elements(), step.input.size(), step.output.elements());
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    std::copy_n(step.output_gradient.elements(), step.output_gradient.size(), step.input_gradient.elements());
  }
};

Sequential counting_model() {
  set_random_seed(3);
  Sequential model{Input({4}), Dense(5, relu), CountingLayer(), Dense(3, softmax)};
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
  return model;
}

/// How many networks a call makes.
template <class Call>
int made_by(Call call) {
  const int before = CountingLayer::builds;
  call();
  return CountingLayer::builds - before;
}

Dataset data_of(std::size_t samples) { return Dataset(normal_array({samples, 4}), class_numbers(samples, 3)); }

}  // namespace

TEST_CASE("single steps, evaluations and gradients use the network of the call before") {
  Sequential model = counting_model();
  CHECK(made_by([&] { model.train_on_batch(data_of(8)); }) == 1);
  CHECK(made_by([&] { model.train_on_batch(data_of(8)); }) == 0);
  CHECK(made_by([&] { model.train_on_batch(data_of(5)); }) == 0);
  CHECK(made_by([&] { model.gradients(data_of(8)); }) == 0);
  CHECK(made_by([&] { model.gradients(data_of(8), {.by_input = true}); }) == 1);
  CHECK(made_by([&] { model.gradients(data_of(8), {.by_input = true}); }) == 0);
  CHECK(made_by([&] { model.train_on_batch(data_of(9)); }) == 1);
  CHECK(made_by([&] { model.evaluate(data_of(8)); }) == 1);
  CHECK(made_by([&] { model.evaluate(data_of(8)); }) == 0);
  CHECK(made_by([&] { model.test_on_batch(data_of(3)); }) == 0);
  const Dataset weighted = data_of(8).with_sample_weights(std::vector<double>(8, 2.0));
  CHECK(made_by([&] { model.evaluate(weighted); }) == 1);
  CHECK(made_by([&] { model.evaluate(data_of(8)); }) == 0);
}

TEST_CASE("a model that changes lets its networks go") {
  const auto changes = [](auto change) {
    Sequential model = counting_model();
    model.train_on_batch(data_of(8));
    model.evaluate(data_of(8));
    change(model);
    CHECK(made_by([&] { model.train_on_batch(data_of(8)); }) == 1);
    CHECK(made_by([&] { model.evaluate(data_of(8)); }) == 1);
  };
  changes([](Sequential& model) { model.add(Dense(3, softmax)); });
  changes([](Sequential& model) { model.compile({.loss = SparseCategoricalCrossentropy()}); });
  changes([](Sequential& model) { model.set_trainable("dense", false); });
  changes([](Sequential& model) { model.build({4}); });
  changes([](Sequential& model) { model = Sequential(model); });
}

TEST_CASE("networks that are used again give the bits of new ones") {
  Sequential kept = counting_model();
  for (int step = 0; step < 5; ++step) {
    Sequential fresh = kept;
    const Dataset data = data_of(step % 2 == 0 ? 12 : 7);
    const Logs expected = fresh.train_on_batch(data);
    const Logs logs = kept.train_on_batch(data);
    CHECK(logs["loss"] == expected["loss"]);
    CHECK(logs["accuracy"] == expected["accuracy"]);
    for (const std::string& name : kept.weight_names()) CHECK((kept.weight(name) == fresh.weight(name)));
    CHECK(kept.evaluate(data)["loss"] == Sequential(kept).evaluate(data)["loss"]);
    CHECK(kept.gradients(data).loss == Sequential(kept).gradients(data).loss);
    CHECK(xt::allclose(kept.gradients(data)["dense/kernel"], Sequential(kept).gradients(data)["dense/kernel"], 0, 0));
  }
}

TEST_CASE("several threads may evaluate one model at once") {
  const Sequential model = counting_model();
  const Dataset data = data_of(50);
  const double expected = model.evaluate(data)["loss"];
  std::vector<double> found(4);
  std::vector<std::thread> threads;
  for (double& loss : found) {
    threads.emplace_back([&] {
      for (int call = 0; call < 10; ++call) loss = model.evaluate(data)["loss"];
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const double loss : found) CHECK(loss == expected);
}
