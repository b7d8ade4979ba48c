#pragma once
// Graph: the layers of a model and how they are connected.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/symbolic_node.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A tensor of a graph: output `output` of node `node`, or input -1 - `node` of the graph where that is negative.
struct TensorRef {
  std::int64_t node = 0;
  std::int64_t output = 0;

  static TensorRef of_input(std::size_t input) { return {-1 - static_cast<std::int64_t>(input), 0}; }
  bool is_input() const { return node < 0; }
  /// Which input of the graph it is.
  std::size_t input() const { return static_cast<std::size_t>(-1 - node); }
  std::size_t node_index() const { return static_cast<std::size_t>(node); }
  friend bool operator==(const TensorRef&, const TensorRef&) = default;
};

/// A layer at its place.
struct GraphNode {
  Layer layer;
  std::string name;
  List<TensorRef> inputs;
  std::size_t owner = 0;  ///< the node whose weights it has; its own index, but for further calls of a shared layer
  bool trainable = true;
  std::shared_ptr<const detail::WeightSource> source{};  ///< what its weights begin with; nullptr: its initializers
  std::string source_prefix{};                           ///< what the source has before their names
};

/// Layers in an order in which each comes behind those that it needs. A value.
struct Graph {
  std::vector<std::string> inputs;  ///< their names
  List<GraphNode> nodes;
  List<TensorRef> outputs;

  /// A graph of one input and no layer.
  static Graph chain() { return {{"input"}, {}, {TensorRef::of_input(0)}}; }

  /// Whether each layer works on what the one before it made, and nothing else.
  bool is_chain() const;

  /// The node of that name. Throws ValueError, with the names there are and `place` in front, where there is none.
  std::size_t find(std::string_view name, std::string_view place) const;

  /// A name for each output: that of the layer that it comes from, "_1" and so on behind it where that is taken.
  std::vector<std::string> output_names() const;
};

/// `wanted`, or where it is taken with the first number behind it that is not.
std::string free_name(const List<GraphNode>& taken, const std::string& wanted);

/// The graph between these tensors. Throws ValueError for inputs that are none, or named twice, for outputs that need
/// further inputs, and for layers of the same name.
Graph make_graph(const SymbolicTensors& inputs, const SymbolicTensors& outputs);

/// Calls the layers of a graph one after another on `inputs`: what `make_graph` undoes.
struct ReplayedGraph {
  List<SymbolicTensors> nodes;  ///< the outputs of each
  SymbolicTensors outputs;
};
ReplayedGraph replay(const Graph& graph, const SymbolicTensors& inputs);

/// A graph for samples of known shapes, in which each layer that is made of others is replaced by these.
struct BuiltGraph {
  List<TensorSpec> inputs;
  Graph flat;
  List<List<TensorSpec>> outputs;   ///< of each flat node
  List<List<WeightSpec>> weights;   ///< of each flat node; none where another owns them
  List<List<std::int64_t>> states;  ///< of each flat node, numbers for each sample of the batch that live
                                    ///< over batches; none where another node owns them
  std::vector<char> penalized;      ///< whether each flat node's output has a penalty of its own
  std::vector<char> reads_masks;    ///< whether each flat node computes something else for its mask
  List<std::size_t> parts;          ///< the first flat node of each of the model's, and one behind the last
  List<TensorSpec> node_outputs;    ///< the first output of each of the model's nodes

  const TensorSpec& spec(const TensorRef& tensor) const {
    return tensor.is_input() ? inputs[tensor.input()]
                             : outputs[tensor.node_index()][static_cast<std::size_t>(tensor.output)];
  }
  const TensorSpec& output_spec(std::size_t output) const { return spec(flat.outputs[output]); }
};

/// Asks all layers what they make of samples of these shapes; takes no memory. Throws what a layer throws, with its
/// place in front, which begins with `kind` ("Sequential").
BuiltGraph build_graph(const Graph& graph, const List<TensorSpec>& inputs, std::string_view kind);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/graph-inl.hpp>
#endif
