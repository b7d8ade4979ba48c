// EarlyStopping: when it stops, what counts as an improvement and which weights remain. The sequences and what comes of
// them are those of Keras 3.

#include <nacre/callbacks/early_stopping.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct Outcome {
  std::int64_t epochs;                    // that ran
  int weights;                            // the epoch whose weights the model ends with
  std::optional<std::int64_t> stopped{};  // the epoch after which it stopped
};

Outcome outcome(EarlyStoppingOptions options, const std::vector<double>& values, const char* name = "val_loss",
                std::optional<bool> larger_is_better = false) {
  EarlyStopping stopping(std::move(options));
  FakeRun run;
  run.larger_is_better = larger_is_better;
  const std::int64_t epochs = run.train(stopping, name, values);
  return {epochs, run.weight, stopping.stopped_epoch()};
}

}  // namespace

TEST_CASE("it stops when patience is exhausted, and not in an epoch that improves") {
  const std::vector<double> losses{10, 9, 8, 9, 8.9, 8.8, 8.7, 8.6, 8.5};
  for (const std::int64_t patience : {0, 1, 2, 3}) {
    INFO("patience " << patience);
    const Outcome result = outcome({.patience = patience}, losses);
    CHECK(result.stopped == std::max<std::int64_t>(patience, 1) + 2);
    CHECK(result.epochs == std::max<std::int64_t>(patience, 1) + 3);
    CHECK(result.weights == result.epochs - 1);
  }
  CHECK_FALSE(outcome({.patience = 7}, losses).stopped);
}

TEST_CASE("an improvement is strict, and more than min_delta") {
  CHECK(outcome({.patience = 1}, {5, 5, 4}).stopped == 1);
  CHECK(outcome({.min_delta = 0.5, .patience = 1}, {5, 4.6, 4}).stopped == 1);
  CHECK(outcome({.min_delta = -0.5, .patience = 1}, {5, 4.6, 4}).stopped == 1);  // its sign does not matter
  CHECK_FALSE(outcome({.min_delta = 0.5, .patience = 1}, {5, 4.4, 3.8}).stopped);
  // Small steps that add up to more than min_delta from the best are an improvement.
  CHECK_FALSE(outcome({.min_delta = 0.5, .patience = 2}, {5, 4.7, 4.4, 4.1, 3.8}).stopped);
}

TEST_CASE("it never stops after the first epoch") {
  CHECK_FALSE(outcome({.patience = 0}, {std::nan("")}).stopped);
  CHECK(outcome({.patience = 0}, {std::nan(""), std::nan("")}).stopped == 1);
}

TEST_CASE("restore_best_weights leaves the best epoch's weights, also where nothing stopped it") {
  CHECK(outcome({.patience = 2, .restore_best_weights = true}, {0.2, 0.15, 0.1, 0.11, 0.12}).weights == 2);
  CHECK(outcome({.patience = 9, .restore_best_weights = true}, {0.2, 0.1, 0.15}).weights == 1);
  CHECK(outcome({.patience = 2}, {0.2, 0.15, 0.1, 0.11, 0.12}).weights == 4);
}

TEST_CASE("without beating the baseline nothing counts as improvement, but the best epoch is kept") {
  const EarlyStoppingOptions options{.patience = 5, .baseline = 0.5, .restore_best_weights = true};
  const Outcome result = outcome(options, {0.9, 0.8, 0.7, 0.71, 0.72, 0.73});
  CHECK(result.epochs == 5);
  CHECK(result.weights == 2);
  CHECK(outcome({.patience = 2, .baseline = 0.5}, {0.4, 0.6, 0.6, 0.6}).stopped == 2);
  CHECK_FALSE(outcome({.patience = 2, .baseline = 0.5}, {0.9, 0.4, 0.6, 0.3}).stopped);
}

TEST_CASE("epochs before start_from_epoch do not count") {
  CHECK(outcome({.patience = 1, .start_from_epoch = 3}, {1, 2, 3, 4, 5, 6}).stopped == 4);
  CHECK(outcome({.patience = 1, .restore_best_weights = true, .start_from_epoch = 2}, {0.1, 0.2, 5, 6, 7}).weights ==
        2);
}

