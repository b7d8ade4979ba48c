#pragma once
// Bodies of models/sequential.hpp.

#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/core/snake_case.hpp>
#include <nacre/models/model-inl.hpp>
#include <nacre/models/sequential.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
[[gnu::cold]] BasicSequential<T>::BasicSequential(std::initializer_list<Layer> layers, std::string name) {
  ModelState<T>& state = this->state();
  state.name = std::move(name);
  for (const Layer& layer : layers) add(layer, false);
  if (state.declared_inputs) state.build(*state.declared_inputs);
}

template <class T>
[[gnu::cold]] BasicSequential<T>::BasicSequential(BasicModel<T> model) : BasicModel<T>(std::move(model)) {
  ModelState<T>& state = this->state();
  require<ValueError>(state.graph.is_chain(), "Sequential: expected a model of layers one after another, but \"",
                      state.name, "\" has branches; take it as a Model: Model model = load(...)");
  state.kind = "Sequential";
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::add(Layer layer) {
  add(std::move(layer), true);
}

template <class T>
[[gnu::cold]] void BasicSequential<T>::add(Layer layer, bool build) {
  ModelState<T>& state = this->changeable("add");
  if (const auto* input = layer.template get_if<Input>()) {
    require<StateError>(state.graph.nodes.empty() && !state.declared_inputs,
                        "Sequential: expected Input as the first layer only");
    const List<TensorSpec> declared{input->spec()};
    if (build) state.build(declared);
    state.declared_inputs = declared;
    if (!input->options.name.empty()) state.graph.inputs[0] = input->options.name;
    return;
  }
  std::string given = layer.name();
  if (given.empty()) given = free_name(state.graph.nodes, snake_case(layer.class_name()));
  require<ValueError>(free_name(state.graph.nodes, given) == given,
                      "Sequential: expected layers of different names, got \"", given, "\" twice");
  state.append(std::move(layer), std::move(given), build);
}

}  // namespace nacre
