#pragma once
// Bodies of models/graph.hpp.

#include <algorithm>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/core/snake_case.hpp>
#include <nacre/core/sorted.hpp>
#include <nacre/models/graph.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP bool Graph::is_chain() const {
  TensorRef last = TensorRef::of_input(0);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].inputs.size() != 1 || !(nodes[i].inputs[0] == last) || nodes[i].owner != i) return false;
    last = {static_cast<std::int64_t>(i), 0};
  }
  return inputs.size() == 1 && outputs.size() == 1 && outputs[0] == last;
}

NACRE_SETUP std::size_t Graph::find(std::string_view name, std::string_view place) const {
  std::string names;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].name == name) return i;
    names += (names.empty() ? "" : ", ") + nodes[i].name;
  }
  throw ValueError(text(place, ": expected a layer's name, one of ", names, ", got \"", name, "\""));
}

NACRE_SETUP std::vector<std::string> Graph::output_names() const {
  std::vector<std::string> names;
  for (const TensorRef& output : outputs) {
    const std::string name = output.is_input() ? inputs[output.input()] : nodes[output.node_index()].name;
    std::string unique = name;
    for (int number = 1; std::find(names.begin(), names.end(), unique) != names.end(); ++number) {
      unique = text(name, "_", number);
    }
    names.push_back(std::move(unique));
  }
  return names;
}

NACRE_SETUP std::string free_name(const List<GraphNode>& taken, const std::string& wanted) {
  std::string name = wanted;
  const auto is_taken = [&] {
    return std::any_of(taken.begin(), taken.end(), [&](const GraphNode& node) { return node.name == name; });
  };
  for (int number = 1; is_taken(); ++number) name = text(wanted, "_", number);
  return name;
}

// ---- from symbolic tensors and back ---------------------------------------------------------------------------------

namespace detail {

/// The nodes that `outputs` need, in the order in which they were made.
NACRE_SETUP List<const SymbolicNode*> needed_nodes(const SymbolicTensors& outputs, const SymbolicTensors& inputs) {
  List<const SymbolicNode*> found;
  List<const SymbolicNode*> open;
  const auto visit = [&](const SymbolicTensor& tensor) {
    const SymbolicNode* node = tensor.node().get();
    for (const SymbolicTensor& input : inputs) {
      if (input == tensor) return;
    }
    if (std::find(found.begin(), found.end(), node) != found.end()) return;
    found.push_back(node);
    open.push_back(node);
  };
  for (const SymbolicTensor& output : outputs) visit(output);
  while (!open.empty()) {
    const SymbolicNode* node = open.back();
    open.pop_back();
    for (const SymbolicTensor& input : node->inputs) visit(input);
  }
  List<const SymbolicNode*> in_order;
  in_order.reserve(found.size());
  for (const std::size_t i :
       sorted_order(found.size(), [&](std::size_t a, std::size_t b) { return found[a]->number < found[b]->number; }))
    in_order.push_back(found[i]);
  return in_order;
}

[[noreturn]] NACRE_SETUP void fail_disconnected(const SymbolicNode& input) {
  throw ValueError(text("Model: the outputs need the input ",
                        input.name.empty() ? std::string() : text("\"", input.name, "\" "), "of shape ",
                        input.outputs[0].shape,
                        ", which is not among the model's inputs; name all inputs: Model({a, b}, y)"));
}

}  // namespace detail

NACRE_SETUP Graph make_graph(const SymbolicTensors& inputs, const SymbolicTensors& outputs) {
  using Node = detail::SymbolicNode;
  require<ValueError>(!inputs.empty() && !outputs.empty(), "Model: expected one input and one output or more, got ",
                      inputs.size(), " and ", outputs.size());
  Graph graph;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto first = std::find(inputs.begin(), inputs.end(), inputs[i]);
    require<ValueError>(first == inputs.begin() + static_cast<std::ptrdiff_t>(i),
                        "Model: expected each input once, got one of shape ", inputs[i].shape(), " twice");
    const Node& node = *inputs[i].node();
    std::string name = !node.layer && !node.name.empty() ? node.name : i == 0 ? "input" : text("input_", i);
    require<ValueError>(std::find(graph.inputs.begin(), graph.inputs.end(), name) == graph.inputs.end(),
                        "Model: expected inputs of different names, got \"", name, "\" twice");
    graph.inputs.push_back(std::move(name));
  }
  const List<const Node*> nodes = detail::needed_nodes(outputs, inputs);
  const auto ref = [&](const SymbolicTensor& tensor) -> TensorRef {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i] == tensor) return TensorRef::of_input(i);
    }
    const auto found = std::find(nodes.begin(), nodes.end(), tensor.node().get());
    return {found - nodes.begin(), static_cast<std::int64_t>(tensor.index())};
  };
  for (const Node* node : nodes) {
    if (!node->layer) detail::fail_disconnected(*node);
    const detail::CalledLayer& called = *node->layer;
    const std::string given = called.name.empty() ? called.layer.name() : called.name;
    GraphNode made{called.layer,         given, {}, graph.nodes.size(), called.trainable, called.weights,
                   called.weights_prefix};
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      if (nodes[i]->layer == node->layer) {
        made.owner = i;
        break;
      }
    }
    const bool taken = !given.empty() && free_name(graph.nodes, given) != given;
    require<ValueError>(!taken || made.owner != graph.nodes.size(), "Model: expected layers of different names, got \"",
                        given, "\" twice");
    if (given.empty() || taken) {
      made.name = free_name(graph.nodes, given.empty() ? snake_case(called.layer.class_name()) : given);
    }
    for (const SymbolicTensor& input : node->inputs) made.inputs.push_back(ref(input));
    graph.nodes.push_back(std::move(made));
  }
  for (const SymbolicTensor& output : outputs) graph.outputs.push_back(ref(output));
  return graph;
}

