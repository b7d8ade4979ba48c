#pragma once
// Bodies of models/sequential.hpp.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <nacre/models/network.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/models/trainer.hpp>

namespace nacre {

template <class T>
BasicSequential<T>::BasicSequential() = default;
template <class T>
BasicSequential<T>::BasicSequential(const BasicSequential&) = default;
template <class T>
BasicSequential<T>::BasicSequential(BasicSequential&&) noexcept = default;
template <class T>
BasicSequential<T>& BasicSequential<T>::operator=(const BasicSequential&) = default;
template <class T>
BasicSequential<T>& BasicSequential<T>::operator=(BasicSequential&&) noexcept = default;
template <class T>
BasicSequential<T>::~BasicSequential() = default;

template <class T>
BasicSequential<T>::BasicSequential(std::initializer_list<AnyLayer<T>> layers, std::string name) {
  state_.name = std::move(name);
  for (const AnyLayer<T>& layer : layers) append(layer);
  if (state_.declared_input) state_.build(*state_.declared_input);
}

template <class T>
void BasicSequential<T>::add(AnyLayer<T> layer) {
  append(std::move(layer));
  idle_.clear();
  const std::optional<Shape> input = state_.declared_input ? state_.declared_input : state_.input_shape;
  if (input) state_.build(*input);
}

template <class T>
void BasicSequential<T>::build(const Shape& input_shape) {
  require<ShapeError>(!state_.declared_input || *state_.declared_input == input_shape,
                      "Sequential: expected samples of shape ", state_.declared_input.value_or(Shape()),
                      ", as Input says, got ", input_shape);
  idle_.clear();
  state_.build(input_shape);
}

template <class T>
const AnyLayer<T>& BasicSequential<T>::layer(std::string_view layer_name) const {
  std::string known;
  for (std::size_t i = 0; i < state_.names.size(); ++i) {
    if (state_.names[i] == layer_name) return state_.layers[i];
    known += (i > 0 ? ", " : "") + state_.names[i];
  }
  throw ValueError(text("Sequential: expected a layer's name, one of ", known, ", got \"", layer_name, "\""));
}

template <class T>
void BasicSequential<T>::compile(CompileOptions<T> options) {
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
History BasicSequential<T>::fit(const Dataset& data, FitOptions options) {
  prepare("fit", data);
  return Fit<T>(*this, state_, data, std::move(options)).run();
}

template <class T>
Evaluation BasicSequential<T>::evaluate(const Dataset& data, EvaluateOptions options) const {
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
Logs BasicSequential<T>::train_on_batch(const Dataset& batch) {
  prepare("train_on_batch", batch);
  const ComputeScope scope;
  Trainer<T> trainer(state_, batch, batch.size(), true);
  trainer.train(0, *thread_pool());
  Logs logs;
  trainer.scorer().write(logs);
  return logs;
}

template <class T>
xt::xarray<T> BasicSequential<T>::predict(const Dataset& data, PredictOptions options) const {
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
void BasicSequential<T>::append(AnyLayer<T> layer) {
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
std::string BasicSequential<T>::summary_text() const {
  return summary_of(state_);
}

}  // namespace nacre
