#pragma once
// Bodies of models/sequential.hpp.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include <nacre/core/snake_case.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/models/trainer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// While one lives, a model is in training.
class TrainingScope {
 public:
  explicit TrainingScope(Trainings& trainings) : trainings_(trainings) { ++trainings_.count; }
  ~TrainingScope() { --trainings_.count; }
  TrainingScope(const TrainingScope&) = delete;
  TrainingScope& operator=(const TrainingScope&) = delete;

 private:
  Trainings& trainings_;
};

/// Keeps gradients in a block laid out as the trainable weights.
template <class T>
class GradientStore final : public GradientSink<T> {
 public:
  explicit GradientStore(T* values) : values_(values) {}
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    T* place = values_ + offset;
    if (gradient != place) std::copy_n(gradient, count, place);
  }

 private:
  T* values_;
};

/// `wanted`, or where it is taken with the first number behind it that is not.
[[gnu::cold]] inline std::string free_name(const std::vector<std::string>& taken, const std::string& wanted) {
  std::string name = wanted;
  for (int number = 1; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number) {
    name = wanted + "_" + std::to_string(number);
  }
  return name;
}

[[gnu::cold]] inline void require_new_name(const std::vector<std::string>& taken, const std::string& name) {
  require<ValueError>(std::find(taken.begin(), taken.end(), name) == taken.end(),
                      "Sequential: expected layers of different names, got \"", name, "\" twice");
}

}  // namespace detail

// ---- the state
// --------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] BasicSequential<T>::BasicSequential() : state_(std::make_shared<ModelState<T>>()) {}
template <class T>
[[gnu::cold]] BasicSequential<T>::BasicSequential(const BasicSequential& other)
    : state_(std::make_shared<ModelState<T>>(other.state())) {}
template <class T>
BasicSequential<T>::BasicSequential(BasicSequential&& other) noexcept = default;
template <class T>
BasicSequential<T>::~BasicSequential() = default;

template <class T>
[[gnu::cold]] BasicSequential<T>& BasicSequential<T>::operator=(const BasicSequential& other) {
  return *this = BasicSequential(other);
}
template <class T>
[[gnu::cold]] BasicSequential<T>& BasicSequential<T>::operator=(BasicSequential&& other) {
  if (state_) changeable("assignment");
  state_.swap(other.state_);
  return *this;
}

template <class T>
const ModelState<T>& BasicSequential<T>::state() const {
  require<StateError>(state_ != nullptr, "Sequential: this model was moved from; assign another one to it");
  return *state_;
}
template <class T>
ModelState<T>& BasicSequential<T>::state() {
  static_cast<void>(std::as_const(*this).state());
  return *state_;
}

template <class T>
[[gnu::cold]] ModelState<T>& BasicSequential<T>::changeable(const char* call) {
  require<StateError>(
      state().trainings.count == 0, "Sequential: ", call,
      ": expected a model that is not being trained; call it before fit or after it, not from a callback");
  return *state_;
}

template <class T>
[[gnu::cold]] const ModelState<T>& BasicSequential<T>::need_built(const char* call) const {
  require<StateError>(built(), "Sequential: ", call,
                      ": expected a model that is built; begin it with Input(shape), or call build(shape) or fit");
  return *state_;
}

template <class T>
[[gnu::cold]] ModelState<T>& BasicSequential<T>::ready_to_train(const char* call, const Dataset& data) {
  ModelState<T>& state = changeable(call);
  require<StateError>(compiled(), "Sequential: ", call,
                      ": expected a compiled model; call compile({.optimizer = ..., .loss = ...}) before it");
  if (!built()) build(data.feature_shape());
  return state;
}

template <class T>
bool BasicSequential<T>::built() const {
  return state().built();
}
template <class T>
bool BasicSequential<T>::compiled() const {
  return state().compiled.has_value();
}
template <class T>
std::uint64_t BasicSequential<T>::seed() const {
  return state().seed;
}
template <class T>
const std::string& BasicSequential<T>::name() const {
  return state().name;
}
template <class T>
const Shape& BasicSequential<T>::input_shape() const {
  return *need_built("input_shape").input_shape;
}
template <class T>
const Shape& BasicSequential<T>::output_shape() const {
  return need_built("output_shape").output_shape();
}
template <class T>
const std::vector<AnyLayer<T>>& BasicSequential<T>::layers() const {
  return state().layers;
}
template <class T>
const std::vector<std::string>& BasicSequential<T>::layer_names() const {
  return state().names;
}