NACRE_SETUP ReplayedGraph replay(const Graph& graph, const SymbolicTensors& inputs) {
  require<ShapeError>(inputs.size() == graph.inputs.size(), "expected ", graph.inputs.size(), " inputs, got ",
                      inputs.size());
  ReplayedGraph result;
  List<std::shared_ptr<const detail::CalledLayer>> layers;
  const auto tensor = [&](const TensorRef& ref) {
    if (ref.is_input()) return inputs[ref.input()];
    const SymbolicTensors& outputs = result.nodes[ref.node_index()];
    require<ValueError>(ref.output >= 0 && ref.output < static_cast<std::int64_t>(outputs.size()), "layer \"",
                        graph.nodes[ref.node_index()].name, "\" has ", outputs.size(), " outputs, got output ",
                        ref.output);
    return outputs[static_cast<std::size_t>(ref.output)];
  };
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const GraphNode& node = graph.nodes[i];
    layers.push_back(node.owner != i ? layers[node.owner]
                                     : std::make_shared<detail::CalledLayer>(detail::CalledLayer{
                                           node.layer, node.name, node.trainable, node.source, node.source_prefix}));
    SymbolicTensors called;
    for (const TensorRef& input : node.inputs) called.push_back(tensor(input));
    result.nodes.push_back(detail::call_layer(layers.back(), called));
  }
  for (const TensorRef& output : graph.outputs) result.outputs.push_back(tensor(output));
  return result;
}

// ---- building -------------------------------------------------------------------------------------------------------

namespace detail {

/// Appends the nodes of graphs within graphs to a flat one.
class GraphBuilder {
 public:
  GraphBuilder(BuiltGraph& built, std::string_view kind) : built_(built), kind_(kind) {}

  void run(const Graph& graph) {
    List<TensorRef> inputs;
    for (std::size_t i = 0; i < graph.inputs.size(); ++i) inputs.push_back(TensorRef::of_input(i));
    Scope scope{graph, inputs, "", true, nullptr, ""};
    built_.flat.inputs = graph.inputs;
    built_.flat.outputs = append(scope);
    built_.parts = std::move(scope.parts);
    for (const auto& outputs : scope.results) built_.node_outputs.push_back(built_.spec(outputs[0]));
  }

 private:
  /// A graph whose nodes are appended.
  struct Scope {
    const Graph& graph;
    const List<TensorRef>& inputs;  ///< as flat tensors
    std::string prefix;
    bool trainable;
    std::shared_ptr<const WeightSource> source;
    std::string source_prefix;
    List<List<TensorRef>> results{};  ///< the outputs of its nodes, as flat tensors
    List<std::size_t> parts{};
  };

  /// Calls `work` and puts `place` before the text of what it throws.
  template <class Work>
  static auto blame(const std::string& place, Work work) {
    try {
      return work();
    } catch (const ShapeError& error) {
      throw ShapeError(place + error.what());
    } catch (const ValueError& error) {
      throw ValueError(place + error.what());
    }
  }

  List<TensorRef> append(Scope& scope) {
    const auto flat_ref = [&](const TensorRef& ref) {
      if (ref.is_input()) return scope.inputs[ref.input()];
      const List<TensorRef>& outputs = scope.results[ref.node_index()];
      require<ValueError>(ref.output >= 0 && ref.output < static_cast<std::int64_t>(outputs.size()), kind_,
                          ": layer \"", scope.graph.nodes[ref.node_index()].name, "\" has ", outputs.size(),
                          " outputs, got output ", ref.output);
      return outputs[static_cast<std::size_t>(ref.output)];
    };
    for (std::size_t i = 0; i < scope.graph.nodes.size(); ++i) {
      const GraphNode& node = scope.graph.nodes[i];
      List<TensorRef> inputs;
      for (const TensorRef& input : node.inputs) inputs.push_back(flat_ref(input));
      const std::size_t first = built_.flat.nodes.size();
      scope.parts.push_back(first);
      const std::string place = text(kind_, ": layer ", scope.prefix.empty() ? text(i, " ") : std::string(),
                                     name_and_class(scope.prefix + node.name, node.layer), ": ");
      scope.results.push_back(node.layer.is_composite() ? append_composite(scope, node, inputs, place)
                                                        : append_layer(scope, node, inputs, place));
      if (node.owner == i) continue;
      const std::size_t owner = scope.parts[node.owner];
      for (std::size_t flat = first; flat < built_.flat.nodes.size(); ++flat) share(flat, owner + (flat - first));
    }
    scope.parts.push_back(built_.flat.nodes.size());
    List<TensorRef> outputs;
    for (const TensorRef& output : scope.graph.outputs) outputs.push_back(flat_ref(output));
    return outputs;
  }

