#pragma once
// RNN: a cell over the steps of a sequence.

#include <string>

#include <nacre/layers/layer.hpp>
#include <nacre/layers/layer_field.hpp>
#include <nacre/layers/recurrent.hpp>
#include <nacre/layers/stacked_rnn_cells.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Runs a cell over a sequence: input (batch, steps, ...), output what the cell makes of the last step, or with
/// return_sequences (batch, steps, what it makes of a step...). Further inputs are the initial states, zeros without
/// them; with return_state the last states are further outputs. Masked steps keep the states, and the output repeats
/// that of the step before, zeros at first.
///
/// A cell is any layer, also one of your own that is made of others, with
///
/// - `Shapes state_size() const`: the shapes of its states, without the batch,
/// - as inputs what it reads of a step, then the states, as outputs what it makes of the step, then the new states.
///
/// LSTMCell, GRUCell and SimpleRNNCell, also stacked, run as LSTM, GRU and SimpleRNN do; of another cell the model has
/// a copy for each step, all with the same weights.
struct RNN : Callable<RNN> {
  static constexpr std::string_view type_name = "RNN";

  /// Throws ValueError for a layer that is no cell.
  explicit RNN(Layer cell, SequenceOptions options = {});
  /// The same of StackedRNNCells.
  explicit RNN(List<Layer> cells, SequenceOptions options = {});

  Layer cell;
  SequenceOptions options;
  void fields(Fields& list) {
    list("cell", cell);
    options.fields(list);
  }
  void validate() const;

  template <class Use = void>
  SymbolicTensors call(const SymbolicTensors& inputs) const;

 private:
  friend struct ConfigAccess;
  RNN() = default;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/rnn-inl.hpp>
#endif
