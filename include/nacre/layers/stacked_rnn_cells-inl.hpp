#pragma once
// Bodies of layers/stacked_rnn_cells.hpp.

#include <nacre/layers/stacked_rnn_cells.hpp>
#include <nacre/layers/symbolic_node.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

NACRE_SETUP void require_cell(std::string_view place, const Layer& cell) {
  require<ValueError>(!cell.state_size().empty(), place,
                      ": expected a cell, a layer with `Shapes state_size() const`, such as LSTMCell, got ",
                      cell.class_name());
}

NACRE_SETUP SymbolicTensors take_states(const Layer& cell, const SymbolicTensors& from, std::size_t& next) {
  SymbolicTensors states;
  for (std::size_t k = 0; k < cell.state_size().size(); ++k) states.push_back(from[next++]);
  return states;
}

}  // namespace detail

NACRE_SETUP StackedRNNCells::StackedRNNCells(List<Layer> all, StackedRNNCellsOptions chosen)
    : cells(std::move(all)), options(std::move(chosen)) {
  validate();
}

NACRE_SETUP void StackedRNNCells::validate() const {
  require<ValueError>(!cells.empty(), "StackedRNNCells: expected one cell or more, got none");
  for (const Layer& cell : cells) detail::require_cell(type_name, cell);
}

NACRE_SETUP Shapes StackedRNNCells::state_size() const {
  Shapes all;
  for (const Layer& cell : cells) {
    for (const Shape& state : cell.state_size()) all.push_back(state);
  }
  return all;
}

NACRE_SETUP SymbolicTensors StackedRNNCells::call(const SymbolicTensors& inputs) const {
  require<ShapeError>(inputs.size() == 1 + state_size().size(), "expected ", 1 + state_size().size(),
                      " inputs, what the first cell reads and the states of all, got ", inputs.size());
  SymbolicTensor last = inputs[0];
  SymbolicTensors states;
  std::size_t next = 1;
  for (const Layer& cell : cells) {
    SymbolicTensors read = detail::take_states(cell, inputs, next);
    read.insert(read.begin(), last);
    const SymbolicTensors made = detail::call_whole(cell, read);
    last = made[0];
    for (std::size_t k = 1; k < made.size(); ++k) states.push_back(made[k]);
  }
  states.insert(states.begin(), last);
  return states;
}

}  // namespace nacre
