#pragma once
// Trainer: the one training loop.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/data/batch_loader.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model_run.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/scorer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A model at work on a data set: it is trained on batches, or evaluated.
template <class T>
class Trainer {
 public:
  /// @param training  whether the model is trained, or only evaluated.
  /// @param gradients where gradients of the weights go, a block like the trainable one; by default the model's own.
  /// @param by_input  whether the loss is differentiated by the input, too.
  /// Throws ShapeError where the data does not go with the model.
  [[gnu::cold]] Trainer(ModelState<T>& state, Dataset data, std::int64_t batch_size, bool training,
                        T* gradients = nullptr, bool by_input = false)
      : state_(state),
        loader_(check(state, std::move(data)), batch_size),
        scorer_(*state.compiled, state.final_activation(), state.output_shape(), loader_.dataset().target_shape(),
                capacity()) {
    if (training && gradients == nullptr) {
      if (state.gradients.empty()) state.gradients = Buffer<T>(state.parameters.trainable().size());
      gradients = state.gradients.data();
    }
    network_ = make_network(state, capacity(),
                            {.training = training, .logits = scorer_.logits(), .input_gradient = by_input}, gradients);
  }

  BatchLoader<T>& loader() { return loader_; }
  Scorer<T>& scorer() { return scorer_; }

  /// One training step on batch `batch` of the epoch: gather, forward, loss, backward, update. Allocates nothing.
  void train(std::int64_t batch, ThreadPool& pool) {
    Updater<T>& updater = *state_.updater;
    const std::int64_t step = updater.step();
    updater.begin_step(state_.parameters.trainable().data(), state_.gradients.data());
    state_.as_drawn = false;
    try {
      differentiate(batch, true, step, updater, pool);
      updater.finish_step(pool);
    } catch (...) {
      updater.abandon_step();
      throw;
    }
  }

  /// The loss of batch `batch` and its gradients, which go to `sink`.
  /// @param training, step whether layers behave as in training, and which step's random numbers they use.
  void differentiate(std::int64_t batch, bool training, std::int64_t step, GradientSink<T>& sink, ThreadPool& pool) {
    load(batch, pool);
    network_->forward(training, state_.seed, step, pool);
    scorer_.score(*network_, weighted(), true, pool);
    network_->backward(training, state_.seed, step, sink, pool);
  }

  /// By the last batch's input, where it was asked for.
  TensorView<T> input_gradient() { return network_->input_gradient(); }

  /// Evaluates batch `batch`.
  void evaluate(std::int64_t batch, ThreadPool& pool) {
    load(batch, pool);
    network_->forward(false, state_.seed, 0, pool);
    scorer_.score(*network_, weighted(), false, pool);
  }

  /// Evaluates everything, in order.
  void evaluate_all(ThreadPool& pool) {
    scorer_.reset();
    for (std::int64_t batch = 0; batch < loader_.batches(); ++batch) evaluate(batch, pool);
  }

 private:
  [[gnu::cold]] static Dataset check(const ModelState<T>& state, Dataset data) {
    const Shape& expected = *state.input_shape;
    require<ShapeError>(data.feature_shape() == expected, "Sequential: expected samples of shape ", expected, ", got ",
                        data.feature_shape(), shape_hint(expected, data.feature_shape(), data.size()));
    require<ValueError>(data.has_targets(), "Sequential: expected a data set with targets");
    const AnyLoss<T>& loss = state.compiled->loss;
    loss.check_shapes(state.output_shape(), data.target_shape());
    if (loss.takes_class_numbers()) {
      data.require_class_numbers(state.output_shape().empty() ? 1 : state.output_shape().back(), loss.class_name());
    }
    return data;
  }

  std::int64_t capacity() const { return loader_.batch_size(); }
  bool weighted() const { return loader_.dataset().has_sample_weights(); }

  void load(std::int64_t batch, ThreadPool& pool) {
    network_->set_batch(loader_.samples(batch));
    loader_.load(batch, network_->input(), scorer_.targets(), weighted() ? scorer_.sample_weights() : nullptr, pool);
  }

  ModelState<T>& state_;
  BatchLoader<T> loader_;
  Scorer<T> scorer_;
  std::unique_ptr<Network<T>> network_;
};

