#pragma once
// Bodies of layers/bidirectional.hpp.

#include <memory>
#include <utility>

#include <nacre/layers/bidirectional.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/reverse_steps.hpp>
#include <nacre/layers/symbolic_node.hpp>
#include <nacre/layers/with_mask_of.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Bidirectional::Bidirectional(Layer inner, BidirectionalOptions chosen)
    : layer(std::move(inner)), options(std::move(chosen)) {
  validate();
}

NACRE_SETUP void Bidirectional::validate() const {
  require_one_of(type_name, "merge_mode", options.merge_mode, {"concat", "sum", "mul", "ave", "none"});
  const bool backwards = detail::field_of<bool>(layer, "go_backwards");
  if (!options.backward_layer) return;
  const Layer& other = *options.backward_layer;
  require<ValueError>(detail::field_of<bool>(other, "go_backwards") != backwards,
                      "Bidirectional: expected a backward_layer of the other direction: go_backwards is to be ",
                      backwards ? "false" : "true");
  for (const char* option : {"return_sequences", "return_state", "stateful"}) {
    require<ValueError>(detail::field_of<bool>(layer, option) == detail::field_of<bool>(other, option),
                        "Bidirectional: expected a backward_layer with the same ", option, " as the layer");
  }
}

/// The layer of one direction under Keras' name for it.
NACRE_SETUP Layer Bidirectional::directed(bool forward) const {
  const bool backwards = detail::field_of<bool>(layer, "go_backwards");
  const Layer& chosen = forward || !options.backward_layer ? layer : *options.backward_layer;
  const std::string name = chosen.name().empty() ? snake_case(chosen.class_name()) : chosen.name();
  return detail::with_fields(chosen, {{"go_backwards", forward ? backwards : !backwards},
                                      {"zero_output_for_mask", detail::field_of<bool>(layer, "return_sequences")},
                                      {"name", (forward ? "forward_" : "backward_") + name}});
}

template <class Use>
SymbolicTensors Bidirectional::call(const SymbolicTensors& inputs) const {
  require<ShapeError>(!inputs.empty() && inputs.size() % 2 == 1,
                      "expected one input, or that and the initial states of both directions, got ", inputs.size());
  const std::size_t states = inputs.size() / 2;
  SymbolicTensors of_forward{inputs[0]}, of_backward{inputs[0]};
  for (std::size_t k = 0; k < states; ++k) {
    of_forward.push_back(inputs[1 + k]);
    of_backward.push_back(inputs[1 + states + k]);
  }
  const SymbolicTensors forward = detail::call_whole(directed(true), of_forward);
  SymbolicTensors backward = detail::call_whole(directed(false), of_backward);
  const bool sequences = detail::field_of<bool>(layer, "return_sequences");
  if (sequences) backward[0] = detail::call_for<Use>(detail::ReverseSteps(), {backward[0]});

  const SymbolicTensors both{forward[0], backward[0]};
  const std::string& mode = options.merge_mode;
  SymbolicTensors outputs;
  if (mode == "concat") outputs.push_back(detail::call_for<Use>(Concatenate(), both));
  if (mode == "sum") outputs.push_back(detail::call_for<Use>(Add(), both));
  if (mode == "mul") outputs.push_back(detail::call_for<Use>(Multiply(), both));
  if (mode == "ave") outputs.push_back(detail::call_for<Use>(Average(), both));
  if (mode == "none") outputs = both;
  if (sequences && detail::spec_of(inputs[0]).mask) {
    for (SymbolicTensor& output : outputs) output = detail::call_for<Use>(detail::WithMaskOf(), {output, inputs[0]});
  }
  for (std::size_t k = 1; k < forward.size(); ++k) outputs.push_back(forward[k]);
  for (std::size_t k = 1; k < backward.size(); ++k) outputs.push_back(backward[k]);
  return outputs;
}

}  // namespace nacre
