#pragma once
// GRUCell: one step of GRU.

#include <string>

#include <nacre/layers/gru.hpp>
#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GRUCell.
struct GRUCellOptions {
  Activation activation = activations::tanh;
  Activation recurrent_activation = sigmoid;  ///< of the gates
  NACRE_RECURRENT_INITIALIZERS
  NACRE_RECURRENT_REGULARIZERS
  NACRE_RECURRENT_CONSTRAINTS
  bool reset_after = true;  ///< the reset gate comes behind the product with the recurrent kernel
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    list("recurrent_activation", recurrent_activation);
    detail::fields_of_initializers(list, *this);
    detail::fields_of_penalties(list, *this);
    list("reset_after", reset_after);
    list("name", name);
  }
};

/// GRU's formulas for one step: inputs (batch, features) and the state (batch, units), outputs h twice, as output and
/// as state.
struct GRUCell : Callable<GRUCell> {
  static constexpr std::string_view type_name = "GRUCell";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit GRUCell(std::int64_t units, GRUCellOptions options = {});

  std::int64_t units;
  GRUCellOptions options;
  void fields(Fields& list) {
    list("units", units);
    options.fields(list);
  }
  void validate() const { detail::validate_recurrence(type_name, units, options.dropout, options.recurrent_dropout); }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    return detail::build_recurrence(recurrence(), detail::weight_options(options, options.bias_initializer), inputs,
                                    builder);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_recurrence(recurrence(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_recurrence(recurrence(), step);
  }

  /// For RNN: what it keeps from step to step, and the layer that runs it over a sequence.
  Shapes state_size() const { return {{units}}; }
  GRU over_sequence(const SequenceOptions& sequence) const {
    GRU layer(units);
    detail::copy_cell_options(options, layer.options);
    detail::copy_sequence_options(sequence, layer.options);
    layer.options.reset_after = options.reset_after;
    layer.options.recurrent_activation = options.recurrent_activation;
    return layer;
  }

 private:
  friend struct ConfigAccess;
  GRUCell() : units(1) {}

  detail::Recurrence recurrence() const {
    return {options.reset_after ? detail::Recurrence::Cell::gru : detail::Recurrence::Cell::gru_reset_first,
            units,
            options.activation,
            options.recurrent_activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout};
  }
};

inline GRUCell::GRUCell(std::int64_t state_size, GRUCellOptions chosen)
    : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