/// Trains a model for the epochs that `options` says. Keras' fit.
template <class T>
class Fit {
 public:
  Fit(BasicSequential<T>& model, ModelState<T>& state, const Dataset& data, FitOptions options)
      : options_(std::move(options)), state_(state), run_(model, state) {
    check();
    auto [train, validation] = parts(data);
    train_.emplace(state, weigh(std::move(train)), options_.batch_size, true);
    if (validation) {
      validation_.emplace(state, *std::move(validation), options_.validation_batch_size.value_or(options_.batch_size),
                          false);
    }
    for (const AnyCallback& callback : options_.callbacks) run_.callbacks_set_logs |= callback.sets_logs();
    if (options_.verbose > 0) options_.callbacks.push_back(ProgressBar());  // behind all who write into the logs
    run_.epochs = options_.epochs;
    run_.verbose = options_.verbose;
    run_.steps = train_->loader().batches();
    run_.samples = train_->loader().dataset().size();
    Logs logs;
    train_->scorer().write(logs);
    if (validation_) validation_->scorer().write(logs, "val_");
    for (const auto& entry : logs) run_.log_names.push_back(entry.first);
  }

  History run() {
    History history;
    each(&AnyCallback::on_train_begin);
    for (run_.epoch = options_.initial_epoch; run_.epoch < options_.epochs && !run_.stopped(); ++run_.epoch) {
      run_.logs = Logs();
      run_.validates = !validation_ || (run_.epoch + 1 - options_.initial_epoch) % options_.validation_freq == 0;
      each(&AnyCallback::on_epoch_begin);
      train_epoch();
      validate();
      each(&AnyCallback::on_epoch_end);
      history.add(run_.epoch, run_.logs);
    }
    finalize();
    each(&AnyCallback::on_train_end);
    return history;
  }

 private:
  void check() const {
    const auto at_least = [](std::int64_t value, std::int64_t least, const char* option) {
      require<ValueError>(value >= least, "fit: expected ", option, " of ", least, " or more, got ", value);
    };
    at_least(options_.epochs, 0, "epochs");
    at_least(options_.batch_size, 1, "batch_size");
    at_least(options_.initial_epoch, 0, "initial_epoch");
    at_least(options_.validation_batch_size.value_or(1), 1, "validation_batch_size");
    at_least(options_.validation_freq, 1, "validation_freq");
    require<ValueError>(options_.validation_split == 0 || !options_.validation_data,
                        "fit: expected validation_split or validation_data, got both");
  }

  std::pair<Dataset, std::optional<Dataset>> parts(const Dataset& data) const {
    const Dataset weighted = options_.sample_weight.empty() ? data : data.with_sample_weights(options_.sample_weight);
    if (options_.validation_split == 0) return {weighted, options_.validation_data};
    auto [train, validation] = weighted.validation_split(options_.validation_split);
    return {std::move(train), std::move(validation)};
  }

  Dataset weigh(Dataset data) const {
    return options_.class_weight.empty() ? data : data.with_class_weights(options_.class_weight);
  }

  void train_epoch() {
    train_->loader().begin_epoch(state_.seed, run_.epoch, options_.shuffle);
    train_->scorer().reset();
    train_->scorer().write(run_.logs);  // puts the names in their place, so that no step allocates
    const std::shared_ptr<ThreadPool> pool = thread_pool();
    for (run_.step = 0; run_.step < run_.steps && !run_.stopped(); ++run_.step) {
      each(&AnyCallback::on_train_batch_begin);
      {
        const ComputeScope scope;  // callbacks are the user's, and run as the user has it; less than 0.1 microseconds
        train_->train(run_.step, *pool);
        train_->scorer().write(run_.logs);
      }
      each(&AnyCallback::on_train_batch_end);
    }
  }

  void validate() {
    if (!validation_ || !run_.validates) return;
    const ComputeScope scope;
    validation_->evaluate_all(*thread_pool());
    validation_->scorer().write(run_.logs, "val_");
  }

  void finalize() {
    const ComputeScope scope;
    state_.updater->finalize(state_.parameters.trainable().data());
  }

  void each(void (AnyCallback::*event)(TrainingRun&)) {
    for (AnyCallback& callback : options_.callbacks) (callback.*event)(run_);
  }

  FitOptions options_;
  ModelState<T>& state_;
  ModelRun<T> run_;
  std::optional<Trainer<T>> train_;
  std::optional<Trainer<T>> validation_;
};

}  // namespace nacre
