#pragma once
// Bodies of layers/rnn.hpp.

#include <memory>
#include <utility>

#include <nacre/layers/cell_states.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/get_item.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/reverse_steps.hpp>
#include <nacre/layers/rnn.hpp>
#include <nacre/layers/symbolic_node.hpp>
#include <nacre/layers/with_mask_of.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// A cell on each step of a sequence, one after another.
template <class Use>
class StepByStep {
 public:
  StepByStep(const Layer& cell, const SymbolicTensor& sequence, const SequenceOptions& options)
      : cell_(std::make_shared<const CalledLayer>(CalledLayer{cell})),
        sequence_(sequence),
        options_(options),
        masked_(spec_of(sequence).mask.has_value()) {
    for (const Shape& shape : cell.state_size()) {
      kept_.push_back(
          std::make_shared<const CalledLayer>(CalledLayer{Layer::for_use<Use>(CellState(shape, options.stateful))}));
    }
  }

  /// The output, and the last states.
  SymbolicTensors run(SymbolicTensors states) {
    for (std::size_t k = states.size(); k < kept_.size(); ++k) states.push_back(call_layer(kept_[k], {sequence_})[0]);
    SymbolicTensors outputs;
    const std::int64_t steps = sequence_.shape()[0];
    for (std::int64_t t = 0; t < steps; ++t) {
      SymbolicTensors read{call_for<Use>(GetItem({Index(Index::Kind::slice), Index(t)}), {sequence_})};
      for (const SymbolicTensor& state : states) read.push_back(state);
      const SymbolicTensors made = call_layer(cell_, read);
      require<ValueError>(made.size() == 1 + states.size(), "expected a cell of ", 1 + states.size(),
                          " outputs, what it makes of a step and its states, got ", made.size());
      const bool repeats = !outputs.empty() && !options_.zero_output_for_mask;
      outputs.push_back(keep(t, made[0], repeats ? &outputs.back() : nullptr));
      for (std::size_t k = 0; k < states.size(); ++k) states[k] = keep(t, made[1 + k], &states[k]);
    }
    SymbolicTensors result{options_.return_sequences ? stacked(outputs) : outputs.back()};
    for (std::size_t k = 0; k < states.size() && options_.stateful; ++k) {
      result[0] = call_layer(kept_[k], {result[0], states[k]})[0];
    }
    for (const SymbolicTensor& state : states) result.push_back(state);
    return result;
  }

 private:
  /// New values where the step counts.
  SymbolicTensor keep(std::int64_t t, const SymbolicTensor& made, const SymbolicTensor* before) const {
    if (!masked_) return made;
    SymbolicTensors inputs{made};
    if (before != nullptr) inputs.push_back(*before);
    inputs.push_back(sequence_);
    return call_for<Use>(KeepMasked(t), inputs);
  }

  static SymbolicTensor stacked(const SymbolicTensors& outputs) {
    SymbolicTensors rows;
    for (const SymbolicTensor& output : outputs) {
      std::vector<std::int64_t> extents{1};
      for (std::int64_t extent : output.shape()) extents.push_back(extent);
      rows.push_back(call_for<Use>(Reshape(extents), {output}));
    }
    return rows.size() == 1 ? rows[0] : call_for<Use>(Concatenate({.axis = 1}), rows);
  }

  std::shared_ptr<const CalledLayer> cell_;
  SymbolicTensor sequence_;
  const SequenceOptions& options_;
  bool masked_;
  List<std::shared_ptr<const CalledLayer>> kept_;
};

/// One cell over a sequence: the output, and the last states.
template <class Use>
SymbolicTensors run_cell(const Layer& cell, const SymbolicTensor& sequence, const SymbolicTensors& states,
                         const SequenceOptions& options) {
  if (const auto* stack = cell.get_if<StackedRNNCells>()) {
    // Each cell over the whole sequence, one after the other, computes the same.
    SymbolicTensors outputs{sequence}, all_states;
    std::size_t next = 0;
    for (std::size_t k = 0; k < stack->cells.size(); ++k) {
      SequenceOptions own = options;
      own.return_sequences |= k + 1 < stack->cells.size();
      const SymbolicTensors given = states.empty() ? SymbolicTensors() : take_states(stack->cells[k], states, next);
      outputs = run_cell<Use>(stack->cells[k], outputs[0], given, own);
      for (std::size_t state = 1; state < outputs.size(); ++state) all_states.push_back(outputs[state]);
    }
    all_states.insert(all_states.begin(), outputs[0]);
    return all_states;
  }
  SequenceOptions own = options;
  own.return_state = true;
  const std::optional<Layer> layer = cell.over_sequence(own);
  if (!layer) return StepByStep<Use>(cell, sequence, own).run(states);
  SymbolicTensors inputs{sequence};
  for (const SymbolicTensor& state : states) inputs.push_back(state);
  return call_whole(*layer, inputs);
}

}  // namespace detail

NACRE_SETUP RNN::RNN(Layer one, SequenceOptions chosen) : cell(std::move(one)), options(std::move(chosen)) {
  validate();
}
NACRE_SETUP RNN::RNN(List<Layer> cells, SequenceOptions chosen)
    : RNN(Layer(StackedRNNCells(std::move(cells))), std::move(chosen)) {}

NACRE_SETUP void RNN::validate() const { detail::require_cell(type_name, cell); }

template <class Use>
SymbolicTensors RNN::call(const SymbolicTensors& inputs) const {
  require<ShapeError>(!inputs.empty() && inputs[0].shape().rank() >= 1, "expected an input (batch, steps, ...)");
  const std::size_t states = cell.state_size().size();
  require<ShapeError>(inputs.size() == 1 || inputs.size() == 1 + states, "expected one input, or that and ", states,
                      " initial states, got ", inputs.size(), " inputs");
  SymbolicTensors given;
  for (std::size_t k = 1; k < inputs.size(); ++k) given.push_back(inputs[k]);
  SequenceOptions forwards = options;
  SymbolicTensor sequence = inputs[0];
  if (options.go_backwards) {
    sequence = detail::call_for<Use>(detail::ReverseSteps(), {sequence});
    forwards.go_backwards = false;
  }
  SymbolicTensors outputs = detail::run_cell<Use>(cell, sequence, given, forwards);
  const bool has_mask = options.return_sequences && detail::spec_of(inputs[0]).mask.has_value();
  if (has_mask && !(detail::spec_of(outputs[0]).mask && !options.go_backwards)) {
    outputs[0] = detail::call_for<Use>(detail::WithMaskOf(), {outputs[0], inputs[0]});
  }
  return options.return_state ? outputs : SymbolicTensors{outputs[0]};
}

}  // namespace nacre
