#pragma once
// Bodies of models/graph_config.hpp.

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/layers/layer_field.hpp>
#include <nacre/models/graph_config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

struct SavedNode {
  static constexpr std::string_view type_name = "Node";
  std::string name{};
  Config layer{};
  std::vector<std::string> inputs{};
  std::string shared_with{};
  bool trainable = true;
  void fields(Fields& list) {
    list("name", name);
    list("layer", layer);
    list("inputs", inputs);
    list("shared_with", shared_with);
    list("trainable", trainable);
  }
};

struct SavedGraph {
  static constexpr std::string_view type_name = "Graph";
  std::vector<std::string> inputs{};
  ConfigList nodes{};
  std::vector<std::string> outputs{};
  void fields(Fields& list) {
    list("inputs", inputs);
    list("nodes", nodes);
    list("outputs", outputs);
  }
};

NACRE_SETUP std::string tensor_name(const Graph& graph, const TensorRef& tensor) {
  if (tensor.is_input()) return graph.inputs[tensor.input()];
  const std::string& name = graph.nodes[tensor.node_index()].name;
  return tensor.output == 0 ? name : text(name, ":", tensor.output);
}

/// What `tensor_name` said of one of the graph's inputs and present nodes.
NACRE_SETUP TensorRef find_tensor(const Graph& graph, const std::string& name) {
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    if (graph.inputs[i] == name) return TensorRef::of_input(i);
  }
  const std::size_t colon = name.rfind(':');
  for (const bool with_output : {false, true}) {
    if (with_output && colon == std::string::npos) break;
    const std::string node = with_output ? name.substr(0, colon) : name;
    std::int64_t output = 0;
    if (with_output) std::from_chars(name.data() + colon + 1, name.data() + name.size(), output);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (graph.nodes[i].name == node && output >= 0) return {static_cast<std::int64_t>(i), output};
    }
  }
  throw ValueError(text("expected the name of an input or of a layer before it, got \"", name, "\""));
}

}  // namespace detail

NACRE_SETUP ConfigValue to_config_value(const Graph& graph) {
  detail::SavedGraph saved;
  saved.inputs = graph.inputs;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    detail::SavedNode entry;
    entry.name = node.name;
    entry.layer = node.layer.config();
    for (const TensorRef& input : node.inputs) entry.inputs.push_back(detail::tensor_name(graph, input));
    if (node.owner != i) entry.shared_with = graph.nodes[node.owner].name;
    entry.trainable = node.trainable;
    saved.nodes.push_back(get_config(entry));
  }
  for (const TensorRef& output : graph.outputs) saved.outputs.push_back(detail::tensor_name(graph, output));
  return get_config(saved);
}

NACRE_SETUP void from_config_value(const ConfigValue& value, Graph& graph) {
  const auto saved = from_config<detail::SavedGraph>(config_get<Config>(value, "a graph"));
  Graph made;
  made.inputs = saved.inputs;
  for (const ConfigValue& entry : saved.nodes) {
    const auto node = from_config<detail::SavedNode>(config_get<Config>(entry, "a layer of a graph"));
    require<ValueError>(!node.name.empty() && free_name(made.nodes, node.name) == node.name,
                        "expected layers of different names, got \"", node.name, "\"",
                        node.name.empty() ? "" : " twice");
    List<TensorRef> inputs;
    for (const std::string& input : node.inputs) inputs.push_back(detail::find_tensor(made, input));
    const std::size_t index = made.nodes.size();
    const std::size_t owner =
        node.shared_with.empty() ? index : made.find(node.shared_with, text("layer \"", node.name, "\""));
    made.nodes.push_back({make_layer(node.layer), node.name, std::move(inputs), owner, node.trainable});
  }
  for (const std::string& output : saved.outputs) made.outputs.push_back(detail::find_tensor(made, output));
  require<ValueError>(!made.inputs.empty() && !made.outputs.empty(), "expected a graph with inputs and outputs");
  graph = std::move(made);
}

}  // namespace nacre
