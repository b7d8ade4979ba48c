#pragma once
// NestedModel: a model as a layer of another.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/models/graph.hpp>
#include <nacre/models/graph_config.hpp>
#include <nacre/models/model_state.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The weight of that name and shape among a model's; false where there is none.
template <class T, class To>
bool read_weight(const Parameters<T>& parameters, std::string_view name, const Shape& shape, To* values) {
  for (const Weight& weight : parameters.weights()) {
    if (weight.name != name || !(weight.spec.shape == shape)) continue;
    const T* from = parameters.data(weight);
    std::transform(from, from + shape.size(), values, [](T value) { return static_cast<To>(value); });
    return true;
  }
  return false;
}

/// Weights that a model had when it was copied.
template <class T>
struct CopiedWeights final : WeightSource {
  explicit CopiedWeights(const Parameters<T>& copied) : parameters(copied) {}
  bool read(std::string_view name, const Shape& shape, float* values) const override {
    return read_weight(parameters, name, shape, values);
  }
  bool read(std::string_view name, const Shape& shape, double* values) const override {
    return read_weight(parameters, name, shape, values);
  }

  Parameters<T> parameters;
};

/// Weights that a model has when they are asked for.
template <class T>
struct LiveWeights final : WeightSource {
  explicit LiveWeights(std::weak_ptr<const ModelState<T>> model) : state(std::move(model)) {}
  bool read(std::string_view name, const Shape& shape, float* values) const override {
    return read_weight(alive().parameters, name, shape, values);
  }
  bool read(std::string_view name, const Shape& shape, double* values) const override {
    return read_weight(alive().parameters, name, shape, values);
  }

  std::weak_ptr<const ModelState<T>> state;  // which has the tensors that ask here

 private:
  // Whoever calls holds the model no longer than the call: it is built on this thread.
  const ModelState<T>& alive() const {
    const auto model = state.lock();
    require<StateError>(model != nullptr,
                        "Model: the model that these tensors come from is gone; keep it until the new one is made");
    return *model;
  }
};

/// Lets the weights of a graph's layers begin with those of `source`, where they do not come from elsewhere.
[[gnu::cold]] inline void take_weights_from(Graph& graph, const std::shared_ptr<const WeightSource>& source) {
  for (GraphNode& node : graph.nodes) {
    if (node.source) continue;
    node.source = source;
    node.source_prefix = node.name + "/";
  }
}

/// A graph of layers as a layer, with the weights that it begins with.
struct NestedModel : Callable<NestedModel> {
  static constexpr std::string_view type_name = "Functional";
  NestedModel(Graph layers, std::string model_name, std::shared_ptr<const WeightSource> source)
      : graph(std::move(layers)), name(std::move(model_name)) {
    if (source) take_weights_from(graph, source);
  }

  Graph graph;
  std::string name;
  void fields(Fields& list) {
    list("name", name);
    list("graph", graph);
  }

  SymbolicTensors call(const SymbolicTensors& inputs) const { return replay(graph, inputs).outputs; }

 private:
  friend struct nacre::ConfigAccess;
  NestedModel() = default;
};

}  // namespace nacre::detail
