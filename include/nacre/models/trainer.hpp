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
#include <nacre/models/penalties.hpp>
#include <nacre/models/scores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A model at work on a data set: it is trained on batches, or evaluated.
template <class T>
class Trainer {
 public:
  /// A model that is trained.
  /// @param gradients where gradients of the weights go, a block like the trainable one; by default the model's own.
  /// @param by_input  whether the loss is differentiated by the input, too.
  /// Throws ShapeError where the data does not go with the model.
  [[gnu::cold]] Trainer(ModelState<T>& state, Dataset data, std::int64_t batch_size, T* gradients = nullptr,
                        bool by_input = false)
      : Trainer(static_cast<const ModelState<T>&>(state), std::move(data), batch_size) {
    trained_ = &state;
    if (gradients == nullptr) {
      if (state.gradients.empty()) state.gradients = Buffer<T>(state.parameters.trainable().size());
      gradients = state.gradients.data();
    }
    const NetworkUse training{.training = true, .logits = scores_.logits(), .input_gradient = by_input};
    use(make_network(state, capacity(), training, gradients));
  }

  /// A model that is evaluated only.
  [[gnu::cold]] static Trainer evaluator(const ModelState<T>& state, Dataset data, std::int64_t batch_size) {
    Trainer made(state, std::move(data), batch_size);
    made.use(make_network(state, made.capacity(), {.logits = made.scores_.logits()}));
    return made;
  }

  BatchLoader<T>& loader() { return loader_; }
  Scores<T>& scores() { return scores_; }

  /// One training step on batch `batch` of the epoch: gather, forward, loss, backward, update. Allocates nothing.
  void train(std::int64_t batch, ThreadPool& pool) {
    backward(batch, pool);
    update(pool);
  }

