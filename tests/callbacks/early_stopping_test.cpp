// EarlyStopping: when it stops, what counts as an improvement and which weights remain. The sequences and what comes of
// them are those of Keras 3.

#include <nacre/callbacks/early_stopping.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
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

Outcome outcome(EarlyStoppingOptions options, const std::vector<double>& values, const char* name = "val_loss") {
  EarlyStopping stopping(std::move(options));
  FakeRun run;
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

TEST_CASE("which direction is better follows from the name, or is said") {
  CHECK_FALSE(outcome({.monitor = "val_accuracy", .patience = 1}, {0.1, 0.2, 0.3}, "val_accuracy").stopped);
  CHECK_FALSE(outcome({.monitor = "recall", .patience = 1}, {0.1, 0.2, 0.3}, "recall").stopped);
  CHECK(outcome({.monitor = "loss", .patience = 1}, {0.1, 0.2, 0.3}, "loss").stopped == 1);
  CHECK_FALSE(outcome({.monitor = "loss", .patience = 1, .mode = "max"}, {0.1, 0.2, 0.3}, "loss").stopped);
  CHECK(outcome({.monitor = "val_accuracy", .patience = 1, .mode = "min"}, {0.1, 0.2, 0.3}, "val_accuracy").stopped ==
        1);
  CHECK_THROWS_WITH(EarlyStopping({.mode = "best"}), "monitor: expected mode auto, min or max, got \"best\"");
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
  CHECK_NOTHROW(EarlyStopping({.monitor = "loss"}).on_train_begin(run));
  // A callback may set a number of its own, but not validation's.
  run.callbacks_set_logs = true;
  CHECK_NOTHROW(EarlyStopping({.monitor = "acc"}).on_train_begin(run));
  CHECK_THROWS_AS(EarlyStopping().on_train_begin(run), ValueError);
  run.log_names = {"loss", "val_loss"};
  CHECK_NOTHROW(EarlyStopping().on_train_begin(run));
}

TEST_CASE("names tell whether larger is better, or auto is refused") {
  for (const char* name :
       {"accuracy", "val_accuracy", "acc", "binary_accuracy", "digits_accuracy", "auc_1", "val_recall_12", "f1",
        "val_f1_score", "one_hot_mean_io_u", "true_positives", "precision_at_recall"}) {
    CAPTURE(name);
    CHECK(larger_is_better(name) == true);
  }
  for (const char* name : {"loss", "val_loss", "diff10_error", "mse", "mean_squared_error", "val_digits_loss",
                           "accuracy_loss", "sparse_categorical_crossentropy", "false_negatives", "kl_divergence"}) {
    CAPTURE(name);
    CHECK(larger_is_better(name) == false);
  }
  for (const char* name : {"", "val_", "_1", "12", "f10", "myaccuracy", "accuracyx", "learning_rate", "score"}) {
    CAPTURE(name);
    CHECK(larger_is_better(name) == std::nullopt);
  }
  CHECK_THROWS_WITH(
      EarlyStopping({.monitor = "score"}),
      "monitor: expected mode min or max for \"score\", whose name does not tell whether smaller or larger "
      "is better, got mode auto");
  CHECK_FALSE(outcome({.monitor = "score", .patience = 1, .mode = "max"}, {1, 2, 3}, "score").stopped);
}
