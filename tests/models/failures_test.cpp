// What a model refuses, and that it is afterwards as it was before.

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/sequential.hpp>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

std::vector<float> values_of(const Sequential& model) {
  std::vector<float> values;
  for (const std::string& name : model.weight_names()) {
    const auto weight = model.weight(name);
    values.insert(values.end(), weight.begin(), weight.end());
  }
  return values;
}

Sequential compiled(Sequential model) {
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
  return model;
}

/// Leaves the last element of its output, or of its input's gradient, or its weight's gradient, as it was.
struct Forgetful {
  static constexpr std::string_view type_name = "Forgetful";
  std::string what;
  void fields(Fields& list) { list("what", what); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight("scale", input, Ones());
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t left_out = what == "output" ? 1 : 0;
    const std::int64_t size = step.input.sample_size();
    for (std::int64_t i = 0; i < step.output.extents().size() - left_out; ++i) {
      step.output.elements()[i] = step.input.elements()[i] * step.weight(0).elements()[i % size];
    }
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (what != "gradient") step.gradient(0).fill(T(0));
    if (!step.wants_input_gradient) return;
    const std::int64_t left_out = what == "input_gradient" ? 1 : 0;
    for (std::int64_t i = 0; i < step.input_gradient.extents().size() - left_out; ++i) {
      step.input_gradient.elements()[i] = step.output_gradient.elements()[i];
    }
  }
};

/// Asks for its second weight, of which it has one.
struct OneTooMany {
  static constexpr std::string_view type_name = "OneTooMany";
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.weight("scale", input, Ones());
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    step.output = step.input * step.weight(1);
  }
  template <class T>
  void backward(const Backward<T>&) const {}
};

/// Sums its scratch over tasks within tasks: each inner task writes to its scratch, then the outer one reads its own.
struct Nested {
  static constexpr std::string_view type_name = "Nested";
  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.task_scratch(1);
    return input;
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
      *scratch = T(7);
      step.parallel(3, [&](std::int64_t, T* inner) { *inner = T(1); });
      const std::int64_t size = step.input.sample_size();
      for (std::int64_t i = 0; i < size; ++i) {
        step.output.elements()[sample * size + i] = step.input.elements()[sample * size + i] + *scratch;
      }
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    step.input_gradient = step.output_gradient;
  }
};

}  // namespace

TEST_CASE("adding a layer that does not fit changes nothing") {
  Sequential model{Input({4}), Dense(3)};
  const std::string before = model.summary_text();
  const std::vector<float> weights = values_of(model);
  CHECK_THROWS_AS(model.add(Reshape({2, 2})), ShapeError);
  CHECK_THROWS_AS(model.add(Dense(1, {.name = "dense"})), ValueError);
  CHECK_THROWS_AS(model.add(Input({3})), StateError);
  CHECK(model.layers().size() == 1);
  CHECK(model.summary_text() == before);
  CHECK(values_of(model) == weights);
  CHECK(model.predict(normal_array({2, 4})).shape(1) == 3);
}

TEST_CASE("adding a layer keeps the weights of those that are there") {
  Sequential model = compiled({Input({4}), Dense(3), BatchNormalization()});
  model.fit(normal_array({12, 4}), class_numbers(12, 3), {.verbose = 0});
  const xt::xarray<float> kernel = model.weight("dense/kernel");
  const xt::xarray<float> mean = model.weight("batch_normalization/moving_mean");
  model.add(Dense(2));
  CHECK((model.weight("dense/kernel") == kernel));
  CHECK((model.weight("batch_normalization/moving_mean") == mean));
  CHECK(model.weight("dense_1/kernel").shape(1) == 2);
  CHECK(model.predict(normal_array({2, 4})).shape(1) == 2);
}

TEST_CASE("extents of 0 are refused by name") {
  CHECK_THROWS_WITH((Sequential{Input({0}), Dense(2)}), ContainsSubstring("extents of 1 or more"));
  CHECK_THROWS_AS((Sequential{Input({3, 0, 1}), Flatten()}), ShapeError);
  Sequential model{BatchNormalization(), Softmax()};
  CHECK_THROWS_AS(model.build({4, 0}), ShapeError);
  CHECK_FALSE(model.built());
}

TEST_CASE("a model that was moved from says so") {
  Sequential first{Input({4}), Dense(3)};
  const Sequential second = std::move(first);
  CHECK_THROWS_WITH(first.predict(normal_array({2, 4})), ContainsSubstring("moved from"));
  CHECK_THROWS_AS(first.summary_text(), StateError);
  CHECK_THROWS_AS(first.add(Dense(1)), StateError);
  first = second;
  CHECK((first.predict(normal_array({2, 4})) == second.predict(normal_array({2, 4}))));
}

