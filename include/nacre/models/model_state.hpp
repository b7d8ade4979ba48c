#pragma once
// ModelState: everything that a model is.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <nacre/core/box.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/list.hpp>
#include <nacre/kernels/blas.hpp>
#include <nacre/models/compile_options.hpp>
#include <nacre/models/graph.hpp>
#include <nacre/models/idle_networks.hpp>
#include <nacre/models/layer_states.hpp>
#include <nacre/models/parameters.hpp>
#include <nacre/optimizers/updater.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// While one lives, this thread computes as the pool's threads do: denormals are zero and BLAS calls stay on one
/// thread.
struct ComputeScope {
  FlushDenormals flush;
  SingleThreadedBlas blas;
};

/// How many calls train a model just now, or run a user's generator on it. A copy of the model is trained by none of
/// them.
struct Trainings {
  std::atomic<int> count{0};

  Trainings() = default;
  Trainings(const Trainings&) noexcept {}
  Trainings& operator=(const Trainings&) noexcept { return *this; }
};

/// The tensors of a model that others are made of; a copy of the model has its own.
struct SymbolCache {
  std::optional<ReplayedGraph> graph;
  SymbolicTensors inputs;

  SymbolCache() = default;
  SymbolCache(const SymbolCache&) {}
  SymbolCache& operator=(const SymbolCache&) { return *this; }
};

/// A model's layers, weights, and how it is trained. A value: copies share nothing. What changes it builds aside first
/// and then moves into place, so that a call that throws changes nothing.
template <class T>
struct ModelState {
  std::string kind = "Sequential";  ///< the class' name, in errors and files
  std::string name = "sequential";
  std::uint64_t seed = random_seed();
  Graph graph = Graph::chain();
  std::optional<List<TensorSpec>> declared_inputs;  ///< what Input said, where there was one
  bool as_drawn = false;                            ///< whether the weights are still those that the seed gave
  mutable Trainings trainings;
  mutable SymbolCache symbols;

  // From here on there is something once the inputs' shapes are known.
  std::optional<BuiltGraph> built_graph;
  Parameters<T> parameters;
  mutable LayerStates<T> layer_states;    ///< which predictions change, too
  mutable detail::Idle<Network<T>> idle;  ///< for predictions

  // And from here on once the model is compiled, too.
  std::optional<CompileOptions<T>> compiled;
  Box<Updater<T>> updater;
  Box<Updater<T>> (*make_updater)(const CompileOptions<T>&, const Parameters<T>&) = nullptr;
  Buffer<T> gradients;  ///< of all trainable weights; taken by the first training
  /// For evaluations and single steps; there from `compile` on. A copy is empty.
  mutable Box<detail::Idle<Trainer<T>>> idle_trainers;

  bool built() const { return built_graph.has_value(); }
  std::size_t inputs() const { return graph.inputs.size(); }
  std::size_t outputs() const { return graph.outputs.size(); }
  const Shape& input_shape(std::size_t input = 0) const { return built_graph->inputs[input].shape; }
  const Shape& output_shape(std::size_t output = 0) const { return built_graph->output_spec(output).shape; }

  /// How output `output` is trained and measured, once the model is compiled.
  [[gnu::cold]] OutputOptions<T> output_options(std::size_t output) const {
    return compiled->of_output(output, graph.output_names());
  }

  /// The number of parameters of each layer, those within it included.
  [[gnu::cold]] List<std::int64_t> params_of_layers() const {
    List<std::int64_t> counts(graph.nodes.size(), 0);
    for (const Weight& weight : parameters.weights()) {
      const List<std::size_t>& parts = built_graph->parts;
      const auto behind = std::upper_bound(parts.begin(), parts.end(), weight.layer);
      counts[static_cast<std::size_t>(behind - parts.begin()) - 1] += weight.spec.shape.size();
    }
    return counts;
  }

