#include "datasets/idx_files.hpp"
#include "models/model_testing.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/masking.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/models/model.hpp>
#include <nacre/saving/saving.hpp>

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

/// Squared error with ops, and a factor to be saved.
struct OpsSquaredError {
  static constexpr std::string_view type_name = "OpsSquaredError";
  double factor = 1;
  void fields(Fields& list) { list("factor", factor); }
  SymbolicTensor call(const SymbolicTensor& y_true, const SymbolicTensor& y_pred) const {
    return factor * ops::mean(ops::square(y_pred - y_true), -1);
  }
};

SymbolicTensor binary_crossentropy(const SymbolicTensor& y, const SymbolicTensor& p) {
  return -ops::mean(y * ops::log(p) + (1 - y) * ops::log(1 - p), -1);
}

SymbolicTensor crossentropy(const SymbolicTensor& y, const SymbolicTensor& p) { return -ops::sum(y * ops::log(p), -1); }

SymbolicTensor sparse_crossentropy(const SymbolicTensor& y, const SymbolicTensor& p) {
  return -ops::sum(ops::one_hot(y, 3) * ops::log(p), -1);
}

/// The loss, the gradients by all weights and by the input, of a loss and of one that must be the same.
void check_same(BasicSequential<double> model, const AnyLoss<double>& loss, const AnyLoss<double>& expected_loss,
                const Dataset& data) {
  BasicSequential<double> expected = model;
  expected.compile({.loss = expected_loss});
  model.compile({.loss = loss});
  const GradientOptions options{.by_input = true};
  for (const Dataset& batch : {data, data.take(3)}) {
    auto gradients = model.gradients(batch, options);
    auto wanted = expected.gradients(batch, options);
    CHECK(gradients.loss == Approx(wanted.loss).epsilon(1e-9));
    CHECK(xt::allclose(gradients.input, wanted.input, 1e-7, 1e-12));
    for (const auto& place : wanted.places()) {
      CHECK(xt::allclose(gradients[place.name], wanted[place.name], 1e-7, 1e-12));
    }
    CHECK(model.evaluate(batch)["loss"] == Approx(expected.evaluate(batch)["loss"]).epsilon(1e-9));
  }
}

}  // namespace

TEST_CASE("losses written with operations have the values and gradients of nacre's own") {
  const auto x = normal_array<double>({11, 4});
  std::vector<double> weights(11);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.5 + static_cast<double>(i % 4);
  const auto both = [&](const Dataset& data, auto check) {
    check(data);
    check(data.with_sample_weights(weights));
  };
  both(Dataset(x, normal_array<double>({11, 2}, 2)), [&](const Dataset& data) {
    check_same({Input({4}), Dense(2)}, OpsSquaredError(), MeanSquaredError(), data);
    check_same(
        {Input({4}), Dense(2)},
        [](const SymbolicTensor& y_true, const SymbolicTensor& y_pred) {
          return ops::mean(ops::abs(y_true - y_pred), -1);
        },
        MeanAbsoluteError(), data);
  });
  both(Dataset(x, one_hot_rows<double>(11, 3)), [&](const Dataset& data) {
    check_same({Input({4}), Dense(3, sigmoid)}, binary_crossentropy, BinaryCrossentropy(), data);
    check_same({Input({4}), Dense(3, softmax)}, crossentropy, CategoricalCrossentropy(), data);
  });
  both(Dataset(x, class_numbers(11, 3)), [&](const Dataset& data) {
    check_same({Input({4}), Dense(3, softmax)}, sparse_crossentropy, SparseCategoricalCrossentropy(), data);
  });
  // Targets of one number for an output of one.
  both(Dataset(x, std::vector<double>(11, 0.5)), [&](const Dataset& data) {
    check_same({Input({4}), Dense(1)}, OpsSquaredError(), MeanSquaredError(), data);
  });
  // A loss for each position of a sample, and one for each sample.
  both(Dataset(normal_array<double>({11, 5, 4, 2}), normal_array<double>({11, 5, 4, 3}, 3)), [&](const Dataset& data) {
    const BasicSequential<double> model{Input({5, 4, 2}), Conv2D(3, 3, {.padding = "same"})};
    check_same(model, OpsSquaredError(), MeanSquaredError(), data);
    check_same(
        model,
        [](const SymbolicTensor& y_true, const SymbolicTensor& y_pred) {
          return ops::mean(ops::square(y_true - y_pred), {1, 2, 3});
        },
        MeanSquaredError(), data);
  });
}

TEST_CASE("a mask of the output counts in a loss written with operations") {
  xt::xarray<double> x = normal_array<double>({6, 5, 4});
  for (std::size_t sample = 0; sample < 6; ++sample) {
    for (std::size_t step = sample; step < 5; ++step) {
      for (std::size_t i = 0; i < 4; ++i) x(sample, step, i) = 0;
    }
  }
  const Dataset data(x, normal_array<double>({6, 5, 3}, 3));
  const BasicSequential<double> model{Input({5, 4}), Masking(), Dense(3)};
  check_same(model, OpsSquaredError(), MeanSquaredError(), data);
  check_same(model, OpsSquaredError(), MeanSquaredError(), data.with_sample_weights({1, 2, 3, 4, 5, 6}));
  BasicSequential<double> other = model;
  other.compile({.loss = [](const SymbolicTensor& y_true, const SymbolicTensor& y_pred) {
    return ops::mean(ops::square(y_true - y_pred), {1, 2});
  }});
  CHECK_THROWS_WITH(other.evaluate(data), ContainsSubstring("a loss of each of 5 rows of an output with a mask"));
}

