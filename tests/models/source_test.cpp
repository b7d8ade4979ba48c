#include "models/model_testing.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/models/model.hpp>

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

Sequential small_model() {
  set_random_seed(5);
  Sequential model{Input({4}), Dense(3, softmax)};
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
  return model;
}

/// The rows of arrays in batches, in order, as a class of generators.
struct Rows {
  xt::xarray<float> x = normal_array({22, 4});
  xt::xarray<std::int32_t> y = class_numbers(22, 3);
  std::int64_t batch_size = 8;
  std::optional<std::int64_t> steps = 3;

  BatchSpec spec() const { return {{{"x", {4}}}, {{"y", {}}}, batch_size, steps}; }

  template <class T>
  std::int64_t load(std::int64_t step, Batch<T>& batch) {
    const std::int64_t first = step * batch_size;
    const std::int64_t count = std::clamp<std::int64_t>(22 - first, 0, batch_size);
    for (std::int64_t row = 0; row < count; ++row) {
      const auto i = static_cast<std::size_t>(first + row);
      batch.put_features(row, std::vector<float>(x.data() + 4 * i, x.data() + 4 * i + 4));
      batch.targets["y"](static_cast<std::size_t>(row)) = static_cast<T>(y(i));
    }
    return count;
  }
};

bool same_weights(const Sequential& a, const Sequential& b) {
  return xt::all(xt::equal(a.weight("dense/kernel"), b.weight("dense/kernel"))) &&
         xt::all(xt::equal(a.weight("dense/bias"), b.weight("dense/bias")));
}

const FitOptions two_epochs{.epochs = 2, .batch_size = 8, .verbose = 0, .shuffle = false};

}  // namespace

TEST_CASE("a generator trains, evaluates and predicts to the bits of a data set of the same samples") {
  const Rows rows;
  Sequential expected = small_model();
  const History history = expected.fit(rows.x, rows.y, two_epochs);
  for (const std::optional<std::int64_t> steps : {std::optional<std::int64_t>(3), std::optional<std::int64_t>()}) {
    Rows generator = rows;
    generator.steps = steps;
    Sequential model = small_model();
    FitOptions options = two_epochs;
    options.validation_data = generator;
    std::vector<std::int64_t> seen;
    options.callbacks.push_back(LambdaCallback({.on_epoch_end = [&](TrainingRun& run) {
      seen.push_back(run.steps);
      seen.push_back(run.samples);
    }}));
    const History found = model.fit(generator, options);
    CHECK(seen == std::vector<std::int64_t>{3, 22, 3, 22});
    CHECK(same_weights(model, expected));
    CHECK(found["loss"] == history["loss"]);
    CHECK(found["val_loss"].size() == 2);
    CHECK(model.evaluate(generator)["loss"] == expected.evaluate(rows.x, rows.y, {.batch_size = 8})["loss"]);
    CHECK(model.evaluate(generator, {.steps = 1})["loss"] ==
          expected.evaluate(Dataset(rows.x, rows.y).take(8))["loss"]);
    CHECK((model.predict(generator) == expected.predict(rows.x, {.batch_size = 8})));
    CHECK((model.predict(generator, {.steps = 2}) == expected.predict(Dataset(rows.x).take(16), {.batch_size = 8})));
  }
}

TEST_CASE("a generator is a function with a spec, too, and has an epoch, a step and random numbers of its own") {
  std::vector<std::int64_t> calls;
  std::vector<double> drawn;
  const Batches batches({.features = {{"x", {4}}}, .targets = {{"y", {}}}, .batch_size = 2, .steps = 2},
                        [&](std::int64_t step, Batch<float>& batch) {
                          CHECK(step == batch.step);
                          CHECK(batch.size == 2);
                          calls.push_back(10 * batch.epoch + step);
                          drawn.push_back(batch.random.uniform(0));
                          batch.features[0].fill(1);
                          batch.targets[0].fill(2);
                        });
  Sequential model = small_model();
  model.fit(batches, {.epochs = 3, .verbose = 0});
  CHECK(calls == std::vector<std::int64_t>{0, 1, 10, 11, 20, 21});
  const std::vector<double> all = drawn;
  CHECK(all[0] != all[1]);
  CHECK(all[0] != all[2]);
  drawn.clear();
  model.fit(batches, {.epochs = 3, .verbose = 0, .initial_epoch = 2});
  CHECK(drawn == std::vector<double>{all[4], all[5]});
  calls.clear();
  model.fit(batches, {.epochs = 2, .verbose = 0, .steps_per_epoch = 1});
  CHECK(calls == std::vector<std::int64_t>{0, 10});
}

