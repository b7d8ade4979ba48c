#pragma once
// What compile and fit take.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/metrics/metrics.hpp>
#include <nacre/optimizers/optimizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What one output of a model with several is trained for and measured by.
template <class T>
struct OutputOptions {
  std::string name{};                     ///< of the output: its layer's; empty: they come in the model's order
  AnyLoss<T> loss{};                      ///< none: nothing is learned from this output
  double loss_weight = 1;                 ///< how much the loss counts in the sum of all
  List<AnyMetric<T>> metrics{};           ///< without sample weights
  List<AnyMetric<T>> weighted_metrics{};  ///< with sample weights
};

/// How a model is trained and evaluated. Each may be given by Keras' name: `{.optimizer = "adam", .loss = "mse",
/// .metrics = {"accuracy"}}`.
template <class T>
struct CompileOptions {
  static_assert(sizeof(OutputOptions<T>{}) >
                0);  // g++ 12 fails inside `.outputs = {{...}}` unless it has seen one before

  AnyOptimizer<T> optimizer = RMSprop();
  AnyLoss<T> loss{};                      ///< of each output; `compile` refuses to do without
  List<AnyMetric<T>> metrics{};           ///< of each output, without sample weights
  List<AnyMetric<T>> weighted_metrics{};  ///< of each output, with sample weights
  List<OutputOptions<T>> outputs{};       ///< in place of these three: what differs from output to output

  /// What holds for output `index` of those that have these names. Throws ValueError where `outputs` does not name it,
  /// or names one that is not there.
  [[gnu::cold]] OutputOptions<T> of_output(std::size_t index, const std::vector<std::string>& names) const {
    if (outputs.empty()) return {names[index], loss, 1, metrics, weighted_metrics};
    require<ValueError>(outputs.size() == names.size(), "compile: expected options of ", names.size(), " outputs, got ",
                        outputs.size());
    OutputOptions<T> found = outputs[index];
    for (const OutputOptions<T>& output : outputs) {
      require<ValueError>(output.name.empty() || std::find(names.begin(), names.end(), output.name) != names.end(),
                          "compile: the model has no output \"", output.name, "\"");
      if (output.name == names[index]) found = output;
    }
    require<ValueError>(found.name.empty() || found.name == names[index], "compile: expected options of output \"",
                        names[index], "\", got none");
    found.name = names[index];
    return found;
  }
};

/// The options, if a model can be compiled with them. Throws ValueError without a loss, for two metrics of one name,
/// for a loss without reduction, and for a loss weight that is no number.
template <class T>
[[gnu::cold]] CompileOptions<T> checked(CompileOptions<T> options) {
  const auto check_names = [](const List<AnyMetric<T>>& metrics, const List<AnyMetric<T>>& weighted) {
    std::vector<std::string> taken{"loss"};
    for (const auto* list : {&metrics, &weighted}) {
      for (const AnyMetric<T>& metric : *list) {
        require<ValueError>(std::find(taken.begin(), taken.end(), metric.name()) == taken.end(),
                            "compile: expected metrics of different names, got \"", metric.name(),
                            "\" twice; give one a name of its own");
        taken.push_back(metric.name());
      }
    }
  };
  const auto check_loss = [](const AnyLoss<T>& loss) {
    require<ValueError>(!loss.has_value() || loss.is_symbolic() || loss.reduction() != "none",
                        "compile: expected a loss with a reduction, as \"sum_over_batch_size\", got ",
                        loss.has_value() ? loss.to_string() : "");
    return loss.has_value();
  };
  bool any_loss = check_loss(options.loss);
  check_names(options.metrics, options.weighted_metrics);
  for (const OutputOptions<T>& output : options.outputs) {
    require<ValueError>(!options.loss.has_value() && options.metrics.empty() && options.weighted_metrics.empty(),
                        "compile: expected a loss and metrics for all outputs, or .outputs, got both");
    require<ValueError>(std::isfinite(output.loss_weight), "compile: expected a finite loss_weight, got ",
                        output.loss_weight);
    any_loss |= check_loss(output.loss);
    check_names(output.metrics, output.weighted_metrics);
  }
  require<ValueError>(any_loss,
                      "compile: expected a loss, got none; add .loss = \"mse\", "
                      ".loss = SparseCategoricalCrossentropy() or another");
  return options;
}

