#pragma once
// Trainer: the one training loop.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <nacre/callbacks/callback.hpp>
#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/batch_source.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model_run.hpp>
#include <nacre/models/model_source.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/penalties.hpp>
#include <nacre/models/scores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A model at work on batches: it is trained on them, or evaluated. A step is `load` and then `train` or `evaluate`.
template <class T>
class Trainer {
 public:
  /// A model that is trained.
  /// @param spec     what batches are like.
  /// @param by_input whether the loss is differentiated by the input, too.
  /// Throws ShapeError where the batches do not go with the model.
  [[gnu::cold]] Trainer(ModelState<T>& state, const BatchSpec& spec, bool by_input = false) : Trainer(spec, state) {
    trained_ = &state;
    if (state.gradients.empty()) state.gradients = Buffer<T>(state.parameters.trainable().size());
    use(NetworkUse{.training = true, .logits = scores_.logits(), .input_gradient = by_input}, state.gradients.data());
  }

  /// A model that is evaluated only.
  [[gnu::cold]] static std::unique_ptr<Trainer> evaluator(const ModelState<T>& state, const BatchSpec& spec) {
    std::unique_ptr<Trainer> made(new Trainer(spec, state));
    made->use(NetworkUse{.logits = made->scores_.logits()}, nullptr);
    return made;
  }

  /// One that an earlier call left behind, or a new one; `state.idle_trainers->give` keeps it for the next.
  static std::unique_ptr<Trainer> idle_or_new(ModelState<T>& state, const BatchSpec& spec, bool by_input = false) {
    std::unique_ptr<Trainer> found = idle(state, spec, {.training = true, .input_gradient = by_input});
    return found ? std::move(found) : std::make_unique<Trainer>(state, spec, by_input);
  }
  static std::unique_ptr<Trainer> idle_or_new_evaluator(const ModelState<T>& state, const BatchSpec& spec) {
    std::unique_ptr<Trainer> found = idle(state, spec, {});
    return found ? std::move(found) : evaluator(state, spec);
  }

  /// Samples in the largest batch that it has room for.
  std::int64_t capacity() const { return spec_.batch_size; }
  /// Memory that it holds.
  std::size_t bytes() const { return network_->bytes() + scores_.bytes(); }

  Scores<T>& scores() { return scores_; }

  /// Takes batch `step` of the source's epoch, and returns how many samples it has; 0 where the epoch is over. Throws
  /// what the source throws.
  std::int64_t load(BatchSource<T>& source, std::int64_t step, ThreadPool& pool) {
    const std::int64_t samples = source.load(step, memory_, pool);
    if (samples > 0) network_->set_batch(samples);
    return samples;
  }

  /// One training step: forward, loss, backward, update. Allocates nothing.
  void train(ThreadPool& pool) {
    backward(pool);
    update(pool);
  }

  /// The first part of a step, up to the gradients; where the updater does not store them, weights are updated as they
  /// come. `update` or `abandon` ends it.
  void backward(ThreadPool& pool) {
    Updater<T>& updater = *trained_->updater;
    const std::int64_t step = updater.step();
    updater.begin_step(trained_->parameters.trainable().data(), trained_->gradients.data());
    trained_->as_drawn = false;
    try {
      differentiate(true, step, updater, pool);
    } catch (...) {
      abandon();
      throw;
    }
  }

  /// The second part: what is left of the update.
  void update(ThreadPool& pool) {
    try {
      trained_->updater->finish_step(pool);
      apply_constraints(trained_->parameters);
    } catch (...) {
      abandon();
      throw;
    }
  }

  /// In place of the second part, after something failed: the step does not count.
  void abandon() { trained_->updater->abandon_step(); }

  /// The batch's loss and its gradients, which go to `sink`.
  /// @param training, step whether layers behave as in training, and which step's random numbers they use.
  void differentiate(bool training, std::int64_t step, GradientSink<T>& sink, ThreadPool& pool) {
    network_->forward(training, state_.seed, step, pool);
    score(true, pool);
    if (penalties_.empty()) return network_->backward(training, state_.seed, step, sink, pool);
    PenaltySink<T> penalized(penalties_, sink);
    network_->backward(training, state_.seed, step, penalized, pool);
  }

  /// By the last batch's input, where it was asked for.
  TensorView<T> input_gradient(std::size_t input = 0) { return network_->input_gradient(input); }

  /// Evaluates the batch.
  void evaluate(ThreadPool& pool) {
    network_->forward(false, state_.seed, 0, pool);
    score(false, pool);
  }

  /// Evaluates all batches of epoch 0, in order.
  void evaluate_all(BatchSource<T>& source, ThreadPool& pool) {
    scores_.reset();
    source.begin_epoch(state_.seed, 0);
    for (std::int64_t step = 0; load(source, step, pool) > 0; ++step) {
      const ComputeScope scope;
      evaluate(pool);
    }
  }

