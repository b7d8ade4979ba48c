#pragma once
// Bodies of models/model.hpp.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/core/snake_case.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/network.hpp>
#include <nacre/models/model.hpp>
#include <nacre/models/nested_model.hpp>
#include <nacre/models/predictions.hpp>
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

/// A data set whose samples count as these weights say, which may be none, times those of their classes.
[[gnu::cold]] inline Dataset weighted(const Dataset& data, const std::vector<double>& sample_weight,
                                      const std::map<std::int64_t, double>& class_weight) {
  const Dataset by_sample = sample_weight.empty() ? data : data.with_sample_weights(sample_weight);
  return class_weight.empty() ? by_sample : by_sample.with_class_weights(class_weight);
}

}  // namespace detail

// ---- the state ------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] BasicModel<T>::BasicModel() : BasicModel(ModelState<T>()) {}
template <class T>
[[gnu::cold]] BasicModel<T>::BasicModel(ModelState<T> state)
    : state_(std::make_shared<ModelState<T>>(std::move(state))) {
  detail::require_scalar<T>();
}
template <class T>
[[gnu::cold]] BasicModel<T>::BasicModel(const BasicModel& other)
    : state_(std::make_shared<ModelState<T>>(other.state())) {}
template <class T>
BasicModel<T>::BasicModel(BasicModel&& other) noexcept = default;
template <class T>
BasicModel<T>::~BasicModel() = default;

template <class T>
[[gnu::cold]] BasicModel<T>& BasicModel<T>::operator=(const BasicModel& other) {
  return *this = BasicModel(other);
}
template <class T>
[[gnu::cold]] BasicModel<T>& BasicModel<T>::operator=(BasicModel&& other) {
  if (state_) changeable("assignment");
  state_.swap(other.state_);
  return *this;
}

template <class T>
const ModelState<T>& BasicModel<T>::state() const {
  require<StateError>(state_ != nullptr, "this model was moved from; assign another one to it");
  return *state_;
}
template <class T>
ModelState<T>& BasicModel<T>::state() {
  static_cast<void>(std::as_const(*this).state());
  return *state_;
}

template <class T>
[[gnu::cold]] ModelState<T>& BasicModel<T>::changeable(const char* call) {
  ModelState<T>& own = state();
  require<StateError>(own.trainings.count == 0, own.kind, ": ", call,
                      ": expected a model that is not being trained; call it before fit or after it, not from a "
                      "callback or a generator");
  return own;
}

template <class T>
[[gnu::cold]] const ModelState<T>& BasicModel<T>::need_built(const char* call) const {
  const ModelState<T>& own = state();
  require<StateError>(own.built(), own.kind, ": ", call,
                      ": expected a model that is built; begin it with Input(shape), or call build(shape) or fit");
  return own;
}

template <class T>
[[gnu::cold]] ModelState<T>& BasicModel<T>::ready_to_train(const char* call, const Shape& sample) {
  ModelState<T>& state = changeable(call);
  require<StateError>(compiled(), state.kind, ": ", call,
                      ": expected a compiled model; call compile({.optimizer = ..., .loss = ...}) before it");
  if (!built()) build(sample);
  return state;
}

template <class T>
bool BasicModel<T>::built() const {
  return state().built();
}
template <class T>
bool BasicModel<T>::compiled() const {
  return state().compiled.has_value();
}
template <class T>
std::uint64_t BasicModel<T>::seed() const {
  return state().seed;
}
template <class T>
const std::string& BasicModel<T>::name() const {
  return state().name;
}
template <class T>
const Shape& BasicModel<T>::input_shape(std::size_t input) const {
  const ModelState<T>& state = need_built("input_shape");
  require<ValueError>(input < state.inputs(), state.kind, ": expected an input below ", state.inputs(), ", got ",
                      input);
  return state.input_shape(input);
}
template <class T>
const Shape& BasicModel<T>::output_shape(std::size_t output) const {
  const ModelState<T>& state = need_built("output_shape");
  require<ValueError>(output < state.outputs(), state.kind, ": expected an output below ", state.outputs(), ", got ",
                      output);
  return state.output_shape(output);
}
template <class T>
[[gnu::cold]] List<Layer> BasicModel<T>::layers() const {
  List<Layer> found;
  for (const GraphNode& node : state().graph.nodes) found.push_back(node.layer);
  return found;
}
template <class T>
[[gnu::cold]] std::vector<std::string> BasicModel<T>::layer_names() const {
  std::vector<std::string> found;
  for (const GraphNode& node : state().graph.nodes) found.push_back(node.name);
  return found;
}