TEST_CASE("begin_epoch tells a generator seed and epoch; std::ref keeps the caller's own") {
  struct Counting : Rows {
    std::vector<std::int64_t> epochs;
    std::uint64_t seed = 0;
    void begin_epoch(std::uint64_t given, std::int64_t epoch) {
      seed = given;
      epochs.push_back(epoch);
    }
  };
  Counting generator;
  Sequential model = small_model();
  model.fit(std::ref(generator), {.epochs = 3, .verbose = 0, .initial_epoch = 1});
  CHECK(generator.epochs == std::vector<std::int64_t>{1, 2});
  CHECK(generator.seed == 5);
  model.fit(generator, {.epochs = 1, .verbose = 0});
  CHECK(generator.epochs.size() == 2);
}

TEST_CASE("several columns of a generator go by name or by position, with weights where they have some") {
  const auto a = Input({2}, {.name = "a"});
  const auto b = Input({2}, {.name = "b"});
  const auto sum = Add()({a, b});
  const auto make = [&] {
    set_random_seed(3);
    Model model(SymbolicTensors{a, b}, SymbolicTensors{Dense(1, {.name = "y"})(sum), Dense(2, {.name = "z"})(a)});
    model.compile({.optimizer = SGD(0.1), .loss = "mse"});
    return model;
  };
  const auto xa = normal_array({6, 2}, 1);
  const auto xb = normal_array({6, 2}, 2);
  const auto y = normal_array({6, 1}, 3);
  const auto z = normal_array({6, 2}, 4);
  const std::vector<double> weights{1, 2, 3, 4, 5, 6};
  Model expected = make();
  Dataset data(Columns{{"a", xa}, {"b", xb}}, Columns{{"y", y}, {"z", z}});
  expected.fit(data.with_sample_weights(weights, 1), {.epochs = 2, .batch_size = 6, .verbose = 0, .shuffle = false});
  const Batches generator(
      {.features = {{"b", {2}}, {"a", {2}}}, .targets = {{"z", {2}, true}, {"y", {1}}}, .batch_size = 6, .steps = 1},
      [&](std::int64_t, Batch<float>& batch) {
        batch.features["a"] = xa;
        batch.features["b"] = xb;
        batch.targets["y"] = y;
        batch.targets[0] = z;
        CHECK(batch.sample_weights["z"](3) == 1);
        CHECK(batch.sample_weights["y"].size() == 0);
        for (std::size_t i = 0; i < 6; ++i) batch.sample_weights["z"](i) = static_cast<float>(weights[i]);
      });
  Model model = make();
  model.fit(generator, {.epochs = 2, .verbose = 0});
  for (const std::string& name : model.weight_names()) {
    CHECK(xt::all(xt::equal(model.weight(name), expected.weight(name))));
  }
  CHECK((model.predict_all(generator)[1] == expected.predict_all(data)[1]));
}