  /// The activation that output `output` ends in, where a loss may do without it: nobody else reads what it makes.
  Activation final_activation(std::size_t output = 0) const {
    const Graph& flat = built_graph->flat;
    const TensorRef& tensor = flat.outputs[output];
    if (tensor.is_input()) return linear;
    int readers = 0;
    for (const TensorRef& other : flat.outputs) readers += other.node == tensor.node;
    for (const GraphNode& node : flat.nodes) {
      for (const TensorRef& input : node.inputs) readers += input.node == tensor.node;
    }
    if (built_graph->penalized[tensor.node_index()]) return linear;    // of which the penalty knows nothing
    if (built_graph->reads_masks[tensor.node_index()]) return linear;  // of which the loss knows nothing
    return readers == 1 ? flat.nodes[tensor.node_index()].layer.final_activation() : Activation(linear);
  }

  /// Builds all layers for samples of these shapes and draws their first weights. Throws what a layer throws, with the
  /// layer's place in front.
  [[gnu::cold]] void build(const List<TensorSpec>& inputs) {
    BuiltGraph made = outline(inputs);
    Parameters<T> drawn(made);
    drawn.initialize(seed);
    const bool given = drawn.take_over(made);
    commit(std::move(made), std::move(drawn));
    as_drawn = !given;
  }

  /// What the layers make of samples of such shapes, and the weights that they ask for. Takes no memory for them.
  [[gnu::cold]] BuiltGraph outline(const List<TensorSpec>& inputs) const { return build_graph(graph, inputs, kind); }

  /// Takes over what `outline` said, with all weights zero.
  [[gnu::cold]] void build_zero(BuiltGraph made) {
    Parameters<T> zeros(made);
    commit(std::move(made), std::move(zeros));
  }

  /// Builds it again after its graph has changed; layers that are still there keep their weights.
  [[gnu::cold]] void rebuild(const List<TensorSpec>& inputs) {
    const bool was_drawn = !built() || as_drawn;
    BuiltGraph made = outline(inputs);
    Parameters<T> weights(made);
    weights.initialize(seed);
    const bool given = weights.take_over(made);
    weights.copy_from(parameters);
    commit(std::move(made), std::move(weights));
    as_drawn = was_drawn && !given;
  }

  /// Puts a layer of that name behind the others of a chain, which keep their weights; with `build_it` the model is
  /// built with it, where the input's shape is known.
  [[gnu::cold]] void append(Layer layer, std::string layer_name, bool build_it) {
    const TensorRef before = graph.outputs[0];
    const std::size_t index = graph.nodes.size();
    graph.nodes.push_back({std::move(layer), std::move(layer_name), {before}, index});
    graph.outputs[0] = {static_cast<std::int64_t>(index), 0};
    try {
      if (build_it && declared_inputs) {
        rebuild(*declared_inputs);
      } else if (build_it && built()) {
        rebuild(List<TensorSpec>(built_graph->inputs));
      }
    } catch (...) {
      graph.nodes.pop_back();
      graph.outputs[0] = before;
      throw;
    }
  }

  /// Says how it is trained from now on.
  [[gnu::cold]] void compile(CompileOptions<T> options) {
    const auto make = [](const CompileOptions<T>& chosen, const Parameters<T>& weights) {
      const auto size = static_cast<std::int64_t>(weights.trainable().size());
      return Box<Updater<T>>::make(chosen.optimizer, size, weights.segments());
    };
    Box<Updater<T>> made;
    if (built()) made = make(options, parameters);
    auto none_yet = Box<detail::Idle<Trainer<T>>>::make();
    compiled = std::move(options);
    updater = std::move(made);
    idle_trainers = std::move(none_yet);
    make_updater = make;  // for when it is built later, or again
  }

 private:
  void commit(BuiltGraph made, Parameters<T> weights) {
    Box<Updater<T>> updates;
    if (compiled) updates = make_updater(*compiled, weights);
    Box<detail::Idle<Trainer<T>>> none_yet = idle_trainers;
    LayerStates<T> states(made);
    // Nothing below throws.
    built_graph = std::move(made);
    parameters = std::move(weights);
    layer_states.swap(states);
    updater = std::move(updates);
    gradients = Buffer<T>();
    idle.clear();
    idle_trainers = std::move(none_yet);
    symbols.graph.reset();
    as_drawn = false;
  }
};

}  // namespace nacre