// ---- building -------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] BasicModel<T>::BasicModel(const SymbolicTensors& inputs, const SymbolicTensors& outputs, std::string name)
    : BasicModel() {
  ModelState<T>& state = *state_;
  state.kind = "Model";
  state.name = std::move(name);
  state.graph = make_graph(inputs, outputs);
  state.declared_inputs.emplace();
  for (const SymbolicTensor& input : inputs) state.declared_inputs->push_back(detail::spec_of(input));
  state.build(*state.declared_inputs);
  for (GraphNode& node : state.graph.nodes) node.source = nullptr;  // its weights are this model's from now on
}

template <class T>
[[gnu::cold]] void BasicModel<T>::build(const Shape& input_shape) {
  ModelState<T>& state = changeable("build");
  require<StateError>(state.inputs() == 1, state.kind, ": build: expected a model of one input, got ", state.inputs());
  require<ShapeError>(!state.declared_inputs || state.declared_inputs->front().shape == input_shape, state.kind,
                      ": expected samples of shape ",
                      state.declared_inputs ? state.declared_inputs->front().shape : Shape(), ", as Input says, got ",
                      input_shape);
  state.build(state.declared_inputs.value_or(List<TensorSpec>{{input_shape}}));
}

template <class T>
[[gnu::cold]] void BasicModel<T>::set_seed(std::uint64_t seed) {
  ModelState<T>& state = changeable("set_seed");
  if (seed == state.seed) return;
  require<StateError>(!state.built() || state.as_drawn, state.kind,
                      ": set_seed: the weights have been trained, loaded or written to; call it before, or "
                      "build(shape) to draw new ones");
  const std::uint64_t before = std::exchange(state.seed, seed);
  try {
    if (state.built()) state.build(List<TensorSpec>(state.built_graph->inputs));
  } catch (...) {
    state.seed = before;
    throw;
  }
}

// ---- layers and weights ---------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] const Layer& BasicModel<T>::layer(std::string_view layer_name) const {
  const Graph& graph = state().graph;
  return graph.nodes[graph.find(layer_name, state().kind)].layer;
}

template <class T>
[[gnu::cold]] void BasicModel<T>::set_trainable(std::string_view layer_name, bool trainable) {
  ModelState<T>& state = changeable("set_trainable");
  GraphNode& node = state.graph.nodes[state.graph.find(layer_name, state.kind)];
  if (std::exchange(node.trainable, trainable) == trainable || !state.built()) return;
  try {
    state.rebuild(List<TensorSpec>(state.built_graph->inputs));
  } catch (...) {
    node.trainable = !trainable;
    throw;
  }
}

template <class T>
[[gnu::cold]] void BasicModel<T>::set_trainable(bool trainable) {
  for (const std::string& name : layer_names()) set_trainable(name, trainable);
}

// ---- parts of other models ------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] const ReplayedGraph& BasicModel<T>::symbols(const char* call) const {
  const ModelState<T>& state = need_built(call);
  SymbolCache& cache = state.symbols;
  if (cache.graph) return *cache.graph;
  cache.inputs.clear();
  for (std::size_t i = 0; i < state.inputs(); ++i) {
    cache.inputs.push_back(detail::make_input(state.built_graph->inputs[i], state.graph.inputs[i]));
  }
  Graph graph = state.graph;
  detail::take_weights_from(graph, std::make_shared<detail::LiveWeights<T>>(state_));
  cache.graph = replay(graph, cache.inputs);
  return *cache.graph;
}

