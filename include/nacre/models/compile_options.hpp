#pragma once
// What compile and fit take.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/metrics/metrics.hpp>
#include <nacre/optimizers/optimizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How a model is trained and evaluated. Each may be given by Keras' name: `{.optimizer = "adam", .loss = "mse",
/// .metrics =
/// {"accuracy"}}`.
template <class T>
struct CompileOptions {
  AnyOptimizer<T> optimizer = RMSprop();
  AnyLoss<T> loss{};                             ///< `compile` refuses to do without
  std::vector<AnyMetric<T>> metrics{};           ///< without sample weights
  std::vector<AnyMetric<T>> weighted_metrics{};  ///< with sample weights
};

/// The options, if a model can be compiled with them. Throws ValueError without a loss and for two metrics of one name.
template <class T>
[[gnu::cold]] CompileOptions<T> checked(CompileOptions<T> options) {
  require<ValueError>(options.loss.has_value(),
                      "compile: expected a loss, got none; add .loss = \"mse\", "
                      ".loss = SparseCategoricalCrossentropy() or another");
  std::vector<std::string> taken{"loss"};
  for (const auto* metrics : {&options.metrics, &options.weighted_metrics}) {
    for (const AnyMetric<T>& metric : *metrics) {
      require<ValueError>(std::find(taken.begin(), taken.end(), metric.name()) == taken.end(),
                          "compile: expected metrics of different names, got \"", metric.name(),
                          "\" twice; give one a name of its own");
      taken.push_back(metric.name());
    }
  }
  return options;
}

/// How long and on what a model is trained. Keras' fit.
struct FitOptions {
  std::int64_t epochs = 1;                        ///< the epoch at which training ends
  std::int64_t batch_size = 32;                   ///< the last batch of an epoch may be smaller
  int verbose = 1;                                ///< 0 silent, 1 a live bar, 2 a line an epoch
  double validation_split = 0;                    ///< the last part of the data, cut off before shuffling, validates
  std::optional<Dataset> validation_data{};       ///< or this does
  bool shuffle = true;                            ///< whether each epoch has an order of its own
  std::map<std::int64_t, double> class_weight{};  ///< weights of classes in the loss; 1 where not listed
  std::vector<double> sample_weight{};            ///< weights of samples in the loss
  std::int64_t initial_epoch = 0;                 ///< where a resumed training goes on
  std::optional<std::int64_t> validation_batch_size{};  ///< none: as batch_size
  std::int64_t validation_freq = 1;                     ///< epochs from one validation to the next
  std::vector<AnyCallback> callbacks{};
};

/// How a data set is evaluated.
struct EvaluateOptions {
  std::int64_t batch_size = 32;
  std::vector<double> sample_weight{};
};

/// How predictions are made.
struct PredictOptions {
  std::int64_t batch_size = 32;
};

}  // namespace nacre
