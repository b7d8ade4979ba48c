#pragma once
// SimpleRNNCell: one step of SimpleRNN.

#include <string>

#include <nacre/layers/simple_rnn.hpp>
#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SimpleRNNCell.
struct SimpleRNNCellOptions {
  Activation activation = activations::tanh;
  NACRE_RECURRENT_INITIALIZERS
  NACRE_RECURRENT_REGULARIZERS
  NACRE_RECURRENT_CONSTRAINTS
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    detail::fields_of_initializers(list, *this);
    detail::fields_of_penalties(list, *this);
    list("name", name);
  }
};

/// h = activation(x kernel + h_before recurrent_kernel + bias): inputs (batch, features) and the state (batch, units),
/// outputs h twice, as output and as state.
struct SimpleRNNCell : Callable<SimpleRNNCell> {
  static constexpr std::string_view type_name = "SimpleRNNCell";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit SimpleRNNCell(std::int64_t units, SimpleRNNCellOptions options = {});

  std::int64_t units;
  SimpleRNNCellOptions options;
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
  SimpleRNN over_sequence(const SequenceOptions& sequence) const {
    SimpleRNN layer(units);
    detail::copy_cell_options(options, layer.options);
    detail::copy_sequence_options(sequence, layer.options);
    return layer;
  }

 private:
  friend struct ConfigAccess;
  SimpleRNNCell() : units(1) {}

  detail::Recurrence recurrence() const {
    return {detail::Recurrence::Cell::simple,
            units,
            options.activation,
            options.activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout};
  }
};

inline SimpleRNNCell::SimpleRNNCell(std::int64_t state_size, SimpleRNNCellOptions chosen)
    : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