template <class T>
[[gnu::cold]] SymbolicTensors BasicModel<T>::inputs() const {
  static_cast<void>(symbols("inputs"));
  return state_->symbols.inputs;
}
template <class T>
[[gnu::cold]] SymbolicTensors BasicModel<T>::outputs() const {
  return symbols("outputs").outputs;
}
template <class T>
[[gnu::cold]] SymbolicTensor BasicModel<T>::output_of(std::string_view layer_name) const {
  const ReplayedGraph& graph = symbols("output_of");
  return graph.nodes[state_->graph.find(layer_name, state_->kind)].front();
}
template <class T>
[[gnu::cold]] Layer BasicModel<T>::as_layer() const {
  const ModelState<T>& state = this->state();
  std::shared_ptr<const detail::WeightSource> weights;
  if (state.built()) weights = std::make_shared<detail::CopiedWeights<T>>(state.parameters);
  return detail::NestedModel(state.graph, state.name, std::move(weights));
}

template <class T>
[[gnu::cold]] void BasicModel<T>::reset_states() {
  state().layer_states.reset();
}

template <class T>
[[gnu::cold]] std::vector<std::string> BasicModel<T>::weight_names() const {
  std::vector<std::string> found;
  for (const Weight& weight : state().parameters.weights()) found.push_back(weight.name);
  return found;
}

template <class T>
[[gnu::cold]] TensorView<T> BasicModel<T>::weight(std::string_view weight_name) {
  need_built("weight");
  const Weight& found = state_->parameters.find(weight_name);
  state_->as_drawn = false;
  return {state_->parameters.data(found), found.spec.shape};
}
template <class T>
[[gnu::cold]] TensorView<const T> BasicModel<T>::weight(std::string_view weight_name) const {
  const Parameters<T>& parameters = need_built("weight").parameters;
  const Weight& found = parameters.find(weight_name);
  return {parameters.data(found), found.spec.shape};
}

template <class T>
[[gnu::cold]] std::int64_t BasicModel<T>::count_params(bool trainable_only) const {
  const Parameters<T>& parameters = state().parameters;
  return parameters.count(true) + (trainable_only ? 0 : parameters.count(false));
}

template <class T>
[[gnu::cold]] std::string BasicModel<T>::summary_text() const {
  return summary_of(state());
}
template <class T>
[[gnu::cold]] void BasicModel<T>::summary() const {
  std::fputs(detail::printable_lines(summary_text()).c_str(), stdout);  // names may come from a file
  std::fflush(stdout);
}

// ---- training -------------------------------------------------------------------------------------------------------

template <class T>
[[gnu::cold]] void BasicModel<T>::compile(CompileOptions<T> options) {
  changeable("compile").compile(checked(std::move(options)));
}

template <class T>
History BasicModel<T>::fit(const Dataset& data, FitOptions options) {
  return fit(Batches(data), std::move(options));
}

template <class T>
History BasicModel<T>::fit(const Batches& data, FitOptions options) {
  const BatchSpec spec = data.spec();
  ready_to_train("fit", spec.features.empty() ? Shape() : spec.features.front().shape);
  const std::shared_ptr<ModelState<T>> state = state_;  // lives on where a callback moves the model away
  const detail::TrainingScope training(state->trainings);
  return Fit<T>(*this, *state, data, std::move(options)).run();
}

template <class T>
Evaluation BasicModel<T>::evaluate(const Dataset& data, EvaluateOptions options) const {
  return evaluate(Batches(data), std::move(options));
}

template <class T>
Evaluation BasicModel<T>::evaluate(const Batches& given, EvaluateOptions options) const {
  need_built("evaluate");
  require<StateError>(compiled(), state().kind,
                      ": evaluate: expected a compiled model; call compile({.optimizer = ..., .loss = ...}) "
                      "before it");
  const Dataset* data = given.dataset();
  require<ValueError>(data != nullptr || options.sample_weight.empty(),
                      "evaluate: sample_weight is for data sets; let the generator write weights into "
                      "batch.sample_weights");
  const Batches batches =
      options.sample_weight.empty() ? given : given.with(data->with_sample_weights(options.sample_weight));
  const std::shared_ptr<ModelState<T>> state = state_;
  std::optional<detail::TrainingScope> scope;
  if (data == nullptr) scope.emplace(state->trainings);
  const std::unique_ptr<BatchSource<T>> source =
      make_source(*state, batches, {.batch_size = options.batch_size, .steps = options.steps});
  const auto lock = state->layer_states.lock();
  std::unique_ptr<Trainer<T>> evaluator = Trainer<T>::idle_or_new_evaluator(*state, source->spec());
  evaluator->evaluate_all(*source, *thread_pool());
  Evaluation result;
  evaluator->scores().write(result);
  state->idle_trainers->give(std::move(evaluator));
  return result;
}

