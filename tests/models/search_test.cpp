// Cross-validation, the learning-rate finder, grid and random search.

#include <nacre/core/thread_pool.hpp>
#include <nacre/models/cross_validation.hpp>
#include <nacre/models/learning_rate_finder.hpp>
#include <nacre/models/search.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/schedules/exponential_decay.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

Sequential small_model(std::uint64_t seed = 5) {
  Sequential model{Input({4}), Dense(6, relu), Dense(3, softmax)};
  model.set_seed(seed);
  model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
  return model;
}

/// Samples whose class is told by their largest number.
Dataset separable(std::size_t count = 60) {
  xt::xarray<float> x = 0.3f * normal_array({count, 4});
  const auto y = class_numbers(count, 3);
  for (std::size_t i = 0; i < count; ++i) x(i, i % 3) += 2;
  return Dataset(x, y);
}

}  // namespace

TEST_CASE("cross_validate trains a copy on each fold and evaluates it there") {
  const Sequential model = small_model();
  const std::vector<float> before = weights_of(model);
  const Dataset data = separable();
  const CrossValidation found =
      cross_validate(model, data, {.folds = {.n_splits = 3, .stratified = true}, .fit = {.epochs = 2, .verbose = 0}});
  REQUIRE(found.folds().size() == 3);
  CHECK(weights_of(model) == before);
  const auto folds = k_fold(data, {.n_splits = 3, .stratified = true});
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    Sequential copy = model;
    const History history =
        copy.fit(folds[i].train, {.epochs = 2, .verbose = 0, .validation_data = folds[i].validation});
    CHECK(found.folds()[i].history["loss"] == history["loss"]);
    CHECK(found.folds()[i].history["val_loss"] == history["val_loss"]);
    CHECK(found["accuracy"][i] == copy.evaluate(folds[i].validation)["accuracy"]);
    sum += found["loss"][i];
  }
  CHECK(found.mean("loss") == Approx(sum / 3));
  double squares = 0;
  for (const double loss : found["loss"]) squares += std::pow(loss - sum / 3, 2);
  CHECK(found.standard_deviation("loss") == Approx(std::sqrt(squares / 2)));
  CHECK_THROWS_AS(cross_validate(model, data, {.fit = {.validation_split = 0.1}}), ValueError);
}

TEST_CASE("folds that are trained at once give the same bits, on any number of threads, sample weights included") {
  const RestoreThreads restore;
  const Dataset data = separable();
  CrossValidationOptions options{.folds = {.n_splits = 4, .shuffle = true}, .fit = {.epochs = 2, .verbose = 0}};
  for (std::size_t i = 0; i < 60; ++i) options.fit.sample_weight.push_back(i % 2 == 0 ? 0.5 : 2);
  const std::vector<double> expected = cross_validate(small_model(), data, options)["loss"];
  options.parallel = true;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    CHECK(cross_validate(small_model(), data, options)["loss"] == expected);
  }
}

TEST_CASE("the learning-rate finder tries growing rates on a copy and ends where the loss explodes") {
  Sequential model{Input({4}), Dense(1)};
  model.compile({.optimizer = SGD(0.1), .loss = MeanSquaredError()});
  const std::vector<float> before = weights_of(model);
  const xt::xarray<float> x = normal_array({60, 4});
  xt::xarray<float> y = xt::xarray<float>::from_shape({60, 1});
  for (std::size_t i = 0; i < 60; ++i) y(i, 0) = 2 * x(i, 0);
  const LearningRateFinderOptions options{.min_rate = 1e-4, .max_rate = 1e4, .steps = 81, .batch_size = 16};
  const FoundLearningRate found = find_learning_rate(model, Dataset(x, y), options);
  CHECK(weights_of(model) == before);
  REQUIRE(found.losses.size() > 30);
  CHECK(found.losses.size() < 81);
  CHECK(found.learning_rates.size() == found.losses.size());
  CHECK(found.learning_rates[0] == Approx(1e-4));
  CHECK(found.learning_rates[10] == Approx(1e-3));
  CHECK(found.smoothed[0] == Approx(found.losses[0]));
  CHECK(found.smoothed[1] == Approx((0.9 * found.losses[0] + found.losses[1]) / 1.9));
  CHECK(found.suggestion > 1e-3);
  CHECK(found.steepest >= 1e-4);
  CHECK(found.suggestion < 1);  // the squared error of such data cannot be trained with more
  CHECK(find_learning_rate(model, Dataset(x, y), options).losses == found.losses);
}

TEST_CASE("the learning-rate finder refuses models and options that it cannot use") {
  const Dataset data = separable();
  CHECK_THROWS_AS(find_learning_rate(Sequential{Dense(3)}, data), StateError);
  CHECK_THROWS_WITH(find_learning_rate(small_model(), data, {.min_rate = 1, .max_rate = 0.5}),
                    "find_learning_rate: expected max_rate above min_rate, got 0.5");
  CHECK_THROWS_AS(find_learning_rate(small_model(), data, {.smoothing = 1}), ValueError);
  Sequential scheduled = small_model();
  scheduled.compile({.optimizer = SGD(ExponentialDecay(0.1, 10, 0.9)), .loss = SparseCategoricalCrossentropy()});
  CHECK_THROWS_AS(find_learning_rate(scheduled, data), StateError);
}

