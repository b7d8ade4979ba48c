#pragma once
// Sequential: a model of layers one after another.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/metrics/metric.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model_run.hpp>
#include <nacre/models/model_state.hpp>

#if NACRE_DEFINES
#include <nacre/models/network.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/models/trainer.hpp>
#endif

namespace nacre {

template <class T>
class Network;

namespace detail {

/// Networks for predictions that are not in use just now. A copy is empty: networks belong to one model's weights.
template <class T>
class IdleNetworks {
 public:
  IdleNetworks() = default;
  IdleNetworks(const IdleNetworks&) {}
  IdleNetworks& operator=(const IdleNetworks&) {
    clear();
    return *this;
  }

  /// A network for batches of at least `batch`, or nullptr.
  std::unique_ptr<Network<T>> take(std::int64_t batch) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < networks_.size(); ++i) {
      if (networks_[i]->capacity() < batch) continue;
      std::swap(networks_[i], networks_.back());
      std::unique_ptr<Network<T>> network = std::move(networks_.back());
      networks_.pop_back();
      return network;
    }
    return nullptr;
  }

  void give(std::unique_ptr<Network<T>> network) {
    const std::lock_guard lock(mutex_);
    // Of two sizes the larger serves both.
    if (networks_.size() > 8) networks_.erase(networks_.begin());
    networks_.push_back(std::move(network));
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    networks_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Network<T>>> networks_;
};

}  // namespace detail

/// A model of layers one after another, float unless `Sequential<double>` is asked for. It owns all weights, and copies
/// by value. With an `Input` first it is built at once, otherwise by the first data it sees.
///
/// Its seed (`set_random_seed` before it is made, or `set_seed`) determines the first weights, the order of samples and
/// what dropout drops: the same seed gives the same bits on any number of threads.
template <class T = float>
class Sequential {
 public:
  Sequential();
  Sequential(const Sequential&);
  Sequential(Sequential&&) noexcept;
  Sequential& operator=(const Sequential&);
  Sequential& operator=(Sequential&&) noexcept;
  ~Sequential();

  /// Throws what `add` throws.
  Sequential(std::initializer_list<AnyLayer<T>> layers, std::string name = "sequential");

  /// Adds a layer at the end; what had been learned is lost. Throws ValueError for a name that is taken, StateError for
  /// an Input that does not come first.
  void add(AnyLayer<T> layer);

  /// Builds the model for samples of that shape, the batch not counted, and draws its first weights; again, if it had
  /// been built. Throws ShapeError, naming the layer, where the layers do not fit together.
  void build(const Shape& input_shape);
  bool built() const { return state_.built(); }

  /// Sets the seed. Throws StateError once the model has been built, since its weights were drawn with the old one.
  void set_seed(std::uint64_t seed) {
    require<StateError>(!built() || seed == state_.seed,
                        "Sequential: set_seed: the weights have been drawn; call it, or set_random_seed, before build");
    state_.seed = seed;
  }
  std::uint64_t seed() const { return state_.seed; }

  const std::string& name() const { return state_.name; }
  /// Shape of a sample. Throws StateError before the model is built.
  const Shape& input_shape() const { return need_built("input_shape"), *state_.input_shape; }
  /// Shape of a sample's output. Throws StateError before the model is built.
  const Shape& output_shape() const { return need_built("output_shape"), state_.output_shape(); }

  // ---- layers and weights -------------------------------------------------------------------------------------------

  const std::vector<AnyLayer<T>>& layers() const { return state_.layers; }
  const std::vector<std::string>& layer_names() const { return state_.names; }

  /// The layer of that name. Throws ValueError, with the names there are, where there is none.
  const AnyLayer<T>& layer(std::string_view layer_name) const;

  /// Names of all weights: "dense/kernel".
  std::vector<std::string> weight_names() const {
    std::vector<std::string> found;
    for (const Weight& weight : state_.parameters.weights()) found.push_back(weight.name);
    return found;
  }

  /// The weight of that name, to be read, or written to: `model.weight("dense/bias") = xt::zeros<float>({10})`. Throws
  /// StateError before the model is built and ValueError for a name that is not known.
  TensorView<T> weight(std::string_view weight_name) {
    need_built("weight");
    const Weight& found = state_.parameters.find(weight_name);
    return {state_.parameters.data(found), found.spec.shape};
  }
  TensorView<const T> weight(std::string_view weight_name) const {
    need_built("weight");
    const Weight& found = state_.parameters.find(weight_name);
    return {state_.parameters.data(found), found.spec.shape};
  }

  /// Number of parameters, of those that training changes or of all.
  std::int64_t count_params(bool trainable_only = false) const {
    return state_.parameters.count(true) + (trainable_only ? 0 : state_.parameters.count(false));
  }

  /// Keras' table of layers and parameters, as a text.
  std::string summary_text() const;
  /// Prints it.
  void summary() const {
    std::fputs(detail::printable_lines(summary_text()).c_str(), stdout);  // names may come from a file
    std::fflush(stdout);
  }

