#pragma once
// A graph as a config, for saving: its layers with the names of the tensors that they read.

#include <nacre/core/config.hpp>
#include <nacre/models/graph.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// As Keras writes a Functional model: inputs by name; nodes with name, layer, the tensors that they read ("conv2d", or
/// "lstm:1" for a further output), the node whose weights they share, and whether they are trainable; outputs.
ConfigValue to_config_value(const Graph& graph);

/// Throws ValueError for names that are not known or there twice, for a node that comes before what it reads, and for
/// layers that are not registered.
void from_config_value(const ConfigValue& value, Graph& graph);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/graph_config-inl.hpp>
#endif