 private:
  [[gnu::cold]] Trainer(const BatchSpec& spec, const ModelState<T>& state)
      : state_(state),
        spec_(spec),
        columns_(match_columns(state, spec)),
        scores_(state, ordered_targets(), spec.batch_size),
        penalties_(state.parameters) {}

  [[gnu::cold]] List<ColumnSpec> ordered_targets() const {
    List<ColumnSpec> targets;
    for (std::size_t column : columns_.targets) targets.push_back(spec_.targets[column]);
    return targets;
  }

  void score(bool wants_gradient, ThreadPool& pool) {
    const double penalty = (penalties_.empty() ? 0 : penalties_.total(pool)) + network_->activity_penalty();
    scores_.score(*network_, penalty, wants_gradient, pool);
  }

  /// One that is not in use, for batches of such columns and as many samples.
  static std::unique_ptr<Trainer> idle(const ModelState<T>& state, const BatchSpec& spec, const NetworkUse& use) {
    std::unique_ptr<Trainer> found = state.idle_trainers->take(spec.batch_size, [&](const Trainer& kept) {
      return &kept.state_ == &state && kept.use_.training == use.training &&
             kept.use_.input_gradient == use.input_gradient && kept.spec_.features == spec.features &&
             kept.spec_.targets == spec.targets;
    });
    if (found) found->scores_.reset();
    return found;
  }

  /// Takes a network, and says where batches go for it.
  [[gnu::cold]] void use(NetworkUse use, T* gradients) {
    use_ = use;
    network_ = make_network(state_, capacity(), std::move(use), gradients);
    memory_.features.resize(spec_.features.size());
    memory_.integers.resize(spec_.features.size());
    memory_.targets.resize(spec_.targets.size());
    memory_.sample_weights.resize(spec_.targets.size());
    for (std::size_t k = 0; k < columns_.features.size(); ++k) {
      memory_.features[columns_.features[k]] = network_->input(k);
      memory_.integers[columns_.features[k]] = network_->takes_integers(k);
    }
    for (std::size_t k = 0; k < columns_.targets.size(); ++k) {
      const std::size_t column = columns_.targets[k];
      memory_.targets[column] = scores_[k].targets();
      memory_.sample_weights[column] = spec_.targets[column].weighted ? scores_[k].sample_weights() : nullptr;
    }
  }

  const ModelState<T>& state_;
  ModelState<T>* trained_ = nullptr;
  BatchSpec spec_;
  MatchedColumns columns_;
  Scores<T> scores_;
  Penalties<T> penalties_;
  BatchMemory<T> memory_;
  NetworkUse use_;
  std::unique_ptr<Network<T>> network_;
};

/// Trains a model for the epochs that `options` says. Keras' fit.
template <class T>
class Fit {
 public:
  Fit(BasicModel<T>& model, ModelState<T>& state, const Batches& data, FitOptions options)
      : options_(std::move(options)), state_(state), run_(model, state) {
    check();
    auto [train, validation] = parts(data);
    train_source_ =
        make_source(state, train, {options_.batch_size, options_.shuffle, options_.steps_per_epoch, options_.augment});
    train_ = std::make_unique<Trainer<T>>(state, train_source_->spec());
    if (validation) {
      const std::int64_t batch_size = options_.validation_batch_size.value_or(options_.batch_size);
      validation_source_ =
          make_source(state, *validation, {.batch_size = batch_size, .steps = options_.validation_steps});
      validation_ = Trainer<T>::evaluator(state, validation_source_->spec());
      require<ValueError>(
          !state.layer_states.any() || train_->capacity() == validation_->capacity(),
          "fit: a layer keeps state for each sample of a batch: expected batches of one size in training "
          "and validation, got ",
          train_->capacity(), " and ", validation_->capacity(), " samples");
    }
    for (const AnyCallback& callback : options_.callbacks) run_.callbacks_set_logs |= callback.sets_logs();
    if (options_.verbose > 0) options_.callbacks.push_back(ProgressBar());  // behind all who write into the logs
    run_.epochs = options_.epochs;
    run_.verbose = options_.verbose;
    run_.steps = train_source_->spec().steps.value_or(options_.steps_per_epoch.value_or(0));
    if (train.dataset() != nullptr && train.whole()) run_.samples = train.dataset()->size();
    train_->scores().list_names(run_.log_names);
    if (validation_) validation_->scores().list_names(run_.log_names, "val_");
    for (const AnyCallback& callback : options_.callbacks) takes_gradients_ |= callback.takes_gradients();
  }

