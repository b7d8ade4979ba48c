#pragma once
// SimpleRNN: the plain recurrent layer.

#include <string>

#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SimpleRNN.
struct SimpleRNNOptions {
  Activation activation = activations::tanh;
  NACRE_RECURRENT_INITIALIZERS
  NACRE_RECURRENT_REGULARIZERS
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  NACRE_RECURRENT_CONSTRAINTS
  NACRE_SEQUENCE_OPTIONS
  bool zero_output_for_mask = false;  ///< the output of a masked step is zeros instead of the output before
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    detail::fields_of_initializers(list, *this);
    detail::fields_of_penalties(list, *this);
    detail::fields_of_sequence(list, *this);
    list("name", name);
  }
};

/// h = activation(x kernel + h_before recurrent_kernel + bias) at each step of a sequence. Input (batch, steps,
/// features), output (batch, units), the last state, or with return_sequences (batch, steps, units); kernel (features,
/// units), recurrent_kernel (units, units), bias (units). A second input is the initial state (batch, units); without
/// it and without `stateful` that is zero. Masked steps keep the state, and the output repeats that of the step before,
/// zeros at first. Elman, "Finding structure in time", 1990, as Keras has it.
struct SimpleRNN : Callable<SimpleRNN> {
  static constexpr std::string_view type_name = "SimpleRNN";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit SimpleRNN(std::int64_t units, SimpleRNNOptions options = {});

  std::int64_t units;
  SimpleRNNOptions options;
  void fields(Fields& list) {
    list("units", units);
    options.fields(list);
  }
  void validate() const { detail::validate_recurrence(type_name, units, options.dropout, options.recurrent_dropout); }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    builder.activity_regularizer(options.activity_regularizer);
    const SequenceOptions sequence = detail::sequence_of(options);
    return detail::build_recurrence(recurrence(sequence), detail::weight_options(options, options.bias_initializer),
                                    inputs, builder);
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
  SimpleRNN each_step() const {
    detail::require_forwards(type_name, options.go_backwards);
    SimpleRNN layer = *this;
    layer.options.stateful = true;
    return layer;
  }

 private:
  friend struct ConfigAccess;
  SimpleRNN() : units(1) {}

  detail::Recurrence recurrence(const SequenceOptions& sequence) const {
    return {detail::Recurrence::Cell::simple,
            units,
            options.activation,
            options.activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout,
            &sequence};
  }
};

inline SimpleRNN::SimpleRNN(std::int64_t state_size, SimpleRNNOptions chosen)
    : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
