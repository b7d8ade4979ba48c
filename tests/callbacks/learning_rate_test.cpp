// LearningRateScheduler and ReduceLROnPlateau. The sequences and what comes of them are those of Keras 3.

#include <nacre/callbacks/learning_rate_scheduler.hpp>
#include <nacre/callbacks/reduce_lr_on_plateau.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

/// The learning rate at the end of each epoch with these values, beginning with 1, and in the logs.
template <class Callback>
std::vector<double> rates(Callback callback, const std::vector<double>& values, const char* name = "val_loss",
                          bool larger_is_better = false) {
  FakeRun run;
  run.rate = 1;
  run.log_names = {LogName(name, larger_is_better)};
  AnyCallback any = std::ref(callback);
  any.on_train_begin(run);
  CHECK(run.log_names.back().name == "learning_rate");
  std::vector<double> result;
  for (const double value : values) {
    run.logs = Logs();
    run.logs.set(name, value);
    any.on_epoch_begin(run);
    const double in_epoch = run.rate;
    any.on_epoch_end(run);
    CHECK(run.logs["learning_rate"] == in_epoch);
    result.push_back(run.rate);
    ++run.epoch;
  }
  return result;
}

using Rates = std::vector<double>;

}  // namespace

TEST_CASE("LearningRateScheduler sets the rate by the epoch, or by the epoch and the present rate") {
  const Rates values(4, 1.0);
  CHECK(rates(LearningRateScheduler([](std::int64_t epoch) { return epoch < 2 ? 0.5 : 0.25; }), values) ==
        Rates{0.5, 0.5, 0.25, 0.25});
  CHECK(rates(LearningRateScheduler([](std::int64_t epoch, double rate) { return epoch < 2 ? rate : rate / 2; }),
              values) == Rates{1, 1, 0.5, 0.25});
  // A function that takes an int and gives a float is one, too.
  CHECK(rates(LearningRateScheduler([](int epoch) { return 1.0f / static_cast<float>(epoch + 1); }), values)[3] ==
        0.25);
}

TEST_CASE("ReduceLROnPlateau lowers the rate when patience is exhausted") {
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 2}), {5, 4, 4, 4, 4, 4, 3}) ==
        Rates{1, 1, 1, 0.5, 0.5, 0.25, 0.25});
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 0}), {5, 4, 4, 3}) == Rates{1, 1, 0.5, 0.5});
}

TEST_CASE("an improvement of ReduceLROnPlateau is more than min_delta") {
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 1}), {5, 4.99995, 4.9998}) == Rates{1, 0.5, 0.5});
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_delta = 0}), {5, 4.99995, 4.9998}) ==
        Rates{1, 1, 1});
}

TEST_CASE("ReduceLROnPlateau counts nothing while it cools down") {
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 1, .cooldown = 2}), {5, 5, 5, 5, 5, 5}) ==
        Rates{1, 0.5, 0.5, 0.25, 0.25, 0.125});
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 1, .cooldown = 3}), {5, 5, 5, 5, 5, 5}) ==
        Rates{1, 0.5, 0.5, 0.5, 0.25, 0.25});
}

TEST_CASE("ReduceLROnPlateau does not go below min_lr") {
  CHECK(rates(ReduceLROnPlateau({.factor = 0.5, .patience = 1, .min_lr = 0.3}), {5, 5, 5, 5}) ==
        Rates{1, 0.5, 0.3, 0.3});
}

TEST_CASE("ReduceLROnPlateau goes by the metric's direction, or by what is said") {
  const Rates rising{0.1, 0.2, 0.3};
  CHECK(rates(ReduceLROnPlateau({.monitor = "score", .factor = 0.5, .patience = 1}), rising, "score", true) ==
        Rates{1, 1, 1});
  CHECK(rates(ReduceLROnPlateau({.monitor = "score", .factor = 0.5, .patience = 1}), rising, "score", false) ==
        Rates{1, 0.5, 0.25});
  CHECK(rates(ReduceLROnPlateau({.monitor = "score", .factor = 0.5, .patience = 1, .mode = "max"}), rising, "score") ==
        Rates{1, 1, 1});
}

TEST_CASE("ReduceLROnPlateau begins anew with each training, and its counts can be stored") {
  ReduceLROnPlateau plateau({.factor = 0.5, .patience = 2});
  FakeRun first;
  first.train(plateau, "val_loss", {1, 1});
  CHECK(get_config(ReduceLROnPlateau::type_name, AnyCallback(std::ref(plateau)).state().values()).to_string() ==
        "ReduceLROnPlateau(best=1, wait=1, cooldown=0)");
  FakeRun second;
  second.rate = 1;
  second.train(plateau, "val_loss", {2, 2});
  CHECK(second.rate == 1);
}

TEST_CASE("ReduceLROnPlateau refuses what cannot be") {
  CHECK_THROWS_WITH(ReduceLROnPlateau({.factor = 1}), "ReduceLROnPlateau: expected factor from 0 to below 1, got 1");
  CHECK_THROWS_AS(ReduceLROnPlateau({.mode = "up"}), ValueError);
  CHECK_THROWS_AS(ReduceLROnPlateau({.cooldown = -1}), ValueError);
  CHECK_THROWS_AS(ReduceLROnPlateau({.min_lr = std::nan("")}), ValueError);
  FakeRun run;
  run.log_names = {"loss"};
  CHECK_THROWS_WITH(ReduceLROnPlateau().on_train_begin(run),
                    "monitor: expected one of loss, learning_rate, got \"val_loss\"; give fit validation data or a "
                    "validation_split");
}