TEST_CASE("a model that is being trained cannot be changed by its callbacks") {
  Sequential model = compiled({Input({4}), Dense(3)});
  const Sequential other = compiled({Input({4}), Dense(3), Dense(3)});
  const auto x = normal_array({12, 4});
  const auto y = class_numbers(12, 3);
  const Gradients<float> gradients = model.gradients(x, y);
  int refused = 0;
  const auto refuse = [&](auto change) {
    CHECK_THROWS_AS(change(), StateError);
    ++refused;
  };
  int calls = 0;
  const auto change_all = [&](TrainingRun&) {
    ++calls;
    refuse([&] { model.add(Dense(2)); });
    refuse([&] { model.build({4}); });
    refuse([&] { model.compile({.loss = MeanSquaredError()}); });
    refuse([&] { model = other; });
    refuse([&] { model = Sequential(other); });
    refuse([&] { model.fit(x, y, {.verbose = 0}); });
    refuse([&] { model.train_on_batch(x, y); });
    refuse([&] { model.gradients(x, y); });
    refuse([&] { model.apply_gradients(gradients); });
    refuse([&] { model.set_trainable("dense", false); });
    refuse([&] { model.set_trainable(false); });
    refuse([&] { model.set_seed(77); });
    const Sequential copy = model;  // reading is allowed
    CHECK((copy.predict(x) == model.predict(x)));
    CHECK(copy.evaluate(x, y)["loss"] == model.evaluate(x, y)["loss"]);
  };
  struct OnGradients {
    std::function<void(TrainingRun&)> change;
    void on_gradients(TrainingRun& run) { change(run); }
  };
  const History history = model.fit(x, y,
                                    {.epochs = 2,
                                     .verbose = 0,
                                     .callbacks = {LambdaCallback({.on_epoch_begin = change_all,
                                                                   .on_epoch_end = change_all,
                                                                   .on_train_begin = change_all,
                                                                   .on_train_end = change_all,
                                                                   .on_train_batch_begin = change_all,
                                                                   .on_train_batch_end = change_all}),
                                                   OnGradients{change_all}}});
  CHECK(calls == 2 * 5 + 2);
  CHECK(refused == 12 * calls);
  CHECK(history.size() == 2);
  CHECK_NOTHROW(model.compile({.loss = SparseCategoricalCrossentropy()}));
}

TEST_CASE("a model that its callback moves away is trained to the end") {
  Sequential model = compiled({Input({4}), Dense(3)});
  Sequential elsewhere;
  model.fit(normal_array({12, 4}), class_numbers(12, 3),
            {.epochs = 3, .verbose = 0, .callbacks = {LambdaCallback({.on_epoch_end = [&](TrainingRun& run) {
                                          if (run.epoch == 0) const Sequential taken = std::move(model);
                                        }})}});
  CHECK_THROWS_AS(model.built(), StateError);
}

TEST_CASE("any batch size trains on what there is") {
  const auto train = [](std::int64_t batch_size) {
    Sequential model{Input({4}), Dense(3)};
    model.set_seed(5);
    model = compiled(model);
    const History history =
        model.fit(normal_array({12, 4}), class_numbers(12, 3), {.batch_size = batch_size, .verbose = 0});
    CHECK(history["loss"][0] > 0);
    return values_of(model);
  };
  CHECK(train(std::numeric_limits<std::int64_t>::max()) == train(12));
  CHECK(train(std::numeric_limits<std::int64_t>::max() - 5) == train(100));
}

TEST_CASE("what a layer leaves unwritten is named") {
#if defined(NDEBUG)
  WARN("skipped: built with NDEBUG");
#else
  const auto train = [](const char* what) {
    Sequential model = compiled({Input({4}), Dense(3), Forgetful{what}});
    model.fit(normal_array({12, 4}), class_numbers(12, 3), {.verbose = 0});
  };
  CHECK_NOTHROW(train(""));
  CHECK_THROWS_WITH(train("output"),
                    ContainsSubstring("layer 1 (Forgetful): expected forward to write all of step.output"));
  CHECK_THROWS_WITH(train("input_gradient"),
                    ContainsSubstring("expected backward to write all of step.input_gradient"));
  CHECK_THROWS_WITH(train("gradient"),
                    ContainsSubstring("expected backward to hand over 3 gradients of its weights, got 0"));
#endif
}

TEST_CASE("an index that build did not ask for is named") {
  const Sequential model{Input({4}), OneTooMany()};
  CHECK_THROWS_WITH(model.predict(normal_array({2, 4})),
                    ContainsSubstring("step.weight(1): expected an index below 1, as many as build asked for"));
}

TEST_CASE("parallel tasks within parallel tasks have scratch of their own") {
  const Sequential model{Input({4}), Nested()};
  const auto x = normal_array({6, 4});
  CHECK((model.predict(x) == xt::xarray<float>(x + 7.f)));
}

TEST_CASE("braces around one model copy it") {
  const Sequential model{Input({4}), Dense(3)};
  const Sequential copy{model};
  CHECK(copy.layers().size() == 1);
  CHECK((copy.predict(normal_array({2, 4})) == model.predict(normal_array({2, 4}))));
  const Sequential named({Input({4}), Dense(3)}, "small");
  CHECK(named.name() == "small");
}

TEST_CASE("compile without a loss says what is missing") {
  Sequential model{Input({4}), Dense(3)};
  CHECK_THROWS_WITH(model.compile({.optimizer = "adam"}), ContainsSubstring("expected a loss"));
  CHECK_FALSE(model.compiled());
}

TEST_CASE("optimizers, losses and metrics go by Keras' names") {
  Sequential model{Input({4}), Dense(3, softmax)};
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  CHECK(model.state().compiled->optimizer == AnyOptimizer<float>(Adam()));
  CHECK(model.state().compiled->loss == AnyLoss<float>(SparseCategoricalCrossentropy()));
  CHECK(model.fit(normal_array({12, 4}), class_numbers(12, 3), {.verbose = 0})["accuracy"].size() == 1);
  CHECK(AnyLoss<float>("mse") == AnyLoss<float>(MeanSquaredError()));
  CHECK(AnyLoss<float>("MeanSquaredError") == AnyLoss<float>("mean_squared_error"));
  CHECK(AnyOptimizer<float>("rmsprop") == AnyOptimizer<float>(RMSprop()));
  CHECK_THROWS_WITH(AnyOptimizer<float>("adamm"),
                    ContainsSubstring("optimizer: expected one of adadelta, adafactor, adagrad, adam, ") &&
                        ContainsSubstring("got \"adamm\""));
}
