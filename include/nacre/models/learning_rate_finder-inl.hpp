#pragma once
// Bodies of models/learning_rate_finder.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/models/learning_rate_finder.hpp>
#include <nacre/models/trainer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// The rate where the mean falls most steeply, of those up to its smallest value.
[[gnu::cold]] inline double steepest_rate(const std::vector<double>& rates, const std::vector<double>& means) {
  const auto lowest = static_cast<std::size_t>(std::min_element(means.begin(), means.end()) - means.begin());
  std::size_t steepest = 0;
  double slope = 0;
  for (std::size_t i = 1; i < lowest; ++i) {
    const double here = (means[i + 1] - means[i - 1]) / std::log(rates[i + 1] / rates[i - 1]);
    if (here < slope) {
      slope = here;
      steepest = i;
    }
  }
  return rates[steepest];
}

}  // namespace detail

template <class T>
[[gnu::cold]] FoundLearningRate find_learning_rate(const BasicModel<T>& model, const Batches& data,
                                                   const LearningRateFinderOptions& options) {
  const auto check = [](bool good, const char* what, double found) {
    require<ValueError>(good, "find_learning_rate: expected ", what, ", got ", found);
  };
  check(options.min_rate > 0, "min_rate above 0", options.min_rate);
  check(options.max_rate > options.min_rate && std::isfinite(options.max_rate), "max_rate above min_rate",
        options.max_rate);
  check(options.steps >= 2, "steps of 2 or more", static_cast<double>(options.steps));
  check(options.smoothing >= 0 && options.smoothing < 1, "smoothing from 0 to below 1", options.smoothing);
  check(options.stop_factor > 1, "stop_factor above 1", options.stop_factor);
  require<StateError>(model.built() && model.compiled(),
                      "find_learning_rate: expected a model that is built and compiled; begin it with Input(shape), or "
                      "call build(shape), and call compile({.optimizer = ..., .loss = ...})");
  const std::unique_ptr<ModelState<T>> state = std::make_unique<ModelState<T>>(model.state());
  const std::unique_ptr<BatchSource<T>> source =
      make_source(*state, data, {.batch_size = options.batch_size, .shuffle = true});
  Trainer<T> trainer(*state, source->spec());
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  FoundLearningRate found;
  const double growth = std::log(options.max_rate / options.min_rate) / static_cast<double>(options.steps - 1);
  double mean = 0;
  double share = 0;
  double lowest = 0;
  std::int64_t epoch = 0;
  std::int64_t step_of_epoch = 0;
  source->begin_epoch(state->seed, epoch);
  for (std::int64_t step = 0; step < options.steps; ++step) {
    if (trainer.load(*source, step_of_epoch, *pool) == 0) {
      require<ValueError>(step_of_epoch > 0, "find_learning_rate: expected at least one batch, got none");
      source->begin_epoch(state->seed, ++epoch);
      step_of_epoch = 0;
      require<ValueError>(trainer.load(*source, step_of_epoch, *pool) > 0,
                          "find_learning_rate: expected batches in each epoch, got none in epoch ", epoch);
    }
    ++step_of_epoch;
    const double rate = options.min_rate * std::exp(growth * static_cast<double>(step));
    state->updater->optimizer().set_learning_rate(rate);
    {
      const ComputeScope scope;
      trainer.train(*pool);
    }
    const double loss = trainer.scores().batch_loss();
    if (!std::isfinite(loss)) break;
    mean = options.smoothing * mean + (1 - options.smoothing) * loss;
    share = options.smoothing * share + (1 - options.smoothing);
    found.learning_rates.push_back(rate);
    found.losses.push_back(loss);
    found.smoothed.push_back(mean / share);
    lowest = step == 0 ? mean / share : std::min(lowest, mean / share);
    if (lowest > 0 && mean / share > options.stop_factor * lowest) break;
  }
  require<ValueError>(!found.losses.empty(), "find_learning_rate: expected a finite loss at the first step");
  const auto lowest_at = std::min_element(found.smoothed.begin(), found.smoothed.end()) - found.smoothed.begin();
  found.steepest = detail::steepest_rate(found.learning_rates, found.smoothed);
  found.suggestion = found.learning_rates[static_cast<std::size_t>(lowest_at)] / 10;
  return found;
}

}  // namespace nacre