TEST_CASE("which direction is better is the metric's own, or is said") {
  CHECK_FALSE(outcome({.monitor = "score", .patience = 1}, {0.1, 0.2, 0.3}, "score", true).stopped);
  CHECK(outcome({.monitor = "score", .patience = 1}, {0.1, 0.2, 0.3}, "score", false).stopped == 1);
  CHECK_FALSE(outcome({.monitor = "loss", .patience = 1, .mode = "max"}, {0.1, 0.2, 0.3}, "loss").stopped);
  CHECK(outcome({.monitor = "val_accuracy", .patience = 1, .mode = "min"}, {0.1, 0.2, 0.3}, "val_accuracy", true)
            .stopped == 1);
  CHECK_THROWS_WITH(EarlyStopping({.mode = "best"}), "monitor: expected mode auto, min or max, got \"best\"");
  // No name is guessed by.
  CHECK_THROWS_WITH(
      outcome({.monitor = "my_accuracy"}, {1, 2}, "my_accuracy", std::nullopt),
      "monitor: expected mode min or max for \"my_accuracy\", of which it is not known whether smaller or "
      "larger is better, got mode auto");
  CHECK_FALSE(outcome({.monitor = "score", .patience = 1, .mode = "max"}, {1, 2, 3}, "score", std::nullopt).stopped);
}

TEST_CASE("what it has gathered can be stored, and given back to another") {
  FakeRun run;
  EarlyStopping first({.patience = 3, .restore_best_weights = true});
  CHECK(run.train(first, "val_loss", {5, 4, 6}) == 3);

  // To a config and bytes, and back.
  CallbackState kept = AnyCallback(std::ref(first)).state();
  const Config config = get_config(AnyCallback(std::ref(first)).class_name(), kept.values());
  CHECK(config.to_string() == "EarlyStopping(best=4, wait=1, best_epoch=1, stopped_epoch=none)");
  REQUIRE(kept.bytes().size() == 1);
  CHECK(kept.bytes()[0].name == "best_weights");
  CHECK(*kept.bytes()[0].bytes == TrainingRun::Weights{1});

  EarlyStopping second({.patience = 3, .restore_best_weights = true});
  FakeRun later;
  later.log_names = {LogName("val_loss", false)};
  AnyCallback any = std::ref(second);
  any.on_train_begin(later);
  CallbackState places = any.state();
  set_fields("EarlyStopping", places.values(), config);
  *places.bytes()[0].bytes = *kept.bytes()[0].bytes;
  for (const std::int64_t epoch : {3, 4}) {
    CHECK_FALSE(later.stopped());
    later.epoch = epoch;
    later.weight = static_cast<char>(epoch);
    later.logs.set("val_loss", 4.5);
    any.on_epoch_end(later);
  }
  CHECK(later.stopped());
  any.on_train_end(later);
  CHECK(later.weight == 1);
  CHECK(second.best() == 4);

  // A callback that gathers nothing says nothing.
  AnyCallback plain = [](TrainingRun&) {};
  CHECK(plain.state().values().all().empty());
  CHECK(plain.state().bytes().empty());
}

TEST_CASE("it can be used again") {
  EarlyStopping stopping({.patience = 1});
  FakeRun first;
  CHECK(first.train(stopping, "val_loss", {1, 2, 3}) == 2);
  FakeRun second;
  CHECK(second.train(stopping, "val_loss", {9, 8, 7}) == 3);
  CHECK_FALSE(stopping.stopped_epoch());
  CHECK(stopping.best() == 7);
  CHECK(stopping.best_epoch() == 2);
}

TEST_CASE("a number that is not there is named") {
  CHECK_THROWS_WITH(outcome({}, {1, 2}, "loss"),
                    "monitor: expected one of loss, got \"val_loss\"; give fit validation data or "
                    "a validation_split");
  CHECK_THROWS_WITH(outcome({.monitor = "acc"}, {1, 2}, "loss"), "monitor: expected one of loss, got \"acc\"");
}

TEST_CASE("a number that no epoch will have is found before training") {
  FakeRun run;
  run.log_names = {"loss", "accuracy"};
  CHECK_THROWS_WITH(EarlyStopping().on_train_begin(run),
                    "monitor: expected one of loss, accuracy, got \"val_loss\"; give fit validation data or a "
                    "validation_split");
  CHECK_THROWS_WITH(EarlyStopping({.monitor = "acc"}).on_train_begin(run),
                    "monitor: expected one of loss, accuracy, got \"acc\"");
  CHECK_NOTHROW(EarlyStopping({.monitor = "loss", .mode = "min"}).on_train_begin(run));
  // A callback may set a number of its own, but not validation's.
  run.callbacks_set_logs = true;
  CHECK_NOTHROW(EarlyStopping({.monitor = "acc", .mode = "max"}).on_train_begin(run));
  CHECK_THROWS_AS(EarlyStopping().on_train_begin(run), ValueError);
  run.log_names = {LogName("loss", false), LogName("val_loss", false)};
  CHECK_NOTHROW(EarlyStopping().on_train_begin(run));
}