TEST_CASE("what is wrong with a generator is said in words, and what it throws reaches the caller") {
  Sequential model = small_model();
  const Sequential before = model;
  const BatchSpec spec{{{"x", {4}}}, {{"y", {}}}, 4, 2};
  const auto fit = [&](const BatchSpec& described, auto load) {
    model.fit(Batches(described, load), {.epochs = 2, .verbose = 0});
  };
  const auto fill = [](std::int64_t, Batch<float>& batch) {
    batch.features[0].fill(0);
    batch.targets[0].fill(0);
  };
  BatchSpec other = spec;
  other.features[0].shape = {5};
  CHECK_THROWS_WITH(fit(other, fill), ContainsSubstring("expected samples of shape (4,), got (5,)"));
  other.features[0] = {"x", {4}};
  other.features.push_back({"more", {4}});
  CHECK_THROWS_WITH(fit(other, fill), ContainsSubstring("expected 1 columns of features, got 2"));
  other = spec;
  other.targets.clear();
  CHECK_THROWS_WITH(fit(other, fill), ContainsSubstring("targets"));
  other = spec;
  other.targets[0].shape = {3};
  CHECK_THROWS_WITH(fit(other, fill), ContainsSubstring("class numbers"));
  other = spec;
  other.batch_size = 0;
  CHECK_THROWS_WITH(fit(other, fill), ContainsSubstring("batch_size"));

  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<float>& batch) { batch.put_features(1, std::vector<float>(3)); }),
                    ContainsSubstring("step 0, sample 1, features \"x\": expected 4 numbers of shape (4,), got 3"));
  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<float>& batch) { batch.put_targets(4, std::vector<float>(1)); }),
                    ContainsSubstring("expected a sample below 4, got 4"));
  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<float>& batch) { batch.features["y"].fill(0); }),
                    ContainsSubstring("one of x, got \"y\""));
  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<float>& batch) { batch.targets[1].fill(0); }),
                    ContainsSubstring("targets of a column below 1, got 1"));
  CHECK_THROWS_AS(fit(spec,
                      [](std::int64_t, Batch<float>& batch) {
                        batch.features[0] = normal_array({4, 3});
                      }),
                  ShapeError);
  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<float>&) { return 5; }),
                    ContainsSubstring("step 0: expected a batch of up to 4 samples, got 5"));
  CHECK(same_weights(model, before));
  CHECK_THROWS_WITH(fit(spec,
                        [&](std::int64_t step, Batch<float>& batch) {
                          fill(step, batch);
                          return step == 1 ? 0 : 4;
                        }),
                    ContainsSubstring("step 1: expected a batch, as the spec says 2 steps"));
  other = spec;
  other.steps.reset();
  CHECK_THROWS_WITH(fit(other, [](std::int64_t, Batch<float>&) { return 0; }),
                    ContainsSubstring("expected at least one batch"));
  CHECK_THROWS_WITH(fit(spec, [](std::int64_t, Batch<double>&) {}), ContainsSubstring("Batch<float>&"));
  struct Own {};
  CHECK_THROWS_AS(fit(spec, [](std::int64_t, Batch<float>&) { throw Own(); }), Own);
  CHECK_THROWS_AS(model.evaluate(Batches(spec, [](std::int64_t, Batch<float>&) { throw Own(); })), Own);
  CHECK_THROWS_AS(model.predict(Batches(spec, [](std::int64_t, Batch<float>&) { throw Own(); })), Own);
  CHECK_THROWS_WITH(model.fit(Rows(), {.verbose = 0, .validation_split = 0.5}), ContainsSubstring("validation_data"));
  CHECK_THROWS_AS(model.evaluate(Rows(), {.sample_weight = {1}}), ValueError);
  CHECK_NOTHROW(fit(spec, fill));
}

TEST_CASE("shards of batches have each sample of an epoch once, in the order that all share") {
  const auto x = normal_array({23, 4});
  const Dataset data(x, class_numbers(23, 3));
  const std::int64_t count = GENERATE(1, 2, 3, 7);
  ThreadPool pool(2);
  const auto batches_of = [&](const Batches& batches) {
    const auto source = batches.source<float>({.batch_size = 4, .shuffle = true});
    source->begin_epoch(9, 2);
    std::vector<std::vector<float>> found;
    std::vector<float> features(16), targets(4);
    for (std::int64_t step = 0;; ++step) {
      const std::int64_t samples = source->load(step, {{features.data()}, {targets.data()}, {nullptr}}, pool);
      if (samples == 0) break;
      for (std::int64_t row = 0; row < samples; ++row) {
        const auto index = static_cast<std::size_t>(source->sample_index(step, row));
        CHECK(features[static_cast<std::size_t>(4 * row)] == x(index, 0));
      }
      found.emplace_back(features.begin(), features.begin() + samples * 4);
    }
    CHECK(static_cast<std::int64_t>(found.size()) == source->spec().steps);
    return found;
  };
  const auto whole = batches_of(data);
  CHECK(whole.size() == 6);
  std::vector<std::vector<float>> merged(whole.size());
  for (std::int64_t shard = 0; shard < count; ++shard) {
    const auto part = batches_of(Batches(data).shard(shard, count));
    for (std::size_t i = 0; i < part.size(); ++i) {
      merged[static_cast<std::size_t>(shard) + i * static_cast<std::size_t>(count)] = part[i];
    }
  }
  CHECK(merged == whole);
  const Sequential model = small_model();
  CHECK((model.predict(Batches(data).shard(1, 2), {.batch_size = 8}) ==
         model.predict(data.slice(8, 16), {.batch_size = 8})));
  CHECK(batches_of(Batches(data).shard(1, 2).shard(1, 3)) == batches_of(Batches(data).shard(3, 6)));
  CHECK_THROWS_AS(Batches(data).shard(2, 2), ValueError);
  CHECK_THROWS_AS(Batches(data).shard(-1, 2), ValueError);
}