// ---- building
// ---------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] BasicSequential<T>::BasicSequential(std::initializer_list<AnyLayer<T>> layers, std::string name)
    : BasicSequential() {
  state_->name = std::move(name);
  for (const AnyLayer<T>& layer : layers) add(layer, false);
  if (state_->declared_input) state_->build(*state_->declared_input);
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::add(AnyLayer<T> layer) {
  add(std::move(layer), true);
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::add(AnyLayer<T> layer, bool build) {
  ModelState<T>& state = changeable("add");
  if (const auto* input = layer.template get_if<Input>()) {
    require<StateError>(state.layers.empty() && !state.declared_input,
                        "Sequential: expected Input as the first layer only");
    if (build) state.build(input->shape);
    state.declared_input = input->shape;
    return;
  }
  std::string given = layer.name();
  if (given.empty()) given = detail::free_name(state.names, snake_case(layer.class_name()));
  detail::require_new_name(state.names, given);
  state.append(std::move(layer), std::move(given), build);
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::build(const Shape& input_shape) {
  ModelState<T>& state = changeable("build");
  require<ShapeError>(!state.declared_input || *state.declared_input == input_shape,
                      "Sequential: expected samples of shape ", state.declared_input.value_or(Shape()),
                      ", as Input says, got ", input_shape);
  state.build(input_shape);
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::set_seed(std::uint64_t seed) {
  ModelState<T>& state = changeable("set_seed");
  if (seed == state.seed) return;
  require<StateError>(!state.built() || state.as_drawn,
                      "Sequential: set_seed: the weights have been trained, loaded or written to; call it before, or "
                      "build(shape) to draw new ones");
  const std::uint64_t before = std::exchange(state.seed, seed);
  try {
    if (state.built()) state.build(*state.input_shape);
  } catch (...) {
    state.seed = before;
    throw;
  }
}

// ---- layers and weights
// -----------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] const AnyLayer<T>& BasicSequential<T>::layer(std::string_view layer_name) const {
  const ModelState<T>& state = this->state();
  std::string known;
  for (std::size_t i = 0; i < state.names.size(); ++i) {
    if (state.names[i] == layer_name) return state.layers[i];
    known += (i > 0 ? ", " : "") + state.names[i];
  }
  throw ValueError(text("Sequential: expected a layer's name, one of ", known, ", got \"", layer_name, "\""));
}

template <class T>
[[gnu::cold]] std::vector<std::string> BasicSequential<T>::weight_names() const {
  std::vector<std::string> found;
  for (const Weight& weight : state().parameters.weights()) found.push_back(weight.name);
  return found;
}

template <class T>
[[gnu::cold]] TensorView<T> BasicSequential<T>::weight(std::string_view weight_name) {
  need_built("weight");
  const Weight& found = state_->parameters.find(weight_name);
  state_->as_drawn = false;
  return {state_->parameters.data(found), found.spec.shape};
}
template <class T>
[[gnu::cold]] TensorView<const T> BasicSequential<T>::weight(std::string_view weight_name) const {
  const Parameters<T>& parameters = need_built("weight").parameters;
  const Weight& found = parameters.find(weight_name);
  return {parameters.data(found), found.spec.shape};
}

template <class T>
[[gnu::cold]] std::int64_t BasicSequential<T>::count_params(bool trainable_only) const {
  const Parameters<T>& parameters = state().parameters;
  return parameters.count(true) + (trainable_only ? 0 : parameters.count(false));
}

template <class T>
[[gnu::cold]] std::string BasicSequential<T>::summary_text() const {
  return summary_of(state());
}
template <class T>
[[gnu::cold]] void BasicSequential<T>::summary() const {
  std::fputs(detail::printable_lines(summary_text()).c_str(), stdout);  // names may come from a file
  std::fflush(stdout);
}

// ---- training
// ---------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] void BasicSequential<T>::compile(CompileOptions<T> options) {
  ModelState<T>& state = changeable("compile");
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
  state.compile(std::move(options));
}

template <class T>
History BasicSequential<T>::fit(const Dataset& data, FitOptions options) {
  ready_to_train("fit", data);
  const std::shared_ptr<ModelState<T>> state = state_;  // lives on where a callback moves the model away
  const detail::TrainingScope training(state->trainings);
  return Fit<T>(*this, *state, data, std::move(options)).run();
}

template <class T>
Evaluation BasicSequential<T>::evaluate(const Dataset& data, EvaluateOptions options) const {
  need_built("evaluate");
  require<StateError>(compiled(),
                      "Sequential: evaluate: expected a compiled model; call compile({.optimizer = ..., .loss = ...}) "
                      "before it");
  const ComputeScope scope;
  const Dataset weighted = options.sample_weight.empty() ? data : data.with_sample_weights(options.sample_weight);
  Trainer<T> evaluator(*state_, weighted, options.batch_size, false);
  evaluator.evaluate_all(*thread_pool());
  Evaluation result;
  evaluator.scorer().write(result);
  return result;
}

template <class T>
Logs BasicSequential<T>::test_on_batch(const Dataset& batch) const {
  EvaluateOptions options;
  options.batch_size = std::max<std::int64_t>(batch.size(), 1);
  return evaluate(batch, std::move(options));
}

template <class T>
Logs BasicSequential<T>::train_on_batch(const Dataset& batch) {
  ModelState<T>& state = ready_to_train("train_on_batch", batch);
  const ComputeScope scope;
  Trainer<T> trainer(state, batch, batch.size(), true);
  trainer.train(0, *thread_pool());
  Logs logs;
  trainer.scorer().write(logs);
  return logs;
}

template <class T>
Gradients<T> BasicSequential<T>::gradients(const Dataset& batch, GradientOptions options) {
  ModelState<T>& state = ready_to_train("gradients", batch);
  const ComputeScope scope;
  std::vector<typename Gradients<T>::Place> places;
  for (const Weight& weight : state.parameters.weights()) {
    if (weight.spec.trainable)
      places.push_back({weight.name, weight.spec.shape, static_cast<std::size_t>(weight.offset)});
  }
  Buffer<T> values(state.parameters.trainable().size());
  T* first = values.data();
  Gradients<T> result(std::move(places), std::move(values));
  Trainer<T> trainer(state, batch, batch.size(), true, first, options.by_input);
  if (options.by_input) result.input.resize(trainer.input_gradient().shape());
  const std::int64_t step = options.step >= 0 ? options.step : state.updater->step();
  detail::GradientStore<T> store(first);
  trainer.differentiate(0, options.training, step, store, *thread_pool());
  // Averages may have moved: from here on nothing fails.
  result.loss = trainer.scorer().batch_loss();
  if (options.by_input) std::copy_n(trainer.input_gradient().elements(), result.input.size(), result.input.data());
  return result;
}

template <class T>
void BasicSequential<T>::apply_gradients(const Gradients<T>& gradients) {
  need_built("apply_gradients");
  ModelState<T>& state = changeable("apply_gradients");
  require<StateError>(state.updater.has_value(),
                      "Sequential: apply_gradients: expected a compiled model; call compile({.optimizer = ..., .loss = "
                      "...}) before it");
  require<ShapeError>(gradients.values().size() == state.parameters.trainable().size(),
                      "Sequential: apply_gradients: expected gradients of this model, a block of ",
                      state.parameters.trainable().size(), " numbers, got ", gradients.values().size());
  const ComputeScope scope;
  Buffer<T> values = gradients.values();  // which the optimizer may overwrite
  Updater<T>& updater = *state.updater;
  updater.begin_step(state.parameters.trainable().data(), values.data());
  for (const Segment& segment : updater.segments()) {
    updater.take(segment.offset, values.data() + segment.offset, segment.count);
  }
  updater.finish_step(*thread_pool());
  state.as_drawn = false;
}

// ---- predictions
// ------------------------------------------------------------------------------------------------------

template <class T>
xt::xarray<T> BasicSequential<T>::predict(const Dataset& data, PredictOptions options) const {
  const ModelState<T>& state = need_built("predict");
  require<ValueError>(options.batch_size >= 1, "predict: expected batch_size of 1 or more, got ", options.batch_size);
  require<ShapeError>(data.feature_shape() == *state.input_shape, "predict: expected samples of shape ",
                      *state.input_shape, ", got ", data.feature_shape(),
                      shape_hint(*state.input_shape, data.feature_shape(), data.size()));
  const Shape shape = state.output_shape().with_batch(data.size());
  auto result = xt::xarray<T>::from_shape(std::vector<std::size_t>(shape.begin(), shape.end()));
  if (data.empty()) return result;
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const std::int64_t size = state.output_shape().size();
  const std::int64_t sample_size = state.input_shape->size();
  const std::int64_t batch = std::min(options.batch_size, data.size());
  std::unique_ptr<Network<T>> network = state.idle.take(batch);
  if (!network) network = make_network(*state_, batch, {});
  for (std::int64_t first = 0; first < data.size(); first += batch) {
    const std::int64_t count = std::min(batch, data.size() - first);
    network->set_batch(count);
    pool->run(count, [&](std::int64_t i, int) {
      data.features_column().gather(data.row(first + i), network->input() + i * sample_size);
    });
    network->forward(false, state.seed, 0, *pool);
    std::copy_n(network->output().elements(), count * size, result.data() + first * size);
  }
  state.idle.give(std::move(network));
  return result;
}

}  // namespace nacre
