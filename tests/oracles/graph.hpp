#pragma once
// Models of reference cases: layers by name, and what they are connected to.

#include "json.hpp"
#include "ops.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <nacre/layers/layers.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/models/nested_model.hpp>

namespace oracles {

using Called = std::shared_ptr<const nacre::detail::CalledLayer>;

nacre::Layer make_nested(const Json& node);

/// A node's layer under its name.
inline Called make_called(const Json& node) {
  const auto class_name = node.at("class_name").get<std::string>();
  const auto name = node.at("name").get<std::string>();
  Json config = node.at("config");
  if (node.contains("call")) config.update(node.at("call"));  // arguments of calls are options here
  const bool trainable = config.value("trainable", true);
  config.erase("trainable");
  if (class_name == "Sequential" || class_name == "Functional") {
    return std::make_shared<nacre::detail::CalledLayer>(
        nacre::detail::CalledLayer{make_nested(node), name, trainable, {}, {}});
  }
  auto layer = make<nacre::Layer>({{"class_name", class_name}, {"config", config}});
  return std::make_shared<nacre::detail::CalledLayer>(
      nacre::detail::CalledLayer{std::move(layer), name, trainable, {}, {}});
}

/// The tensors of a case's model by name.
struct CaseGraph {
  nacre::SymbolicTensors inputs;
  nacre::SymbolicTensors outputs;
  std::vector<std::string> input_names;
  std::vector<std::string> output_names;
};

inline CaseGraph make_case_graph(const Json& config) {
  CaseGraph graph;
  std::map<std::string, nacre::SymbolicTensors> tensors;
  std::map<std::string, Called> layers;
  for (const Json& input : config.at("inputs")) {
    graph.input_names.push_back(input.at("name").get<std::string>());
    nacre::TensorSpec spec{to_shape(input.at("shape"))};
    spec.integers = input.value("dtype", "float32") == "int32";
    graph.inputs.push_back(nacre::detail::make_input(spec, graph.input_names.back()));
    tensors[graph.input_names.back()] = {graph.inputs.back()};
  }
  const auto find = [&](const std::string& name) {
    const std::size_t colon = name.find(':');
    const auto& outputs = tensors.at(name.substr(0, colon));
    return outputs.at(colon == std::string::npos ? 0 : std::stoul(name.substr(colon + 1)));
  };
  for (const Json& node : config.at("nodes")) {
    const auto name = node.at("name").get<std::string>();
    nacre::SymbolicTensors called;
    for (const Json& input : node.at("inputs")) called.push_back(find(input.get<std::string>()));
    const auto class_name = node.at("class_name").get<std::string>();
    if (class_name.rfind("ops.", 0) == 0) {
      tensors[name] = {call_op(class_name.substr(4), node.at("config"), called)};
      continue;
    }
    if (class_name == "masked by") {
      tensors[name] = {nacre::detail::WithMaskOf()({called.at(0), nacre::Masking()(called.at(1))})};
      continue;
    }
    layers[name] =
        node.contains("shared_with") ? layers.at(node.at("shared_with").get<std::string>()) : make_called(node);
    tensors[name] = nacre::detail::call_layer(layers[name], called);
  }
  for (const Json& output : config.at("outputs")) {
    graph.output_names.push_back(output.get<std::string>());
    graph.outputs.push_back(find(graph.output_names.back()));
  }
  return graph;
}

/// A model within a model.
inline nacre::Layer make_nested(const Json& node) {
  const Json& config = node.at("config");
  const auto name = node.at("name").get<std::string>();
  if (node.at("class_name") == "Functional") {
    const CaseGraph inner = make_case_graph(config);
    return nacre::detail::NestedModel(nacre::make_graph(inner.inputs, inner.outputs), name, nullptr);
  }
  const nacre::SymbolicTensor input(to_shape(config.at("input_shape")));
  nacre::SymbolicTensors last{input};
  for (const Json& layer : config.at("layers")) last = nacre::detail::call_layer(make_called(layer), last);
  return nacre::detail::NestedModel(nacre::make_graph({input}, last), name, nullptr);
}

/// The weights of a case in Keras' order, each with nacre's name for it.
struct CaseWeights {
  std::vector<std::string> names;

  explicit CaseWeights(const Json& weights) {
    for (const Json& weight : weights) {
      names.push_back(nacre_name(weight.at("node").get<std::string>(), weight.at("name").get<std::string>()));
    }
  }

  /// Keras' path within the node, without the cells of recurrent layers: "bi/forward_lstm/lstm_cell/kernel" of node
  /// "bi" is "bi/forward_lstm/kernel".
  static std::string nacre_name(std::string node, const std::string& path) {
    const std::string own = node.substr(node.rfind('/') + 1) + "/";
    const std::size_t found = ("/" + path).find("/" + own);
    const bool owned = found != std::string::npos;
    std::istringstream parts(owned ? path.substr(found + own.size()) : path.substr(path.find('/') + 1));
    for (std::string part; std::getline(parts, part, '/');) {
      const bool is_cell = part.size() > 5 && part.compare(part.size() - 5, 5, "_cell") == 0;
      if (!is_cell) node += "/" + part;
    }
    return node;
  }

  template <class T>
  void set(nacre::BasicModel<T>& model, const Json& weights) const {
    nacre::require<Mismatch>(names.size() == model.weight_names().size(), "weights: expected ", names.size(), ", got ",
                             model.weight_names().size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Values<T> values(weights[i]);
      auto weight = model.weight(names[i]);
      nacre::require<Mismatch>(weight.extents() == values.shape, names[i], ": expected shape ", values.shape, ", got ",
                               weight.extents());
      std::copy(values.data.begin(), values.data.end(), weight.elements());
    }
  }
};

}  // namespace oracles
