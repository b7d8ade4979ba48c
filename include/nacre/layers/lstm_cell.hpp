#pragma once
// LSTMCell: one step of LSTM.

#include <string>

#include <nacre/layers/lstm.hpp>
#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LSTMCell.
struct LSTMCellOptions {
  Activation activation = activations::tanh;
  Activation recurrent_activation = sigmoid;  ///< of the gates
  NACRE_RECURRENT_INITIALIZERS
  bool unit_forget_bias = true;  ///< the bias of forget gates begins with 1
  NACRE_RECURRENT_REGULARIZERS
  NACRE_RECURRENT_CONSTRAINTS
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    list("recurrent_activation", recurrent_activation);
    detail::fields_of_initializers(list, *this);
    list("unit_forget_bias", unit_forget_bias);
    detail::fields_of_penalties(list, *this);
    list("name", name);
  }
};

/// LSTM's formulas for one step: inputs (batch, features) and the states h and c (batch, units), outputs h, and h and c
/// as the new states.
struct LSTMCell : Callable<LSTMCell> {
  static constexpr std::string_view type_name = "LSTMCell";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit LSTMCell(std::int64_t units, LSTMCellOptions options = {});

  std::int64_t units;
  LSTMCellOptions options;
  void fields(Fields& list) {
    list("units", units);
    options.fields(list);
  }
  void validate() const { detail::validate_recurrence(type_name, units, options.dropout, options.recurrent_dropout); }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const AnyInitializer bias_initializer =
        options.unit_forget_bias ? detail::UnitForgetBias{options.bias_initializer} : options.bias_initializer;
    return detail::build_recurrence(recurrence(), detail::weight_options(options, bias_initializer), inputs, builder);
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
  Shapes state_size() const { return {{units}, {units}}; }
  LSTM over_sequence(const SequenceOptions& sequence) const {
    LSTM layer(units);
    detail::copy_cell_options(options, layer.options);
    detail::copy_sequence_options(sequence, layer.options);
    layer.options.unit_forget_bias = options.unit_forget_bias;
    layer.options.recurrent_activation = options.recurrent_activation;
    return layer;
  }

 private:
  friend struct ConfigAccess;
  LSTMCell() : units(1) {}

  detail::Recurrence recurrence() const {
    return {detail::Recurrence::Cell::lstm,
            units,
            options.activation,
            options.recurrent_activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout};
  }
};

inline LSTMCell::LSTMCell(std::int64_t state_size, LSTMCellOptions chosen)
    : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
