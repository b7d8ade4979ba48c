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

namespace nacre {

/// A model at work on a data set: it trains on batches, or judges them.
template <class T>
class Trainer {
 public:
  /// @param training whether the model is trained, or only judged.
  /// Throws ShapeError where the data does not go with the model.
  Trainer(ModelState<T>& state, Dataset data, std::int64_t batch_size, bool training)
      : state_(state),
        loader_(check(state, std::move(data)), batch_size),
        scorer_(*state.compiled, state.final_activation(), state.output_shape(), loader_.dataset().target_shape(), capacity()),
        network_(make_network(state, capacity(), {.training = training, .logits = scorer_.logits()})) {}

  BatchLoader<T>& loader() { return loader_; }
  Scorer<T>& scorer() { return scorer_; }

  /// One training step on batch `batch` of the epoch: gather, forward, loss, backward, update. Allocates nothing.
  void train(std::int64_t batch, ThreadPool& pool) {
    load(batch, pool);
    Updater<T>& updater = *state_.updater;
    const std::int64_t step = updater.step();
    updater.begin_step(state_.parameters.trainable().data(), state_.gradients.data());
    network_->forward(true, state_.seed, step, pool);
    scorer_.score(*network_, weighted(), true, pool);
    network_->backward(state_.seed, step, updater, pool);
    updater.finish_step(pool);
  }

  /// Judges batch `batch`.
  void judge(std::int64_t batch, ThreadPool& pool) {
    load(batch, pool);
    network_->forward(false, state_.seed, 0, pool);
    scorer_.score(*network_, weighted(), false, pool);
  }

  /// Judges everything, in order.
  void judge_all(ThreadPool& pool) {
    scorer_.reset();
    for (std::int64_t batch = 0; batch < loader_.batches(); ++batch) judge(batch, pool);
  }

 private:
  static Dataset check(const ModelState<T>& state, Dataset data) {
    require<ShapeError>(data.feature_shape() == *state.input_shape, "Sequential: expected samples of shape ",
                        *state.input_shape, ", got ", data.feature_shape());
    require<ValueError>(data.has_targets(), "Sequential: expected a data set with targets");
    return data;
  }

  std::int64_t capacity() const { return std::min(loader_.batch_size(), loader_.dataset().size()); }
  bool weighted() const { return loader_.dataset().has_weights(); }

  void load(std::int64_t batch, ThreadPool& pool) {
    network_->set_batch(loader_.samples(batch));
    loader_.load(batch, network_->input(), scorer_.targets(), weighted() ? scorer_.weights() : nullptr, pool);
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
      validation_.emplace(state, *std::move(validation), options_.validation_batch_size.value_or(options_.batch_size), false);
    }
    if (options_.verbose > 0) options_.callbacks.insert(options_.callbacks.begin(), ProgressBar());
    run_.epochs = options_.epochs;
    run_.verbose = options_.verbose;
    run_.steps = train_->loader().batches();
    run_.samples = train_->loader().dataset().size();
  }

  History run() {
    const ComputeScope scope;
    History history;
    each(&AnyCallback::on_train_begin);
    for (run_.epoch = options_.initial_epoch; run_.epoch < options_.epochs && !run_.stopped(); ++run_.epoch) {
      run_.logs = Logs();
      run_.validates = !validation_ || (run_.epoch + 1 - options_.initial_epoch) % options_.validation_freq == 0;
      each(&AnyCallback::on_epoch_begin);
      train_epoch();
      validate();
      const Logs logs = run_.logs;
      each(&AnyCallback::on_epoch_end);
      history.add(run_.epoch, logs);
    }
    state_.updater->finalize(state_.parameters.trainable().data());
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
      train_->train(run_.step, *pool);
      train_->scorer().write(run_.logs);
      each(&AnyCallback::on_train_batch_end);
    }
  }

  void validate() {
    if (!validation_ || !run_.validates) return;
    validation_->judge_all(*thread_pool());
    validation_->scorer().write(run_.logs, "val_");
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