  // ---- training -----------------------------------------------------------------------------------------------------

  /// Says how to learn and what to measure; what the optimizer had gathered is lost. Throws ValueError for two metrics
  /// of one name.
  void compile(CompileOptions<T> options);
  bool compiled() const { return state_.compiled.has_value(); }

  /// Trains on a data set and returns the losses and metrics of each epoch. Throws StateError before `compile`,
  /// ShapeError where the data does not go with the model, ValueError for options outside their range.
  History fit(const Dataset& data, FitOptions options = {});

  /// The same with x (samples, ...) and y (samples, ...) as xtensor, std::vector, std::span, arrays or `samples(memory, shape)`,
  /// which are not copied.
  template <class X, class Y>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) History fit(X&& x, Y&& y, FitOptions options = {}) {
    return fit(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options));
  }

  /// Loss and metrics of a data set. Throws as `fit` does.
  Evaluation evaluate(const Dataset& data, EvaluateOptions options = {}) const;
  template <class X, class Y>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) Evaluation evaluate(X&& x, Y&& y, EvaluateOptions options = {})
  const { return evaluate(Dataset::view(std::forward<X>(x), std::forward<Y>(y)), std::move(options)); }

  /// One training step on one batch; returns its loss and metrics.
  Logs train_on_batch(const Dataset& batch);
  template <class X, class Y>
  Logs train_on_batch(X&& x, Y&& y) {
    return train_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)));
  }

  /// Loss and metrics of one batch.
  Logs test_on_batch(const Dataset& batch) const {
    EvaluateOptions options;
    options.batch_size = std::max<std::int64_t>(batch.size(), 1);
    return evaluate(batch, std::move(options));
  }
  template <class X, class Y>
  Logs test_on_batch(X&& x, Y&& y) const {
    return test_on_batch(Dataset::view(std::forward<X>(x), std::forward<Y>(y)));
  }

  // ---- predictions --------------------------------------------------------------------------------------------------

  /// The outputs for x (samples, ...), as (samples, output shape...). Safe from several threads at once. Throws
  /// StateError before the model is built, ShapeError for samples of another shape.
  template <class X>
  requires(!std::is_same_v<std::decay_t<X>, Dataset>) xt::xarray<T> predict(X&& x, PredictOptions options = {}) const {
    return predict(Dataset::view(std::forward<X>(x)), options);
  }
  xt::xarray<T> predict(const Dataset& data, PredictOptions options = {}) const;

  /// Everything the model consists of: for saving, reports and tools.
  const ModelState<T>& state() const { return state_; }
  ModelState<T>& state() { return state_; }

 private:
  void append(AnyLayer<T> layer);

  bool is_taken(const std::string& layer_name) const {
    return std::find(state_.names.begin(), state_.names.end(), layer_name) != state_.names.end();
  }

  void prepare(const char* call, const Dataset& data) {
    need_compiled(call);
    if (!built()) build(data.feature_shape());
  }

  void need_built(const char* call) const {
    require<StateError>(built(), "Sequential: ", call,
                        ": expected a model that is built; begin it with Input(shape), or call ",
                        "build(shape) or fit");
  }
  void need_compiled(const char* call) const {
    require<StateError>(compiled(), "Sequential: ", call,
                        ": expected a compiled model; call compile({.optimizer = ..., .loss = "
                        "...}) before it");
  }

  ModelState<T> state_;
  mutable detail::IdleNetworks<T> idle_;
};

#if NACRE_DEFINES

template <class T>
Sequential<T>::Sequential() = default;
template <class T>
Sequential<T>::Sequential(const Sequential&) = default;
template <class T>
Sequential<T>::Sequential(Sequential&&) noexcept = default;
template <class T>
Sequential<T>& Sequential<T>::operator=(const Sequential&) = default;
template <class T>
Sequential<T>& Sequential<T>::operator=(Sequential&&) noexcept = default;
template <class T>
Sequential<T>::~Sequential() = default;

template <class T>
Sequential<T>::Sequential(std::initializer_list<AnyLayer<T>> layers, std::string name) {
  state_.name = std::move(name);
  for (const AnyLayer<T>& layer : layers) append(layer);
  if (state_.declared_input) state_.build(*state_.declared_input);
}

template <class T>
void Sequential<T>::add(AnyLayer<T> layer) {
  append(std::move(layer));
  idle_.clear();
  const std::optional<Shape> input = state_.declared_input ? state_.declared_input : state_.input_shape;
  if (input) state_.build(*input);
}

template <class T>
void Sequential<T>::build(const Shape& input_shape) {
  require<ShapeError>(!state_.declared_input || *state_.declared_input == input_shape,
                      "Sequential: expected samples of shape ", state_.declared_input.value_or(Shape()),
                      ", as Input says, got ", input_shape);
  idle_.clear();
  state_.build(input_shape);
}