TEST_CASE("grid search tries all combinations, the last setting changing fastest") {
  const SearchResult found = grid_search({{"a", {1, 2}}, {"word", {"x", "y", "z"}}}, [](const Settings& at) {
    return at.number("a") * (at.word("word") == "y" ? -1.0 : 1.0);
  });
  REQUIRE(found.trials().size() == 6);
  CHECK(found.trials()[0].settings.to_string() == "a=1, word=x");
  CHECK(found.trials()[1].settings.to_string() == "a=1, word=y");
  CHECK(found.trials()[5].settings.to_string() == "a=2, word=z");
  CHECK(found.best().settings.to_string() == "a=2, word=y");
  CHECK(found.best().score == -2);
  CHECK(found.to_string().substr(0, 16) == "-2  a=2, word=y\n");
}

TEST_CASE("random search draws from lists and ranges, and longer ones go on where shorter ones end") {
  const SearchSpace space{{"units", Choices::integers(3, 5)},
                          {"rate", Choices::log_uniform(1e-4, 1)},
                          {"drop", Choices::uniform(-1, 1)},
                          {"activation", {"relu", "tanh"}}};
  const auto score = [](const Settings& at) { return std::abs(std::log10(at.number("rate")) + 2); };
  const SearchResult few = random_search(space, score, {.trials = 20});
  const SearchResult many = random_search(space, score, {.trials = 200});
  std::vector<int> units(6);
  int small = 0;
  int relus = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const Settings& at = many.trials()[i].settings;
    if (i < 20) CHECK(at.to_string() == few.trials()[i].settings.to_string());
    ++units.at(static_cast<std::size_t>(at.integer("units")));
    small += at.number("rate") < 1e-2;
    relus += at.word("activation") == "relu";
    CHECK(at.number("rate") >= 1e-4);
    CHECK(at.number("rate") < 1);
    CHECK(std::abs(at.number("drop")) <= 1);
    CHECK(at.seed == many.trials()[i].settings.seed);
  }
  CHECK(many.trials()[0].settings.seed != many.trials()[1].settings.seed);
  for (const int u : {3, 4, 5}) CHECK(units[static_cast<std::size_t>(u)] > 40);
  CHECK(small > 70);
  CHECK(small < 130);
  CHECK(relus > 70);
  CHECK(relus < 130);
  CHECK(many.best().score <= few.best().score);
  CHECK(random_search(space, score, {.trials = 2, .seed = 2}).trials()[0].settings.to_string() !=
        few.trials()[0].settings.to_string());
}

TEST_CASE("a search gives the same bits on any number of threads, one trial after another or at once") {
  const RestoreThreads restore;
  const Dataset data = separable();
  const auto [train, validation] = data.split(0.5);
  const auto trial = [&train = train, &validation = validation](const Settings& at) {
    Sequential model{Input({4}), Dense(at.integer("units"), relu), Dense(3, softmax)};
    model.set_seed(at.seed);
    model.compile(
        {.optimizer = Adam(at.number("rate")), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
    const auto change = [](Sample<float>& sample) {
      sample.features[0](0) += static_cast<float>(sample.random.uniform(0));
    };
    model.fit(train, {.epochs = 2, .verbose = 0, .augment = change});
    return model.evaluate(validation);
  };
  const SearchSpace space{{"units", {4, 8}}, {"rate", {0.1, 0.01, 0.001}}};
  std::vector<std::vector<double>> scores;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    for (const bool parallel : {false, true}) {
      const SearchResult found =
          grid_search(space, trial, {.objective = "accuracy", .mode = "max", .parallel = parallel});
      std::vector<double> all;
      for (const Trial& one : found.trials()) {
        all.push_back(one.logs["loss"]);
        CHECK(one.score == one.logs["accuracy"]);
        CHECK(one.score <= found.best().score);
      }
      scores.push_back(all);
    }
  }
  for (const auto& other : scores) CHECK(other == scores[0]);
}

TEST_CASE("a search refuses spaces that are none, and a score that is no number is never best") {
  const auto zero = [](const Settings&) { return 0.0; };
  CHECK_THROWS_WITH(grid_search({{"a", Choices::uniform(0, 1)}}, zero),
                    "grid_search: expected listed values of \"a\", got a range; list some of its values, or call "
                    "random_search");
  CHECK_THROWS_WITH(grid_search({{"a", {1}}, {"a", {2}}}, zero),
                    "grid_search: expected settings of different names, got \"a\" twice");
  CHECK_THROWS_AS(random_search({{"a", List<SettingValue>()}}, zero), ValueError);
  CHECK_THROWS_AS(random_search({{"a", {1}}}, zero, {.trials = 0}), ValueError);
  CHECK_THROWS_AS(random_search({{"a", {1}}}, zero, {.mode = "best"}), ValueError);
  CHECK_THROWS_AS(Choices::log_uniform(0, 1), ValueError);
  CHECK_THROWS_AS(Choices::uniform(1, 0), ValueError);
  CHECK_THROWS_WITH(grid_search({{"a", {1}}}, [](const Settings& at) { return at.number("b"); }),
                    "Settings: expected one of a, got \"b\"");
  CHECK_THROWS_AS(grid_search({{"a", {1.5}}}, [](const Settings& at) { return static_cast<double>(at.integer("a")); }),
                  ValueError);
  const auto nan_at_first = [](const Settings& at) {
    return at.number("a") == 1 ? std::numeric_limits<double>::quiet_NaN() : at.number("a");
  };
  CHECK(grid_search({{"a", {1, 3, 2}}}, nan_at_first).best().score == 2);
}