TEST_CASE("each output may have a loss written with operations, and a weight for it") {
  const auto x = Input({4});
  Model model(SymbolicTensors{x}, SymbolicTensors{Dense(2, {.name = "a"})(x), Dense(2, {.name = "b"})(x)});
  Model expected = model;
  const Dataset data(Columns{{"", normal_array({8, 4})}},
                     Columns{{"a", normal_array({8, 2}, 2)}, {"b", normal_array({8, 2}, 3)}});
  model.compile(
      {.optimizer = SGD(0.1),
       .outputs = {{.name = "a", .loss = OpsSquaredError(), .loss_weight = 0.3}, {.name = "b", .loss = "mse"}}});
  expected.compile({.optimizer = SGD(0.1),
                    .outputs = {{.name = "a", .loss = "mse", .loss_weight = 0.3}, {.name = "b", .loss = "mse"}}});
  const History found = model.fit(data, {.epochs = 3, .batch_size = 5, .verbose = 0});
  const History wanted = expected.fit(data, {.epochs = 3, .batch_size = 5, .verbose = 0});
  for (const char* name : {"loss", "a_loss", "b_loss"}) {
    CHECK(found[name].back() == Approx(wanted[name].back()).epsilon(1e-5));
  }
}

TEST_CASE("a loss written with operations trains to the same bits on any number of threads") {
  const RestoreThreads restore;
  const Dataset data(normal_array({60, 4}), one_hot_rows(60, 3));
  std::vector<std::vector<float>> kernels;
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    set_random_seed(4);
    Sequential model{Input({4}), Dense(8, relu), Dense(3, softmax)};
    model.compile({.optimizer = SGD(0.1), .loss = crossentropy, .metrics = {"accuracy"}});
    const History history = model.fit(data, {.epochs = 5, .batch_size = 16, .verbose = 0});
    CHECK(history["loss"].back() < history["loss"].front());
    const auto kernel = model.weight("dense/kernel");
    kernels.emplace_back(kernel.elements(), kernel.elements() + kernel.size());
  }
  CHECK(kernels[1] == kernels[0]);
  CHECK(kernels[2] == kernels[0]);
}

TEST_CASE("a class with call is saved and loaded, a function is refused") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "loss.safetensors";
  Sequential model{Input({4}), Dense(2)};
  const Dataset data(normal_array({8, 4}), normal_array({8, 2}, 2));
  model.compile({.loss = OpsSquaredError{3}});
  model.fit(data, {.verbose = 0});
  save(model, file);
  CHECK_THROWS_WITH(load(file), ContainsSubstring("OpsSquaredError"));
  register_loss<OpsSquaredError>();
  const Model loaded = load(file);
  CHECK(loaded.evaluate(data)["loss"] == model.evaluate(data)["loss"]);
  model.compile({.loss = crossentropy});
  CHECK_THROWS_WITH(save(model, file), ContainsSubstring("write a class with type_name and call"));
  CHECK(Model(load(file)).evaluate(data)["loss"] == loaded.evaluate(data)["loss"]);
}

TEST_CASE("what is wrong with a loss written with operations is said in words") {
  Sequential model{Input({4}), Dense(2)};
  const Dataset data(normal_array({8, 4}), normal_array({8, 3}, 2));
  model.compile({.loss = OpsSquaredError()});
  CHECK_THROWS_WITH(model.fit(data, {.verbose = 0}),
                    ContainsSubstring("OpsSquaredError of targets (None, 3) and outputs (None, 2)"));
  CHECK_THROWS_AS(model.fit(data, {.verbose = 0}), ShapeError);
  model.compile({.loss = [](const SymbolicTensor& y_true, const SymbolicTensor&) { return ops::square(y_true); }});
  CHECK_THROWS_WITH(model.fit(data, {.verbose = 0}), ContainsSubstring("depends on y_pred"));
  model.compile({.loss = [](const SymbolicTensor&, const SymbolicTensor& y_pred) { return Dense(1)(y_pred); }});
  CHECK_THROWS_WITH(model.fit(data, {.verbose = 0}), ContainsSubstring("without weights"));
  struct Own {};
  model.compile({.loss = [](const SymbolicTensor&, const SymbolicTensor& y_pred) {
    if (y_pred.shape().rank() > 0) throw Own();
    return y_pred;
  }});
  CHECK_THROWS_AS(model.fit(data, {.verbose = 0}), Own);
  // Metrics need a target for each position.
  model.compile({.loss = [](const SymbolicTensor&, const SymbolicTensor& y_pred) { return ops::square(y_pred); }});
  CHECK_NOTHROW(model.fit(data, {.verbose = 0}));
}