/// Epochs, counted from 1 as Keras counts them here: each n-th of all, `2`, or those of a list, `{1, 2, 10}`. An epoch
/// has the same number in a run that was resumed.
class EpochFrequency {
 public:
  EpochFrequency(std::int64_t every = 1) : every_(every) {}
  EpochFrequency(std::initializer_list<std::int64_t> epochs) : EpochFrequency(std::vector<std::int64_t>(epochs)) {}
  EpochFrequency(std::vector<std::int64_t> epochs) : listed_(true), epochs_(std::move(epochs)) {}

  /// Whether epoch `epoch`, from 0 as everywhere else, is one of them.
  bool contains(std::int64_t epoch) const {
    if (!listed_) return (epoch + 1) % every_ == 0;
    return std::find(epochs_.begin(), epochs_.end(), epoch + 1) != epochs_.end();
  }

  /// Throws ValueError, in the name of `place`, for numbers below 1 and an empty list.
  [[gnu::cold]] void check(const char* place) const {
    require<ValueError>(!listed_ || !epochs_.empty(), place,
                        ": expected a number of epochs or a list of them, got an empty list");
    require<ValueError>(every_ >= 1, place, ": expected a number of epochs of 1 or more, got ", every_);
    for (const std::int64_t epoch : epochs_) {
      require<ValueError>(epoch >= 1, place, ": expected epochs from 1 on, got ", epoch);
    }
  }

 private:
  std::int64_t every_ = 1;
  bool listed_ = false;
  std::vector<std::int64_t> epochs_;
};

/// How long and on what a model is trained. Keras' fit.
struct FitOptions {
  std::int64_t epochs = 1;                         ///< the epoch at which training ends
  std::int64_t batch_size = 32;                    ///< the last may be smaller; a generator's batches have its own
  int verbose = 1;                                 ///< 0 silent, 1 a live bar, 2 a line an epoch
  double validation_split = 0;                     ///< the last part of the data, cut off before shuffling, validates
  std::optional<Batches> validation_data{};        ///< or this does, a data set or a generator
  bool shuffle = true;                             ///< whether each epoch has an order of its own
  std::map<std::int64_t, double> class_weight{};   ///< weights of classes in the loss; 1 where not listed
  std::vector<double> sample_weight{};             ///< weights of samples in the loss
  std::int64_t initial_epoch = 0;                  ///< where a resumed training goes on
  std::optional<std::int64_t> steps_per_epoch{};   ///< no more batches an epoch than these
  std::optional<std::int64_t> validation_steps{};  ///< the same for each validation
  std::optional<std::int64_t> validation_batch_size{};  ///< none: as batch_size
  EpochFrequency validation_freq = 1;                   ///< which epochs end with a validation
  List<AnyCallback> callbacks{};
  Augmentation augment{};  ///< what is done to each training sample before it is trained on
};

/// How a data set is evaluated.
struct EvaluateOptions {
  std::int64_t batch_size = 32;
  std::vector<double> sample_weight{};
  std::optional<std::int64_t> steps{};  ///< no more batches than these
};

/// What `train_on_batch` takes besides the batch.
struct TrainOnBatchOptions {
  std::vector<double> sample_weight{};            ///< weights of samples in the loss
  std::map<std::int64_t, double> class_weight{};  ///< weights of classes, by which those of samples are multiplied
};

/// What `test_on_batch` takes besides the batch.
struct TestOnBatchOptions {
  std::vector<double> sample_weight{};  ///< weights of samples in the loss
};

/// How predictions are made.
struct PredictOptions {
  std::int64_t batch_size = 32;
  std::optional<std::int64_t> steps{};  ///< of a generator, no more batches than these
};

}  // namespace nacre