  History run() {
    const StoreGradients store(*state_.updater, takes_gradients_);
    History history;
    each(&AnyCallback::on_train_begin);
    for (run_.epoch = options_.initial_epoch; run_.epoch < options_.epochs && !run_.stopped(); ++run_.epoch) {
      run_.logs = Logs();
      run_.validates = !validation_ || options_.validation_freq.contains(run_.epoch);
      run_.use_averages(false);
      each(&AnyCallback::on_epoch_begin);
      train_epoch();
      validate();
      each(&AnyCallback::on_epoch_end);
      history.add(run_.epoch, run_.logs);
    }
    finalize();
    each(&AnyCallback::on_train_end);
    history.set_names(run_.log_names);
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
    options_.validation_freq.check("fit: validation_freq");
    at_least(options_.steps_per_epoch.value_or(1), 1, "steps_per_epoch");
    at_least(options_.validation_steps.value_or(1), 1, "validation_steps");
    require<ValueError>(options_.validation_split == 0 || !options_.validation_data,
                        "fit: expected validation_split or validation_data, got both");
  }

  /// What to train on and what to validate with.
  std::pair<Batches, std::optional<Batches>> parts(const Batches& data) const {
    if (data.dataset() == nullptr) {
      require<ValueError>(
          options_.validation_split == 0 && options_.class_weight.empty() && options_.sample_weight.empty(),
          "fit: validation_split, class_weight and sample_weight are for data sets; let the generator write weights "
          "into batch.sample_weights, and give validation_data");
      return {data, options_.validation_data};
    }
    const Dataset& whole = *data.dataset();
    const Dataset weighted = options_.sample_weight.empty() ? whole : whole.with_sample_weights(options_.sample_weight);
    if (options_.validation_split == 0) return {data.with(weigh(weighted)), options_.validation_data};
    auto [train, validation] = weighted.validation_split(options_.validation_split);
    return {data.with(weigh(std::move(train))), Batches(std::move(validation))};
  }

  Dataset weigh(Dataset data) const {
    return options_.class_weight.empty() ? data : data.with_class_weights(options_.class_weight);
  }

  void train_epoch() {
    train_source_->begin_epoch(state_.seed, run_.epoch);
    train_->scores().reset();
    train_->scores().write(run_.logs);  // puts the names in their place, so that no step allocates
    const std::shared_ptr<ThreadPool> pool = thread_pool();
    std::int64_t seen = 0;
    for (run_.step = 0; !run_.stopped() && (run_.steps == 0 || run_.step < run_.steps); ++run_.step) {
      const std::int64_t samples = train_->load(*train_source_, run_.step, *pool);
      if (samples == 0) break;
      seen += samples;
      train_step(*pool);
    }
    if (!run_.stopped()) end_epoch(seen);
  }

  /// From now on it is known how long an epoch is.
  void end_epoch(std::int64_t samples) {
    require<ValueError>(samples > 0, "fit: epoch ", run_.epoch, ": expected at least one batch, got none");
    run_.steps = run_.step;
    run_.samples = samples;
  }

  void train_step(ThreadPool& pool) {
    each(&AnyCallback::on_train_batch_begin);
    if (takes_gradients_) show_gradients(pool);
    {
      const ComputeScope scope;  // callbacks are the user's, and run as the user has it; less than 0.1 microseconds
      if (takes_gradients_) {
        train_->update(pool);
      } else {
        train_->train(pool);
      }
      train_->scores().write(run_.logs);
    }
    each(&AnyCallback::on_train_batch_end);
  }

  /// The first part of a step, and callbacks that look at its gradients before the second.
  void show_gradients(ThreadPool& pool) {
    {
      const ComputeScope scope;
      train_->backward(pool);
    }
    run_.has_gradients = true;
    try {
      each(&AnyCallback::on_gradients);
    } catch (...) {
      train_->abandon();
      throw;
    }
    run_.has_gradients = false;
  }

  void validate() {
    if (!validation_ || !run_.validates) return;
    each(&AnyCallback::on_test_begin);
    validation_->evaluate_all(*validation_source_, *thread_pool());
    validation_->scores().write(run_.logs, "val_");
    each(&AnyCallback::on_test_end);
  }

  void finalize() {
    run_.use_averages(false);
    const ComputeScope scope;
    state_.updater->finalize(state_.parameters.trainable().data());
  }

  void each(void (AnyCallback::*event)(TrainingRun&)) {
    for (AnyCallback& callback : options_.callbacks) (callback.*event)(run_);
  }

  /// While it lives, gradients are stored before weights are updated, where that is wanted.
  struct StoreGradients {
    StoreGradients(Updater<T>& updates, bool wanted) : updater(updates), before(updates.store(true)) {
      updater.store(before || wanted);
    }
    ~StoreGradients() { updater.store(before); }
    StoreGradients(const StoreGradients&) = delete;
    StoreGradients& operator=(const StoreGradients&) = delete;

    Updater<T>& updater;
    bool before;
  };

  FitOptions options_;
  ModelState<T>& state_;
  bool takes_gradients_ = false;  // some callback does, between the backward pass and the update
  ModelRun<T> run_;
  std::unique_ptr<BatchSource<T>> train_source_;
  std::unique_ptr<BatchSource<T>> validation_source_;
  std::unique_ptr<Trainer<T>> train_;
  std::unique_ptr<Trainer<T>> validation_;
};

}  // namespace nacre
