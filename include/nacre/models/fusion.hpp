#pragma once
// Which layers a network computes in one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/models/graph.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A layer that stands for one or more of a flat graph, with the weights of all. It reads what the first reads and
/// writes what the last writes.
struct PlannedLayer {
  Layer layer;
  std::vector<std::size_t> members;  ///< the nodes that it stands for
};

namespace detail {

/// Who reads each node's first output: the one node that does, or none where it is not exactly one, or where the node
/// has further outputs or is an output of the model.
[[gnu::cold]] inline std::vector<std::optional<std::size_t>> only_readers(const BuiltGraph& built) {
  const Graph& graph = built.flat;
  std::vector<std::optional<std::size_t>> readers(graph.nodes.size());
  std::vector<int> count(graph.nodes.size(), 0);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const TensorRef& input : graph.nodes[i].inputs) {
      if (input.is_input()) continue;
      readers[input.node_index()] = i;
      ++count[input.node_index()];
    }
  }
  for (const TensorRef& output : graph.outputs) {
    if (!output.is_input()) ++count[output.node_index()];
  }
  for (std::size_t i = 0; i < count.size(); ++i) {
    if (count[i] != 1 || built.outputs[i].size() != 1) readers[i].reset();
  }
  return readers;
}

}  // namespace detail

/// Each layer for itself.
[[gnu::cold]] inline std::vector<PlannedLayer> one_by_one(const BuiltGraph& built) {
  std::vector<PlannedLayer> planned;
  for (std::size_t i = 0; i < built.flat.nodes.size(); ++i) planned.push_back({built.flat.nodes[i].layer, {i}});
  return planned;
}

/// The layers with neighbours put together where one pass serves both; the user still sees them as written. Only what
/// nobody else reads disappears between them.
[[gnu::cold]] inline std::vector<PlannedLayer> fuse(const BuiltGraph& built) {
  const std::vector<GraphNode>& nodes = built.flat.nodes;
  const auto readers = detail::only_readers(built);
  std::vector<std::optional<PlannedLayer>> planned(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!planned[i]) planned[i] = PlannedLayer{nodes[i].layer, {i}};
    if (!readers[i]) continue;
    const std::size_t next = *readers[i];
    const GraphNode& first = nodes[planned[i]->members.front()];
    const bool alike = nodes[next].trainable == first.trainable && nodes[next].owner == next && nodes[i].owner == i &&
                       nodes[next].inputs.size() == 1 && first.inputs.size() == 1;
    if (!alike || planned[next] || built.penalized[i] || built.penalized[next]) continue;
    auto joined = planned[i]->layer.join(nodes[next].layer, built.spec(first.inputs[0]).shape);
    if (!joined) continue;
    std::vector<std::size_t> members = std::move(planned[i]->members);
    members.push_back(next);
    planned[next] = PlannedLayer{*std::move(joined), std::move(members)};
    planned[i].reset();
  }
  std::vector<PlannedLayer> result;
  for (auto& layer : planned) {
    if (layer) result.push_back(*std::move(layer));
  }
  return result;
}

}  // namespace nacre
