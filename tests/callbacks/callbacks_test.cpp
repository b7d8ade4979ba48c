// TerminateOnNaN, TimeLimit, SwapEMAWeights, LambdaCallback, and callbacks of the user's own.

#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/callbacks/swap_ema_weights.hpp>
#include <nacre/callbacks/terminate_on_nan.hpp>
#include <nacre/callbacks/time_limit.hpp>

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "callbacks/fake_run.hpp"
#include "catch.hpp"

using namespace nacre;
using namespace nacre::testing;

TEST_CASE("TerminateOnNaN stops where the loss is no number") {
  for (const double loss :
       {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    FakeRun run;
    TerminateOnNaN callback;
    callback.on_train_batch_end(run);
    run.logs.set("accuracy", std::nan(""));
    callback.on_train_batch_end(run);
    run.logs.set("loss", 1e30);
    callback.on_train_batch_end(run);
    CHECK_FALSE(run.stopped());
    run.logs.set("loss", loss);
    callback.on_train_batch_end(run);
    CHECK(run.stopped());
  }
}

TEST_CASE("TimeLimit stops after the batch in which its time is over") {
  FakeRun run;
  run.verbose = 0;
  TimeLimit never(std::chrono::hours(1000));
  never.on_train_begin(run);
  never.on_train_batch_end(run);
  CHECK_FALSE(run.stopped());
  TimeLimit at_once(0.0);
  at_once.on_train_begin(run);
  CHECK_FALSE(run.stopped());
  at_once.on_train_batch_end(run);
  CHECK(run.stopped());
  CHECK_THROWS_WITH(TimeLimit(-1.0), "TimeLimit: expected 0 seconds or more, got -1");
}

namespace {

/// A run that notes when averages are in the weights' place.
struct AveragingRun : FakeRun {
  bool averages = true;
  std::string calls;
  bool has_averages() const override { return averages; }
  void use_averages(bool use) override { calls += use ? '+' : '-'; }
};

}  // namespace

TEST_CASE("SwapEMAWeights puts averages in the weights' place for validations, and between epochs") {
  AveragingRun run;
  const auto epoch = [&run](AnyCallback callback) {
    run.calls.clear();
    callback.on_train_begin(run);
    callback.on_epoch_begin(run);
    run.calls += 't';
    callback.on_test_begin(run);
    run.calls += 'v';
    callback.on_test_end(run);
    callback.on_epoch_end(run);
    return run.calls;
  };
  CHECK(epoch(SwapEMAWeights()) == "-t+v-");
  CHECK(epoch(SwapEMAWeights({.swap_on_epoch = true})) == "-t+v-+");
  run.averages = false;
  CHECK_THROWS_WITH(epoch(SwapEMAWeights()), "SwapEMAWeights: expected an optimizer with use_ema");
}

TEST_CASE("LambdaCallback calls what it was given and nothing else") {
  std::string calls;
  const auto note = [&calls](char what) { return [&calls, what](TrainingRun&) { calls += what; }; };
  FakeRun run;
  const auto all = [&run](AnyCallback callback) {
    callback.on_train_begin(run);
    callback.on_epoch_begin(run);
    callback.on_train_batch_begin(run);
    callback.on_train_batch_end(run);
    callback.on_epoch_end(run);
    callback.on_train_end(run);
  };
  all(LambdaCallback({.on_epoch_begin = note('b'),
                      .on_epoch_end = note('e'),
                      .on_train_begin = note('a'),
                      .on_train_end = note('f'),
                      .on_train_batch_begin = note('c'),
                      .on_train_batch_end = note('d')}));
  CHECK(calls == "abcdef");
  all(LambdaCallback({.on_epoch_end = note('E')}));
  CHECK(calls == "abcdefE");
  all(LambdaCallback({}));
  CHECK(calls == "abcdefE");
}

namespace {

/// One event is enough to be a callback.
struct Counter {
  int epochs = 0;
  void on_epoch_end(TrainingRun&) { ++epochs; }
};

struct NoCallback {
  void on_holiday(TrainingRun&) {}
};

}  // namespace

static_assert(detail::IsCallback<Counter>);
static_assert(!detail::IsCallback<NoCallback>);

TEST_CASE("fit works on a copy of a callback, or on your own by reference") {
  FakeRun run;
  Counter counter;
  AnyCallback copied = counter;
  copied.on_epoch_end(run);
  copied.on_epoch_begin(run);
  CHECK(counter.epochs == 0);
  AnyCallback referred = std::ref(counter);
  AnyCallback again = referred;
  referred.on_epoch_end(run);
  again.on_epoch_end(run);
  CHECK(counter.epochs == 2);
}

TEST_CASE("a lambda or a function is called at the end of each epoch") {
  FakeRun run;
  int calls = 0;
  const auto count = [&calls](TrainingRun&) { ++calls; };
  static int function_calls;
  function_calls = 0;
  std::vector<AnyCallback> callbacks = {count, std::ref(count), [](TrainingRun&) { ++function_calls; },
                                        +[](TrainingRun&) { ++function_calls; },
                                        std::function<void(TrainingRun&)>(count)};
  const std::vector<AnyCallback> copies = callbacks;
  for (AnyCallback callback : copies) {
    callback.on_train_begin(run);
    callback.on_epoch_begin(run);
    callback.on_train_batch_end(run);
    callback.on_train_end(run);
    CHECK((calls == 0 && function_calls == 0));
  }
  for (AnyCallback& callback : callbacks) callback.on_epoch_end(run);
  CHECK(calls == 3);
  CHECK(function_calls == 2);
  CHECK_THROWS_WITH(AnyCallback(std::function<void(TrainingRun&)>()),
                    "callbacks: expected a function, got an empty one");
  CHECK_THROWS_AS(AnyCallback(static_cast<void (*)(TrainingRun&)>(nullptr)), ValueError);
}

TEST_CASE("callbacks say whether they set numbers in the logs") {
  CHECK(AnyCallback(Counter()).sets_logs());
  CHECK(AnyCallback([](TrainingRun&) {}).sets_logs());
  CHECK(AnyCallback(LambdaCallback({})).sets_logs());
  CHECK_FALSE(AnyCallback(TerminateOnNaN()).sets_logs());
}

TEST_CASE("logs keep their order and name what they have") {
  Logs logs;
  CHECK_THROWS_WITH(logs["loss"], "Logs: expected one of (nothing), got \"loss\"");
  logs.set("loss", 1);
  logs.set("accuracy", 2);
  logs.set("loss", 3);
  CHECK(logs.size() == 2);
  CHECK(logs["loss"] == 3);
  CHECK(logs.begin()->first == "loss");
  CHECK(logs.contains("accuracy"));
  CHECK(logs.find("recall") == nullptr);
  CHECK_THROWS_WITH(logs["recall"], "Logs: expected one of loss, accuracy, got \"recall\"");
}