  /// The first part of a step, up to the gradients; where the updater does not store them, weights are updated as they
  /// come. `update` or `abandon` ends it.
  void backward(std::int64_t batch, ThreadPool& pool) {
    Updater<T>& updater = *trained_->updater;
    const std::int64_t step = updater.step();
    updater.begin_step(trained_->parameters.trainable().data(), trained_->gradients.data());
    trained_->as_drawn = false;
    try {
      differentiate(batch, true, step, updater, pool);
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

  /// The loss of batch `batch` and its gradients, which go to `sink`.
  /// @param training, step whether layers behave as in training, and which step's random numbers they use.
  void differentiate(std::int64_t batch, bool training, std::int64_t step, GradientSink<T>& sink, ThreadPool& pool) {
    load(batch, pool);
    network_->forward(training, state_.seed, step, pool);
    score(true, pool);
    if (penalties_.empty()) return network_->backward(training, state_.seed, step, sink, pool);
    PenaltySink<T> penalized(penalties_, sink);
    network_->backward(training, state_.seed, step, penalized, pool);
  }

  /// By the last batch's input, where it was asked for.
  TensorView<T> input_gradient(std::size_t input = 0) { return network_->input_gradient(input); }

  /// Evaluates batch `batch`.
  void evaluate(std::int64_t batch, ThreadPool& pool) {
    load(batch, pool);
    network_->forward(false, state_.seed, 0, pool);
    score(false, pool);
  }

  /// Evaluates everything, in order.
  void evaluate_all(ThreadPool& pool) {
    scores_.reset();
    for (std::int64_t batch = 0; batch < loader_.batches(); ++batch) evaluate(batch, pool);
  }

 private:
  [[gnu::cold]] Trainer(const ModelState<T>& state, Dataset data, std::int64_t batch_size)
      : state_(state),
        loader_(check(state, std::move(data)), batch_size),
        scores_(state, loader_.dataset(), capacity()),
        penalties_(state.parameters) {
    state.layer_states.require_batches(loader_.dataset().size(), loader_.batch_size(), state.kind);
  }

  void score(bool wants_gradient, ThreadPool& pool) {
    const double penalty = (penalties_.empty() ? 0 : penalties_.total(pool)) + network_->activity_penalty();
    scores_.score(*network_, loader_.dataset(), penalty, wants_gradient, pool);
  }

  [[gnu::cold]] static Dataset check(const ModelState<T>& state, Dataset data) {
    require<ValueError>(data.has_targets(), state.kind, ": expected a data set with targets");
    data = data.in_order_of(state.graph.inputs, state.graph.output_names(), state.kind);
    for (std::size_t k = 0; k < state.inputs(); ++k) {
      const Shape& expected = state.input_shape(k);
      require<ShapeError>(data.feature_shape(k) == expected, state.kind, ": expected samples of shape ", expected,
                          ", got ", data.feature_shape(k), shape_hint(expected, data.feature_shape(k), data.size()));
      if (state.built_graph->inputs[k].integers) data.require_integers(state.kind, k);
    }
    for (std::size_t k = 0; k < state.outputs(); ++k) {
      const AnyLoss<T> loss = state.compiled->of_output(k, state.graph.output_names()).loss;
      if (!loss.has_value()) continue;
      const Shape& output = state.output_shape(k);
      loss.check_shapes(output, data.target_shape(k));
      if (loss.takes_class_numbers()) {
        const std::int64_t classes = output.empty() ? 1 : output.back();
        require<ValueError>(sizeof(T) > 4 || classes <= std::int64_t{1} << 24, loss.class_name(),
                            ": expected at most 2^24 classes, as targets beyond are not exact in float, got ", classes);
        data.require_class_numbers(classes, loss.class_name(), k);
      }
    }
    return data;
  }

  std::int64_t capacity() const { return loader_.batch_size(); }

  void load(std::int64_t batch, ThreadPool& pool) {
    network_->set_batch(loader_.samples(batch));
    loader_.load(batch, memory_, pool);
  }

  /// A network, and where batches go for it.
  [[gnu::cold]] void use(std::unique_ptr<Network<T>> network) {
    network_ = std::move(network);
    memory_ = BatchMemory<T>();
    for (std::size_t k = 0; k < state_.inputs(); ++k) {
      memory_.features.push_back(network_->input(k));
      memory_.integers.push_back(network_->takes_integers(k));
    }
    for (std::size_t k = 0; k < scores_.size(); ++k) {
      memory_.targets.push_back(scores_[k].targets());
      memory_.sample_weights.push_back(loader_.dataset().has_sample_weights(k) ? scores_[k].sample_weights() : nullptr);
    }
  }

  const ModelState<T>& state_;
  ModelState<T>* trained_ = nullptr;
  BatchLoader<T> loader_;
  Scores<T> scores_;
  Penalties<T> penalties_;
  BatchMemory<T> memory_;
  std::unique_ptr<Network<T>> network_;
};

/// Trains a model for the epochs that `options` says. Keras' fit.
template <class T>
class Fit {
 public:
  Fit(BasicModel<T>& model, ModelState<T>& state, const Dataset& data, FitOptions options)
      : options_(std::move(options)), state_(state), run_(model, state) {
    check();
    auto [train, validation] = parts(data);
    train_.emplace(state, weigh(std::move(train)), options_.batch_size);
    if (validation) {
      validation_.emplace(Trainer<T>::evaluator(state, *std::move(validation),
                                                options_.validation_batch_size.value_or(options_.batch_size)));
      require<ValueError>(!state.layer_states.any() || capacity(*train_) == capacity(*validation_),
                          "fit: a layer keeps "
                          "state for each sample of a batch: expected batches of one size in training and validation, "
                          "got ",
                          capacity(*train_), " and ", capacity(*validation_), " samples");
    }
    for (const AnyCallback& callback : options_.callbacks) run_.callbacks_set_logs |= callback.sets_logs();
    if (options_.verbose > 0) options_.callbacks.push_back(ProgressBar());  // behind all who write into the logs
    run_.epochs = options_.epochs;
    run_.verbose = options_.verbose;
    run_.steps = train_->loader().batches();
    run_.samples = train_->loader().dataset().size();
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
      run_.validates = !validation_ || (run_.epoch + 1 - options_.initial_epoch) % options_.validation_freq == 0;
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
  static std::int64_t capacity(Trainer<T>& trainer) { return trainer.loader().batch_size(); }

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
    train_->scores().reset();
    train_->scores().write(run_.logs);  // puts the names in their place, so that no step allocates
    const std::shared_ptr<ThreadPool> pool = thread_pool();
    for (run_.step = 0; run_.step < run_.steps && !run_.stopped(); ++run_.step) {
      each(&AnyCallback::on_train_batch_begin);
      if (takes_gradients_) show_gradients(*pool);
      {
        const ComputeScope scope;  // callbacks are the user's, and run as the user has it; less than 0.1 microseconds
        if (takes_gradients_) {
          train_->update(*pool);
        } else {
          train_->train(run_.step, *pool);
        }
        train_->scores().write(run_.logs);
      }
      each(&AnyCallback::on_train_batch_end);
    }
  }

  /// The first part of a step, and callbacks that look at its gradients before the second.
  void show_gradients(ThreadPool& pool) {
    {
      const ComputeScope scope;
      train_->backward(run_.step, pool);
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
    const ComputeScope scope;
    validation_->evaluate_all(*thread_pool());
    validation_->scores().write(run_.logs, "val_");
  }

  void finalize() {
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
  std::optional<Trainer<T>> train_;
  std::optional<Trainer<T>> validation_;
};

}  // namespace nacre
