#pragma once
// StackedRNNCells: several cells of an RNN, each on the output of the one before.

#include <string>

#include <nacre/core/list.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/layer_field.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of StackedRNNCells.
struct StackedRNNCellsOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Cells as one cell: `RNN(StackedRNNCells({LSTMCell(64), LSTMCell(32)}))`. Inputs are that of the first cell and the
/// states of all, outputs the output of the last and the new states of all.
struct StackedRNNCells : Callable<StackedRNNCells> {
  static constexpr std::string_view type_name = "StackedRNNCells";

  /// Throws ValueError for no cells, and for a layer that is no cell.
  explicit StackedRNNCells(List<Layer> cells, StackedRNNCellsOptions options = {});

  List<Layer> cells;
  StackedRNNCellsOptions options;
  void fields(Fields& list) {
    list("cells", cells);
    options.fields(list);
  }
  void validate() const;

  Shapes state_size() const;
  SymbolicTensors call(const SymbolicTensors& inputs) const;

 private:
  friend struct ConfigAccess;
  StackedRNNCells() = default;
};

namespace detail {

/// Throws ValueError for a layer that is no cell.
void require_cell(std::string_view place, const Layer& cell);

/// As many of the tensors, from `next` on, as a cell has states.
SymbolicTensors take_states(const Layer& cell, const SymbolicTensors& from, std::size_t& next);

}  // namespace detail

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/stacked_rnn_cells-inl.hpp>
#endif