TEST_CASE("a generator is cut into shards by its steps") {
  std::vector<std::int64_t> steps;
  const Batches batches({.features = {{"x", {4}}}, .targets = {{"y", {}}}, .batch_size = 2, .steps = 5},
                        [&](std::int64_t step, Batch<float>& batch) {
                          steps.push_back(step);
                          batch.features[0].fill(1);
                          batch.targets[0].fill(2);
                        });
  Sequential model = small_model();
  model.fit(batches.shard(1, 2), {.verbose = 0});
  CHECK(steps == std::vector<std::int64_t>{1, 3});
  const auto predictions = model.predict(batches.shard(0, 2), {.steps = 1});
  CHECK(predictions.shape()[0] == 2);
  steps.resize(2);
  model.fit(batches.shard(0, 2), {.verbose = 0, .steps_per_epoch = 2});
  CHECK(steps == std::vector<std::int64_t>{1, 3, 0, 2});
}

TEST_CASE("samples are augmented alike on any number of threads, in batches of any size") {
  const RestoreThreads restore;
  const auto x = normal_array({40, 4});
  const auto y = class_numbers(40, 3);
  const auto noise = [](Sample<float>& sample) {
    for (std::size_t i = 0; i < 4; ++i) sample.features["x"](i) += static_cast<float>(sample.random.normal(i));
    if (sample.index % 5 == 0) sample.targets[0]() = 2;
  };
  const Dataset data(Columns{{"x", x}}, Columns{{"y", y}});
  std::optional<Sequential> first;
  for (const int threads : {1, 2, 5}) {
    set_num_threads(threads);
    Sequential model = small_model();
    model.fit(data, {.epochs = 3, .batch_size = 7, .verbose = 0, .augment = noise});
    if (!first) first = model;
    CHECK(same_weights(model, *first));
    Sequential resumed = small_model();
    resumed.fit(data, {.epochs = 1, .batch_size = 7, .verbose = 0, .augment = noise});
    resumed.fit(data, {.epochs = 3, .batch_size = 7, .verbose = 0, .initial_epoch = 1, .augment = noise});
    CHECK(same_weights(resumed, *first));
  }
  Sequential plain = small_model();
  plain.fit(data, {.epochs = 3, .batch_size = 7, .verbose = 0});
  CHECK_FALSE(same_weights(plain, *first));

  // What becomes of a sample depends on its place in the data set and on the epoch alone.
  std::vector<std::vector<float>> made;
  for (const std::int64_t batch_size : {1, 3, 40}) {
    for (const bool shuffle : {false, true}) {
      const auto source = Batches(data).source<float>({.batch_size = batch_size, .shuffle = shuffle, .augment = noise});
      source->begin_epoch(7, 1);
      std::vector<float> all(160), features(160), targets(40);
      for (std::int64_t step = 0; step < *source->spec().steps; ++step) {
        const std::int64_t count = source->load(step, {{features.data()}, {targets.data()}, {nullptr}}, *thread_pool());
        for (std::int64_t row = 0; row < count; ++row) {
          const std::int64_t index = source->sample_index(step, row);
          std::copy_n(features.data() + 4 * row, 4, all.data() + 4 * index);
          CHECK(targets[static_cast<std::size_t>(row)] ==
                (index % 5 == 0 ? 2.0f : static_cast<float>(y(static_cast<std::size_t>(index)))));
        }
      }
      made.push_back(all);
    }
  }
  for (const auto& other : made) CHECK(other == made.front());
}

