#pragma once
// GRU: gated recurrent units.

#include <string>

#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GRU.
struct GRUOptions {
  Activation activation = activations::tanh;
  Activation recurrent_activation = sigmoid;  ///< of the gates
  NACRE_RECURRENT_INITIALIZERS
  NACRE_RECURRENT_REGULARIZERS
  AnyRegularizer activity_regularizer{};  ///< a penalty for the output, summed over the batch
  NACRE_RECURRENT_CONSTRAINTS
  NACRE_SEQUENCE_OPTIONS
  bool reset_after = true;            ///< the reset gate comes behind the product with the recurrent kernel
  bool zero_output_for_mask = false;  ///< the output of a masked step is zeros instead of the output before
  std::string name{};

  void fields(Fields& list) {
    list("activation", activation);
    list("recurrent_activation", recurrent_activation);
    detail::fields_of_initializers(list, *this);
    detail::fields_of_penalties(list, *this);
    detail::fields_of_sequence(list, *this);
    list("reset_after", reset_after);
    list("name", name);
  }
};

/// Gated recurrent units. x kernel + bias and h_before recurrent_kernel + recurrent bias have three parts of `units`
/// columns each, for z, r and the candidate g; with s the recurrent_activation and a the activation
///
///   z = s(x_z + h_z),  r = s(x_r + h_r),  g = a(x_g + r h_g),  h = z h_before + (1 - z) g.
///
/// With `reset_after = false` there is one bias, and g = a(x_g + (r h_before) recurrent_kernel_g).
///
/// Input (batch, steps, features), output (batch, units), the last h, or with return_sequences (batch, steps, units);
/// kernel (features, 3 units), recurrent_kernel (units, 3 units), bias (2, 3 units), or (3 units) without reset_after.
/// A second input is the initial state (batch, units); without it and without `stateful` that is zero. Masked steps
/// keep the state, and the output repeats that of the step before, zeros at first. Cho et al., "Learning phrase
/// representations using RNN encoder-decoder for statistical machine translation", 2014.
struct GRU : Callable<GRU> {
  static constexpr std::string_view type_name = "GRU";

  /// Throws ValueError for fewer units than 1 and rates outside [0, 1].
  explicit GRU(std::int64_t units, GRUOptions options = {});

  std::int64_t units;
  GRUOptions options;
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
  GRU each_step() const {
    detail::require_forwards(type_name, options.go_backwards);
    GRU layer = *this;
    layer.options.stateful = true;
    return layer;
  }

 private:
  friend struct ConfigAccess;
  GRU() : units(1) {}

  detail::Recurrence recurrence(const SequenceOptions& sequence) const {
    return {options.reset_after ? detail::Recurrence::Cell::gru : detail::Recurrence::Cell::gru_reset_first,
            units,
            options.activation,
            options.recurrent_activation,
            options.use_bias,
            options.dropout,
            options.recurrent_dropout,
            &sequence};
  }
};

inline GRU::GRU(std::int64_t state_size, GRUOptions chosen) : units(state_size), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
