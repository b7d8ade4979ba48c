#pragma once
// LSTM: long short-term memory.

#include <algorithm>
#include <string>

#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LSTM.
struct LSTMOptions {
  Activation activation = activations::tanh;
  Activation recurrent_activation = sigmoid;  ///< of the gates
  NACRE_RECURRENT_INITIALIZERS
  bool unit_forget_bias = true;  ///< the bias of forget gates begins with 1
  NACRE_RECURRENT_REGULARIZERS
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  NACRE_RECURRENT_CONSTRAINTS
  NACRE_SEQUENCE_OPTIONS
  bool zero_output_for_mask = false;  ///< the output of a masked step is zeros instead of the output before
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    list("recurrent_activation", recurrent_activation);
    detail::fields_of_initializers(list, *this);
    list("unit_forget_bias", unit_forget_bias);
    detail::fields_of_penalties(list, *this);
    detail::fields_of_sequence(list, *this);
    list("name", name);
  }
};

namespace detail {

/// The bias of LSTM: ones for the forget gates, which are the second quarter, and what another initializer says for the
/// rest. Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network architectures", 2015.
struct UnitForgetBias {
  static constexpr std::string_view type_name = "UnitForgetBias";
  AnyInitializer others = Zeros();
  void fields(Fields& list) { list("others", others); }

  void fill(const Initialization& step) const {
    const std::int64_t units = step.shape.size() / 4;
    others.fill(step.values, step.shape, step.random);
    std::fill_n(step.values + units, units, 1.0);
  }
};

}  // namespace detail

/// Long short-term memory. At each step z = x kernel + h_before recurrent_kernel + bias has four parts of `units`
/// columns, i, f, g and o; with s the recurrent_activation and a the activation
///
///   c = s(f) c_before + s(i) a(g),  h = s(o) a(c).
///
/// Input (batch, steps, features), output (batch, units), the last h, or with return_sequences (batch, steps, units);
/// kernel (features, 4 units), recurrent_kernel (units, 4 units), bias (4 units). Two more inputs are the initial h and
/// c, (batch, units) each; without them and without `stateful` they are zero. With return_state the last h and c are
/// further outputs. Masked steps keep the states, and the output repeats that of the step before, zeros at first.
/// Hochreiter and Schmidhuber, "Long short-term memory", 1997; Gers, Schmidhuber and Cummins, "Learning to forget",
/// 2000.
struct LSTM : Callable<LSTM> {
  static constexpr std::string_view type_name = "LSTM";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit LSTM(std::int64_t units, LSTMOptions options = {});

  std::int64_t units;
  LSTMOptions options;
  void fields(Fields& list) {
    list("units", units);
    options.fields(list);
  }
  void validate() const { detail::validate_recurrence(type_name, units, options.dropout, options.recurrent_dropout); }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const AnyInitializer bias_initializer =
        options.unit_forget_bias ? detail::UnitForgetBias{options.bias_initializer} : options.bias_initializer;
    builder.activity_regularizer(options.activity_regularizer);
    const SequenceOptions sequence = detail::sequence_of(options);
    return detail::build_recurrence(recurrence(sequence), detail::weight_options(options, bias_initializer), inputs,
                                    builder);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const SequenceOptions sequence = detail::sequence_of(options);
    detail::forward_recurrence(recurrence(sequence), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    const SequenceOptions sequence = detail::sequence_of(options);
    detail::backward_recurrence(recurrence(sequence), step);
  }

  /// For Stepper. Throws ValueError for a layer that goes backwards.
  LSTM each_step() const {
    detail::require_forwards(type_name, options.go_backwards);
    LSTM layer = *this;
    layer.options.stateful = true;
    return layer;
  }

 private:
  friend struct ConfigAccess;
  LSTM() : units(1) {}

  detail::Recurrence recurrence(const SequenceOptions& sequence) const {
    return {detail::Recurrence::Cell::lstm,
            units,
            options.activation,
            options.recurrent_activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout,
            &sequence};
  }
};

inline LSTM::LSTM(std::int64_t state_size, LSTMOptions chosen) : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
