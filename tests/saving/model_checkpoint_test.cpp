#include <nacre/nacre.hpp>
#include <nacre/saving/model_checkpoint.hpp>

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "catch.hpp"
#include "saving_testing.hpp"

using namespace nacre;

namespace {

std::set<std::string> names_in(const TemporaryFolder& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) names.insert(std::filesystem::relative(entry.path(), folder.path()).string());
  }
  return names;
}

/// A small model and what it learns: 5 batches of 8 an epoch.
struct Learner {
  xt::xarray<float> x = random_numbers<float>({40, 4});
  xt::xarray<float> y = random_numbers<float>({40, 2}, 5);
  Sequential model{Input({4}), Dense(8, {.activation = relu}), Dropout(0.2), Dense(2)};

  Learner() { model.compile({.optimizer = Adam(0.01), .loss = MeanSquaredError()}); }

  History learn(AnyCallback callback, std::int64_t epochs, std::int64_t initial_epoch = 0) {
    return model.fit(x, y,
                     {.epochs = epochs,
                      .batch_size = 8,
                      .verbose = 0,
                      .initial_epoch = initial_epoch,
                      .callbacks = {std::move(callback)}});
  }
};

/// A run without a model, in which the logs are what the test says.
struct FakeRun final : TrainingRun {
  Weights weights() const override { return {}; }
  void restore(const Weights&) override {}
  double learning_rate() const override { return 0; }
  void set_learning_rate(double) override {}
};

}  // namespace

TEST_CASE("ModelCheckpoint saves each epoch's model under its own name") {
  const TemporaryFolder folder;
  Learner learner;
  const History history = learner.learn(ModelCheckpoint(folder / "runs/{epoch:02d}-{loss:.3f}.safetensors"), 3);
  std::set<std::string> expected;
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    char name[64];
    std::snprintf(name, sizeof name, "runs/%02d-%.3f.safetensors", static_cast<int>(epoch) + 1, history["loss"][epoch]);
    expected.insert(name);
  }
  REQUIRE(names_in(folder) == expected);
}

TEST_CASE("training goes on from a checkpoint as if it had not stopped") {
  const TemporaryFolder folder;
  Learner whole;
  whole.learn(ModelCheckpoint(folder / "{epoch}"), 4);
  Learner resumed;
  resumed.model = load(folder / "2");
  resumed.learn(ModelCheckpoint(folder / "again-{epoch}"), 4, 2);
  REQUIRE(read_file(folder / "4") == read_file(folder / "again-4"));
}

TEST_CASE("ModelCheckpoint saves after a number of batches") {
  const TemporaryFolder folder;
  Learner learner;
  learner.learn(ModelCheckpoint(folder / "{epoch}-{batch:03d}", {.save_freq = 3}), 2);
  REQUIRE(names_in(folder) == std::set<std::string>{"1-003", "2-001", "2-004"});
  REQUIRE(load(folder / "2-004").state().updater->step() == 9);
}

TEST_CASE("ModelCheckpoint can keep the best model only") {
  const TemporaryFolder folder;
  Learner learner;
  std::vector<double> losses;
  ModelCheckpoint checkpoint(folder / "best", {.monitor = "loss", .save_best_only = true});
  SECTION("by the monitored number") {
    const History history = learner.learn(std::ref(checkpoint), 5);
    losses = history["loss"];
    REQUIRE(checkpoint.best() == *std::min_element(losses.begin(), losses.end()));
    REQUIRE(names_in(folder) == std::set<std::string>{"best"});
  }
  SECTION("better than a threshold") {
    ModelCheckpointOptions options = checkpoint.options;
    options.initial_value_threshold = 0.0;
    learner.learn(ModelCheckpoint(folder / "best", options), 2);
    REQUIRE(names_in(folder).empty());
  }
  SECTION("larger is better for an accuracy, and where the mode says so") {
    learner.model.compile({.optimizer = SGD(0.0), .loss = MeanSquaredError()});
    ModelCheckpointOptions options = checkpoint.options;
    options.mode = "max";
    options.initial_value_threshold = 1e9;
    learner.learn(ModelCheckpoint(folder / "best", options), 2);
    REQUIRE(names_in(folder).empty());
  }
}

TEST_CASE("ModelCheckpoint can save the weights alone") {
  const TemporaryFolder folder;
  Learner learner;
  learner.learn(ModelCheckpoint(folder / "weights", {.save_weights_only = true}), 1);
  REQUIRE_THROWS_AS(load(folder / "weights"), FormatError);
  Learner other;
  load_weights(other.model, folder / "weights");
  REQUIRE(same_bits(other.model.predict(learner.x), learner.model.predict(learner.x)));
}

TEST_CASE("ModelCheckpoint saves models of double") {
  const TemporaryFolder folder;
  BasicSequential<double> model{Input({4}), Dense(2)};
  model.compile({.optimizer = SGD(), .loss = MeanSquaredError()});
  const auto x = random_numbers<double>({8, 4});
  model.fit(x, random_numbers<double>({8, 2}), {.verbose = 0, .callbacks = {ModelCheckpoint(folder / "model")}});
  REQUIRE(same_bits(load<double>(folder / "model").predict(x), model.predict(x)));
}

TEST_CASE("what ModelCheckpoint cannot do is an error with words") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(ModelCheckpoint("a", {.mode = "best"}), ValueError);
  REQUIRE_THROWS_AS(ModelCheckpoint("a", {.save_freq = "day"}), ValueError);
  REQUIRE(ModelCheckpoint("a", {.save_freq = std::string("epoch")}).options.save_freq.each_epoch());
  REQUIRE_THROWS_AS(ModelCheckpoint("a", {.save_freq = 0}), ValueError);
  REQUIRE_THROWS_AS(ModelCheckpoint("{epoch"), ValueError);
  Learner learner;
  REQUIRE_THROWS_WITH(learner.learn(ModelCheckpoint(folder / "{val_loss:.2f}"), 1),
                      EndsWith("no number \"val_loss\" is known here; there are epoch, loss"));
  REQUIRE_THROWS_WITH(learner.learn(ModelCheckpoint(folder / "best", {.save_best_only = true}), 1),
                      ContainsSubstring("validation"));
  REQUIRE_THROWS_AS(learner.learn(ModelCheckpoint("/proc/nacre/model"), 1), FileError);
  FakeRun fake;
  REQUIRE_THROWS_AS(ModelCheckpoint(folder / "a").on_epoch_end(fake), StateError);
}