template <class T>
Logs BasicModel<T>::test_on_batch(const Dataset& batch, TestOnBatchOptions given) const {
  EvaluateOptions options;
  options.batch_size = std::max<std::int64_t>(batch.size(), 1);
  options.sample_weight = std::move(given.sample_weight);
  return evaluate(batch, std::move(options));
}

template <class T>
Logs BasicModel<T>::train_on_batch(const Dataset& given, TrainOnBatchOptions options) {
  const Dataset batch = detail::weighted(given, options.sample_weight, options.class_weight);
  ModelState<T>& state = ready_to_train("train_on_batch", batch.feature_shape());
  const std::unique_ptr<BatchSource<T>> source = make_source(state, batch, {.batch_size = batch.size()});
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const ComputeScope scope;
  std::unique_ptr<Trainer<T>> trainer = Trainer<T>::idle_or_new(state, source->spec());
  trainer->load(*source, 0, *pool);
  trainer->train(*pool);
  Logs logs;
  trainer->scores().write(logs);
  state.idle_trainers->give(std::move(trainer));
  return logs;
}

template <class T>
Gradients<T> BasicModel<T>::gradients(const Dataset& batch, GradientOptions options) {
  ModelState<T>& state = ready_to_train("gradients", batch.feature_shape());
  const std::unique_ptr<BatchSource<T>> source = make_source(state, batch, {.batch_size = batch.size()});
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const ComputeScope scope;
  List<typename Gradients<T>::Place> places;
  for (const Weight& weight : state.parameters.weights()) {
    if (weight.trainable) places.push_back({weight.name, weight.spec.shape, static_cast<std::size_t>(weight.offset)});
  }
  Buffer<T> values(state.parameters.trainable().size());
  T* first = values.data();
  Gradients<T> result(std::move(places), std::move(values));
  require<ValueError>(!options.by_input || !state.built_graph->inputs[0].integers, state.kind,
                      ": gradients: expected an input of floating numbers for by_input, got one of int32 numbers");
  const KeepStates<T> keep(state.layer_states);
  std::unique_ptr<Trainer<T>> trainer = Trainer<T>::idle_or_new(state, source->spec(), options.by_input);
  trainer->load(*source, 0, *pool);
  if (options.by_input) result.input.resize(trainer->input_gradient().shape());
  const std::int64_t step = options.step >= 0 ? options.step : state.updater->step();
  GradientStore<T> store(first);
  trainer->differentiate(options.training, step, store, *pool);
  // Averages may have moved: from here on nothing fails.
  result.loss = trainer->scores().batch_loss();
  if (options.by_input) std::copy_n(trainer->input_gradient().elements(), result.input.size(), result.input.data());
  state.idle_trainers->give(std::move(trainer));
  return result;
}

template <class T>
void BasicModel<T>::apply_gradients(const Gradients<T>& gradients) {
  need_built("apply_gradients");
  ModelState<T>& state = changeable("apply_gradients");
  require<StateError>(state.updater.has_value(), state.kind,
                      ": apply_gradients: expected a compiled model; call compile({.optimizer = ..., .loss = "
                      "...}) before it");
  require<ShapeError>(gradients.values().size() == state.parameters.trainable().size(), state.kind,
                      ": apply_gradients: expected gradients of this model, a block of ",
                      state.parameters.trainable().size(), " numbers, got ", gradients.values().size());
  const ComputeScope scope;
  Buffer<T> values = gradients.values();  // which the optimizer may overwrite
  Updater<T>& updater = *state.updater;
  updater.begin_step(state.parameters.trainable().data(), values.data());
  for (const Segment& segment : updater.segments()) {
    updater.take(segment.offset, values.data() + segment.offset, segment.count());
  }
  updater.finish_step(*thread_pool());
  apply_constraints(state.parameters);
  state.as_drawn = false;
}

// ---- predictions ----------------------------------------------------------------------------------------------------

