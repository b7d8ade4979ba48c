#pragma once
// Which layers a network computes in one.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/models/graph.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A layer that stands for one or more of a flat graph, with the weights of all, the first one's first. It writes what
/// the last writes.
struct PlannedLayer {
  Layer layer;
  List<std::size_t> members;  ///< the nodes that it stands for
  List<TensorRef> inputs;     ///< the first one's first input, then what further inputs there are
};

namespace detail {

/// Who reads each node's first output: the one node that does, or none where it is not exactly one, or where the node
/// has further outputs or is an output of the model.
[[gnu::cold]] inline List<std::optional<std::size_t>> only_readers(const BuiltGraph& built) {
  const Graph& graph = built.flat;
  List<std::optional<std::size_t>> readers(graph.nodes.size());
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

/// For each node whether it may be joined with others: whether it shares its weights with none, and has no penalty for
/// its output.
[[gnu::cold]] inline List<char> standing_alone(const BuiltGraph& built) {
  const List<GraphNode>& nodes = built.flat.nodes;
  List<int> users(nodes.size(), 0);
  for (const GraphNode& node : nodes) ++users[node.owner];
  List<char> alone(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) alone[i] = users[nodes[i].owner] == 1 && !built.penalized[i];
  return alone;
}

/// Whether two layers can be joined: all members stand alone, and are trained, or none is.
[[gnu::cold]] inline bool are_alike(const BuiltGraph& built, const List<char>& alone, const PlannedLayer& a,
                                    const PlannedLayer& b) {
  const auto stands_alone = [&](std::size_t node) { return alone[node] != 0; };
  const List<GraphNode>& nodes = built.flat.nodes;
  return nodes[a.members.front()].trainable == nodes[b.members.front()].trainable &&
         std::all_of(a.members.begin(), a.members.end(), stands_alone) &&
         std::all_of(b.members.begin(), b.members.end(), stands_alone);
}

/// `a` and the only reader of its output `b` as one, where one of them can. A layer of several inputs is joined by its
/// first one; one of two of its output's shape, as a sum, by either.
[[gnu::cold]] inline std::optional<PlannedLayer> join(const BuiltGraph& built, const List<char>& alone,
                                                      const PlannedLayer& a, const PlannedLayer& b) {
  if (!are_alike(built, alone, a, b)) return std::nullopt;
  const TensorRef between{static_cast<std::int64_t>(a.members.back()), 0};
  if (b.inputs.size() > 1 && b.members.size() == 1) {
    const TensorSpec& output = built.outputs[b.members.back()][0];
    if (b.inputs.size() > 2 || !(built.spec(b.inputs[0]) == output && built.spec(b.inputs[1]) == output))
      return std::nullopt;
  } else if (!(b.inputs[0] == between)) {
    return std::nullopt;
  }
  auto layer = a.layer.join(b.layer, built.spec(a.inputs[0]).shape);
  if (!layer) return std::nullopt;
  PlannedLayer joined{*std::move(layer), a.members, a.inputs};
  joined.members.insert(joined.members.end(), b.members.begin(), b.members.end());
  std::copy_if(b.inputs.begin(), b.inputs.end(), std::back_inserter(joined.inputs),
               [&](const TensorRef& input) { return !(input == between); });
  return joined;
}

}  // namespace detail

/// Each layer for itself.
[[gnu::cold]] inline List<PlannedLayer> one_by_one(const BuiltGraph& built) {
  List<PlannedLayer> planned;
  for (std::size_t i = 0; i < built.flat.nodes.size(); ++i) {
    planned.push_back({built.flat.nodes[i].layer, {i}, built.flat.nodes[i].inputs});
  }
  return planned;
}

/// The layers with neighbours put together where one pass serves both; the user still sees them as written. Only what
/// nobody else reads disappears between them. What was joined may be joined again: once more over all until none is.
[[gnu::cold]] inline List<PlannedLayer> fuse(const BuiltGraph& built) {
  const auto readers = detail::only_readers(built);
  const List<char> alone = detail::standing_alone(built);
  List<std::optional<PlannedLayer>> planned;  // each at the place of its last member
  for (PlannedLayer& layer : one_by_one(built)) planned.emplace_back(std::move(layer));
  List<std::size_t> place(planned.size());  // of the layer that a node is in
  std::iota(place.begin(), place.end(), std::size_t{0});
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < planned.size(); ++i) {
      if (!planned[i] || !readers[i]) continue;
      const std::size_t next = place[*readers[i]];
      auto joined = detail::join(built, alone, *planned[i], *planned[next]);
      if (!joined) continue;
      for (std::size_t member : joined->members) place[member] = next;
      planned[next] = std::move(joined);
      planned[i].reset();
      again = true;
    }
  }
  List<PlannedLayer> result;
  for (auto& layer : planned) {
    if (layer) result.push_back(*std::move(layer));
  }
  return result;
}

}  // namespace nacre