template <class T>
const AnyLayer<T>& Sequential<T>::layer(std::string_view layer_name) const {
  std::string known;
  for (std::size_t i = 0; i < state_.names.size(); ++i) {
    if (state_.names[i] == layer_name) return state_.layers[i];
    known += (i > 0 ? ", " : "") + state_.names[i];
  }
  throw ValueError(text("Sequential: expected a layer's name, one of ", known, ", got \"", layer_name, "\""));
}

template <class T>
void Sequential<T>::compile(CompileOptions<T> options) {
  std::vector<std::string> taken{"loss"};
  for (const auto* metrics : {&options.metrics, &options.weighted_metrics}) {
    for (const AnyMetric<T>& metric : *metrics) {
      require<ValueError>(std::find(taken.begin(), taken.end(), metric.name()) == taken.end(),
                          "compile: expected metrics of different names, got \"", metric.name(),
                          "\" twice; give one a name of its own");
      taken.push_back(metric.name());
    }
  }
  state_.compiled = std::move(options);
  state_.make_updater();
}

template <class T>
History Sequential<T>::fit(const Dataset& data, FitOptions options) {
  prepare("fit", data);
  return Fit<T>(*this, state_, data, std::move(options)).run();
}

template <class T>
Evaluation Sequential<T>::evaluate(const Dataset& data, EvaluateOptions options) const {
  need_built("evaluate");
  need_compiled("evaluate");
  const ComputeScope scope;
  const Dataset weighted = options.sample_weight.empty() ? data : data.with_sample_weights(options.sample_weight);
  // Judging reads the weights only; the network's type does not tell.
  Trainer<T> judge(const_cast<ModelState<T>&>(state_), weighted, options.batch_size, false);
  judge.judge_all(*thread_pool());
  Evaluation result;
  judge.scorer().write(result);
  return result;
}

template <class T>
Logs Sequential<T>::train_on_batch(const Dataset& batch) {
  prepare("train_on_batch", batch);
  const ComputeScope scope;
  Trainer<T> trainer(state_, batch, batch.size(), true);
  trainer.train(0, *thread_pool());
  Logs logs;
  trainer.scorer().write(logs);
  return logs;
}

template <class T>
xt::xarray<T> Sequential<T>::predict(const Dataset& data, PredictOptions options) const {
  need_built("predict");
  require<ValueError>(options.batch_size >= 1, "predict: expected batch_size of 1 or more, got ", options.batch_size);
  require<ShapeError>(data.feature_shape() == *state_.input_shape, "predict: expected samples of shape ",
                      *state_.input_shape, ", got ", data.feature_shape(),
                      data.feature_shape().size() * data.size() == state_.input_shape->size()
                          ? "; the first axis counts the samples"
                          : "");
  const Shape shape = state_.output_shape().with_batch(data.size());
  auto result = xt::xarray<T>::from_shape(std::vector<std::size_t>(shape.begin(), shape.end()));
  if (data.empty()) return result;
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const std::int64_t size = state_.output_shape().size();
  const std::int64_t batch = std::min(options.batch_size, data.size());
  std::unique_ptr<Network<T>> network = idle_.take(batch);
  if (!network) network = make_network(const_cast<ModelState<T>&>(state_), batch, {});
  for (std::int64_t first = 0; first < data.size(); first += batch) {
    const std::int64_t count = std::min(batch, data.size() - first);
    network->set_batch(count);
    const std::int64_t sample_size = state_.input_shape->size();
    pool->run(count, [&](std::int64_t i, int) {
      data.features_column().gather(data.row(first + i), network->input() + i * sample_size);
    });
    network->forward(false, state_.seed, 0, *pool);
    std::copy_n(network->output().elements(), count * size, result.data() + first * size);
  }
  idle_.give(std::move(network));
  return result;
}

template <class T>
void Sequential<T>::append(AnyLayer<T> layer) {
  if (const auto* input = layer.template get_if<Input>()) {
    require<StateError>(state_.layers.empty() && !state_.declared_input,
                        "Sequential: expected Input as the first layer only");
    state_.declared_input = input->shape;
    return;
  }
  std::string given = layer.name();
  if (given.empty()) {
    const std::string base = snake_case(layer.class_name());
    given = base;
    for (int number = 1; is_taken(given); ++number) given = base + "_" + std::to_string(number);
  }
  require<ValueError>(!is_taken(given), "Sequential: expected layers of different names, got \"", given, "\" twice");
  state_.names.push_back(std::move(given));
  state_.layers.push_back(std::move(layer));
}

template <class T>
std::string Sequential<T>::summary_text() const {
  return summary_of(state_);
}

#endif

NACRE_INSTANCE(class Sequential<float>);
NACRE_INSTANCE(class Sequential<double>);

/// `Sequential model{Dense(10), ...}` is a Sequential<float>.
Sequential(std::initializer_list<AnyLayer<float>>)->Sequential<float>;
template <class... Layers>
requires(!std::is_same_v<Layers, std::string> && ...) Sequential(Layers...)
->Sequential<float>;

}  // namespace nacre