template <class T>
xt::xarray<T> BasicModel<T>::predict(const Dataset& data, PredictOptions options) const {
  const ModelState<T>& state = need_built("predict");
  require<StateError>(state.outputs() == 1, state.kind, ": predict: expected a model of one output, got ",
                      state.outputs(), "; call predict_all");
  xt::xarray<T> result;
  predict_into(data, options, &result);
  return result;
}

template <class T>
xt::xarray<T> BasicModel<T>::predict_on_batch(const Dataset& batch) const {
  return predict(batch, PredictOptions{.batch_size = std::max<std::int64_t>(batch.size(), 1)});
}

template <class T>
std::vector<xt::xarray<T>> BasicModel<T>::predict_all(const Dataset& data, PredictOptions options) const {
  std::vector<xt::xarray<T>> results(need_built("predict_all").outputs());
  predict_into(data, options, results.data());
  return results;
}

template <class T>
xt::xarray<T> BasicModel<T>::predict(const Batches& data, PredictOptions options) const {
  if (data.dataset() != nullptr && data.whole()) return predict(*data.dataset(), options);
  const ModelState<T>& state = need_built("predict");
  require<StateError>(state.outputs() == 1, state.kind, ": predict: expected a model of one output, got ",
                      state.outputs(), "; call predict_all");
  return std::move(predict_all(data, options).front());
}

template <class T>
std::vector<xt::xarray<T>> BasicModel<T>::predict_all(const Batches& data, PredictOptions options) const {
  if (data.dataset() != nullptr && data.whole()) return predict_all(*data.dataset(), options);
  need_built("predict_all");
  const std::shared_ptr<ModelState<T>> state = state_;
  const detail::TrainingScope scope(state->trainings);
  return predict_batches(*state, *data.source<T>({.batch_size = options.batch_size, .steps = options.steps}));
}

/// @param results an array for each output.
template <class T>
void BasicModel<T>::predict_into(const Dataset& given, PredictOptions options, xt::xarray<T>* results) const {
  const ModelState<T>& state = *state_;
  require<ValueError>(options.batch_size >= 1, "predict: expected batch_size of 1 or more, got ", options.batch_size);
  const bool ordered = state.inputs() == 1 && given.feature_columns() == 1;
  const std::optional<Dataset> in_order =
      ordered ? std::nullopt : std::optional<Dataset>(given.in_order_of(state.graph.inputs, {}, "predict"));
  const Dataset& data = ordered ? given : *in_order;
  for (std::size_t k = 0; k < state.inputs(); ++k) {
    const Shape& expected = state.input_shape(k);
    require<ShapeError>(data.feature_shape(k) == expected, "predict: expected samples of shape ", expected, ", got ",
                        data.feature_shape(k), shape_hint(expected, data.feature_shape(k), data.size()));
    if (state.built_graph->inputs[k].integers) data.require_integers("predict", k);
  }
  for (std::size_t k = 0; k < state.outputs(); ++k) {
    const Shape shape = state.output_shape(k).with_batch(data.size());
    results[k] = xt::xarray<T>::from_shape(List<std::size_t>(shape.begin(), shape.end()));
  }
  if (data.empty()) return;
  const ComputeScope scope;
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  const std::int64_t batch = std::min(options.batch_size, data.size());
  const auto lock = state.layer_states.lock();
  state.layer_states.require_batches(data.size(), batch, "predict");
  std::unique_ptr<Network<T>> network = state.idle.take(batch);
  if (!network) network = make_network(state, batch, {});
  for (std::int64_t first = 0; first < data.size(); first += batch) {
    const std::int64_t count = std::min(batch, data.size() - first);
    network->set_batch(count);
    pool->run(count, [&](std::int64_t i, int) {
      for (std::size_t k = 0; k < state.inputs(); ++k) {
        const Column& column = data.features_column(k);
        column.gather_to(data.row(first + i), i, network->takes_integers(k), network->input(k));
      }
    });
    network->forward(false, state.seed, 0, *pool);
    for (std::size_t k = 0; k < state.outputs(); ++k) {
      const std::int64_t size = state.output_shape(k).size();
      std::copy_n(network->output(k).elements(), count * size, results[k].data() + first * size);
    }
  }
  state.idle.give(std::move(network));
}

}  // namespace nacre