TEST_CASE("a generator's samples are augmented, with weights as they are") {
  const BatchSpec spec{{{"x", {4}}}, {{"y", {}, true}}, 4, std::nullopt};
  const auto load = [](std::int64_t step, Batch<float>& batch) {
    batch.features[0].fill(static_cast<float>(step));
    batch.targets[0].fill(0);
    batch.sample_weights[0].fill(0.5f);
    return step < 2 ? 4 : step == 2 ? 3 : 0;
  };
  std::atomic<int> calls{0};
  const auto source = Batches(spec, load).source<float>({.augment = [&](Sample<float>& sample) {
    ++calls;
    sample.features[0](0) = static_cast<float>(sample.index + 100 * sample.epoch);
  }});
  source->begin_epoch(1, 3);
  std::vector<float> x(16), y(4), w(4);
  const BatchMemory<float> memory{{x.data()}, {y.data()}, {w.data()}};
  for (std::int64_t step = 0; step < 3; ++step) {
    REQUIRE(source->load(step, memory, *thread_pool()) == (step < 2 ? 4 : 3));
    CHECK(x[8] == static_cast<float>(300 + 4 * step + 2));
    CHECK(x[9] == static_cast<float>(step));
    CHECK(w[2] == 0.5f);
  }
  CHECK(source->load(3, memory, *thread_pool()) == 0);
  CHECK(calls == 11);
}

TEST_CASE("what an augmentation throws reaches the caller of fit, and the model can go on") {
  Sequential model = small_model();
  const auto x = normal_array({40, 4});
  const auto y = class_numbers(40, 3);
  const auto fails = [](Sample<float>& sample) {
    if (sample.index == 17) throw std::out_of_range("sample 17");
  };
  CHECK_THROWS_AS(model.fit(x, y, {.batch_size = 4, .verbose = 0, .augment = fails}), std::out_of_range);
  CHECK_NOTHROW(model.fit(x, y, {.batch_size = 4, .verbose = 0, .augment = [](Sample<float>&) {}}));
  CHECK_THROWS_WITH(model.fit(x, y, {.verbose = 0, .augment = [](Sample<double>&) {}}),
                    ContainsSubstring("Sample<float>&"));
}

TEST_CASE("a generator cannot change the model that it feeds") {
  Sequential model = small_model();
  const Sequential other = small_model();
  int refused = 0;
  const auto refuse = [&](auto change) {
    CHECK_THROWS_AS(change(), StateError);
    ++refused;
  };
  Rows rows;
  const Batches batches(rows.spec(), [&](std::int64_t step, Batch<float>& batch) {
    refuse([&] { model.add(Dense(2)); });
    refuse([&] { model.build({4}); });
    refuse([&] { model.compile({.loss = MeanSquaredError()}); });
    refuse([&] { model.set_trainable(false); });
    refuse([&] { model = other; });
    refuse([&] { model.fit(rows, two_epochs); });
    CHECK_NOTHROW(model.evaluate(rows));
    return rows.load(step, batch);
  });
  model.fit(batches, {.verbose = 0});
  CHECK(refused == 3 * 6);
  model.evaluate(batches);
  model.predict(batches);
  CHECK(refused == 3 * 3 * 6);
  CHECK_NOTHROW(model.set_trainable(false));
}

TEST_CASE("a generator's whole numbers go to inputs of int32 as they are") {
  const SymbolicTensor ids = Input({3}, {.dtype = "int32"});
  Model model(SymbolicTensors{ids}, SymbolicTensors{Dense(2)(Flatten()(ops::one_hot(ids, 5)))});
  model.compile({.optimizer = SGD(0.1), .loss = "mse"});
  Model expected = model;
  const xt::xarray<std::int32_t> x{{0, 1, 4}, {2, 2, 3}, {4, 0, 1}, {1, 1, 1}};
  const auto y = normal_array({4, 2});
  float first = 0;
  const Batches batches({.features = {{"ids", {3}}}, .targets = {{"", {2}}}, .batch_size = 4, .steps = 1},
                        [&](std::int64_t, Batch<float>& batch) {
                          batch.features["ids"] = xt::cast<float>(x);
                          batch.features["ids"](0, 0) = first;
                          batch.targets[0] = y;
                        });
  expected.fit(x, y, {.epochs = 3, .batch_size = 4, .verbose = 0, .shuffle = false});
  model.fit(batches, {.epochs = 2, .verbose = 0});
  model.fit(batches, {.epochs = 3, .verbose = 0, .initial_epoch = 2, .augment = [](Sample<float>&) {}});
  for (const std::string& name : model.weight_names()) {
    CHECK(xt::all(xt::equal(model.weight(name), expected.weight(name))));
  }
  CHECK((model.predict(batches) == expected.predict(x, {.batch_size = 4})));
  first = 0.5f;
  CHECK_THROWS_WITH(model.predict(batches), ContainsSubstring("features \"ids\": expected int32 numbers, got 0.5"));
}