  List<TensorRef> append_layer(const Scope& scope, const GraphNode& node, List<TensorRef> inputs,
                               const std::string& place) {
    const std::size_t index = built_.flat.nodes.size();
    LayerBuilder builder;
    List<TensorSpec> outputs = blame(place, [&] { return outputs_of(node.layer, specs_of(inputs), builder); });
    GraphNode flat{node.layer, scope.prefix + node.name, std::move(inputs), index, scope.trainable && node.trainable};
    flat.source = node.source ? node.source : scope.source;
    flat.source_prefix = node.source ? node.source_prefix : scope.source_prefix + node.name + "/";
    built_.flat.nodes.push_back(std::move(flat));
    List<TensorRef> refs;
    for (std::size_t output = 0; output < outputs.size(); ++output) {
      refs.push_back({static_cast<std::int64_t>(index), static_cast<std::int64_t>(output)});
    }
    built_.outputs.push_back(std::move(outputs));
    built_.weights.push_back(builder.weights());
    built_.states.push_back(builder.states());
    for (std::int64_t& size : built_.states.back()) size *= built_.spec(built_.flat.nodes.back().inputs[0]).fold;
    built_.penalized.push_back(builder.activity_regularizer().has_value());
    built_.reads_masks.push_back(builder.reads_masks());
    return refs;
  }

  List<TensorRef> append_composite(const Scope& scope, const GraphNode& node, const List<TensorRef>& inputs,
                                   const std::string& place) {
    SymbolicTensors placeholders;
    for (const TensorSpec& spec : specs_of(inputs)) placeholders.push_back(make_input(spec, {}));
    const Graph inner = blame(place, [&] { return make_graph(placeholders, node.layer.call(placeholders)); });
    Scope nested{inner,
                 inputs,
                 scope.prefix + node.name + "/",
                 scope.trainable && node.trainable,
                 node.source ? node.source : scope.source,
                 node.source ? node.source_prefix : scope.source_prefix + node.name + "/"};
    return append(nested);
  }

  /// Node `flat` has the weights of `owner`, which comes before it.
  void share(std::size_t flat, std::size_t owner) {
    built_.flat.nodes[flat].owner = built_.flat.nodes[owner].owner;
    const List<WeightSpec>& theirs = built_.weights[built_.flat.nodes[owner].owner];
    const List<WeightSpec>& own = built_.weights[flat];
    bool alike = theirs.size() == own.size();
    for (std::size_t i = 0; alike && i < own.size(); ++i) alike = own[i].shape == theirs[i].shape;
    alike &= built_.states[flat] == built_.states[built_.flat.nodes[owner].owner];
    require<ShapeError>(alike || (own.empty() && built_.states[flat].empty()), kind_, ": layer \"",
                        built_.flat.nodes[flat].name, "\" shares the weights of \"", built_.flat.nodes[owner].name,
                        "\": expected inputs for which both have weights of the same shapes");
    built_.weights[flat].clear();
    built_.states[flat].clear();
  }

  List<TensorSpec> specs_of(const List<TensorRef>& tensors) const {
    List<TensorSpec> specs;
    for (const TensorRef& tensor : tensors) specs.push_back(built_.spec(tensor));
    return specs;
  }

  BuiltGraph& built_;
  std::string_view kind_;
};

}  // namespace detail

NACRE_SETUP BuiltGraph build_graph(const Graph& graph, const List<TensorSpec>& inputs, std::string_view kind) {
  for (const TensorSpec& input : inputs) {
    require_positive_extents(input.shape, text(kind, ": samples"));
    require_addressable(input.shape);
  }
  BuiltGraph built;
  built.inputs = inputs;
  for (TensorSpec& input : built.inputs) input.mask.reset();  // a model's inputs have none, wherever they come from
  detail::GraphBuilder(built, kind).run(graph);
  for (std::size_t k = 0; k < graph.outputs.size(); ++k) {
    require<ValueError>(!built.output_spec(k).integers, kind, ": output ", k,
                        ": expected floating numbers, got int32 ones");
  }
  return built;
}

}  // namespace nacre
