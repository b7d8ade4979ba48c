#pragma once
// What recurrent layers share: their options, and the one engine that runs their cells over sequences.

#include <cstdint>
#include <optional>
#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

// Options that recurrent layers and their cells have in common, in Keras' order.

#define NACRE_RECURRENT_INITIALIZERS                   \
  bool use_bias = true;                                \
  AnyInitializer kernel_initializer = GlorotUniform(); \
  AnyInitializer recurrent_initializer = Orthogonal(); \
  AnyInitializer bias_initializer = Zeros();

#define NACRE_RECURRENT_REGULARIZERS      \
  AnyRegularizer kernel_regularizer{};    \
  AnyRegularizer recurrent_regularizer{}; \
  AnyRegularizer bias_regularizer{};

#define NACRE_RECURRENT_CONSTRAINTS                                                                        \
  AnyConstraint kernel_constraint{};                                                                       \
  AnyConstraint recurrent_constraint{};                                                                    \
  AnyConstraint bias_constraint{};                                                                         \
  double dropout = 0;           /**< rate at which features are dropped in training, alike at all steps */ \
  double recurrent_dropout = 0; /**< the same of the state */

/// How a layer goes over its steps.
#define NACRE_SEQUENCE_OPTIONS                                                                               \
  bool return_sequences = false; /**< the output is that of every step, not of the last one */               \
  bool return_state = false;     /**< the states after the last step are further outputs */                  \
  bool go_backwards = false;     /**< begin with the last step; the output is in the order of computation */ \
  bool stateful = false;         /**< begin each batch with the states that the one before left behind */    \
  bool unroll = false;           /**< accepted as in Keras; the computation is the same */

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How RNN goes over the steps of a sequence.
struct SequenceOptions {
  NACRE_SEQUENCE_OPTIONS
  bool zero_output_for_mask = false;  ///< the output of a masked step is zeros instead of the output before
  std::string name{};

  void fields(Fields& list) {
    fields_of_sequence(list, *this);
    list("zero_output_for_mask", zero_output_for_mask);
    list("name", name);
  }

  template <class Options>
  static void fields_of_sequence(Fields& list, Options& options) {
    list("return_sequences", options.return_sequences);
    list("return_state", options.return_state);
    list("go_backwards", options.go_backwards);
    list("stateful", options.stateful);
    list("unroll", options.unroll);
  }
};

namespace detail {

/// The options of any cell, as the engine needs them. It lives no longer than the options that it refers to.
struct Recurrence {
  /// - simple: h = f(x W + h U + b)
  /// - lstm, gru: kernels/recurrent.hpp; gru_reset_first is the GRU whose reset gate comes before the product
  enum class Cell { simple, lstm, gru, gru_reset_first };

  Cell cell;
  std::int64_t units;
  const Activation& activation;
  const Activation& recurrent_activation;
  bool use_bias;
  double dropout;
  double recurrent_dropout;
  const SequenceOptions* sequence = nullptr;  ///< nullptr: one step, without an axis for it, that returns its states

  bool is_gru() const { return cell == Cell::gru || cell == Cell::gru_reset_first; }
  std::int64_t gates() const { return cell == Cell::simple ? 1 : cell == Cell::lstm ? 4 : 3; }
  /// Columns of the kernels.
  std::int64_t columns() const { return gates() * units; }
  /// Columns of the recurrent kernel that are multiplied with the state itself; those of a GRU's candidate go another
  /// way.
  std::int64_t direct_columns() const { return is_gru() ? 2 * units : columns(); }
  /// What is kept of a step for each unit: a GRU's candidate has two parts.
  std::int64_t slots() const { return cell == Cell::simple ? 1 : 4; }
  std::int64_t states() const { return cell == Cell::lstm ? 2 : 1; }
  bool keeps_before() const {
    return activation.keeps_input() || (cell != Cell::simple && recurrent_activation.keeps_input());
  }
};

/// The initializers, penalties and limits of a recurrent layer's weights.
struct RecurrentWeightOptions {
  struct Weight {
    const AnyInitializer& initializer;
    const AnyRegularizer& regularizer;
    const AnyConstraint& constraint;
  };
  Weight kernel;
  Weight recurrent_kernel;
  Weight bias;
};

template <class Options>
RecurrentWeightOptions weight_options(const Options& options, const AnyInitializer& bias_initializer) {
  return {{options.kernel_initializer, options.kernel_regularizer, options.kernel_constraint},
          {options.recurrent_initializer, options.recurrent_regularizer, options.recurrent_constraint},
          {bias_initializer, options.bias_regularizer, options.bias_constraint}};
}

/// Throws ValueError for fewer units than 1 and rates outside [0, 1].
void validate_recurrence(std::string_view layer, std::int64_t units, double dropout, double recurrent_dropout);

/// Throws ValueError for a layer that goes backwards, of which there is no step by step.
void require_forwards(std::string_view layer, bool go_backwards);

/// What a recurrent layer or cell asks for. Throws ShapeError for inputs of other shapes than it takes.
Shape build_recurrence(const Recurrence& recurrence, const RecurrentWeightOptions& weights, const Shapes& inputs,
                       LayerBuilder& builder);

template <class T>
void forward_recurrence(const Recurrence& recurrence, const Forward<T>& step);
template <class T>
void backward_recurrence(const Recurrence& recurrence, const Backward<T>& step);

/// The part of a layer's options that says how it goes over the steps.
template <class Options>
SequenceOptions sequence_of(const Options& options) {
  return {options.return_sequences, options.return_state, options.go_backwards,
          options.stateful,         options.unroll,       options.zero_output_for_mask};
}

/// The same options of a cell and of its layer, from one to the other.
template <class From, class To>
void copy_cell_options(const From& from, To& to) {
  to.activation = from.activation;
  to.use_bias = from.use_bias;
  to.kernel_initializer = from.kernel_initializer;
  to.recurrent_initializer = from.recurrent_initializer;
  to.bias_initializer = from.bias_initializer;
  to.kernel_regularizer = from.kernel_regularizer;
  to.recurrent_regularizer = from.recurrent_regularizer;
  to.bias_regularizer = from.bias_regularizer;
  to.kernel_constraint = from.kernel_constraint;
  to.recurrent_constraint = from.recurrent_constraint;
  to.bias_constraint = from.bias_constraint;
  to.dropout = from.dropout;
  to.recurrent_dropout = from.recurrent_dropout;
  to.name = from.name;
}
template <class Options>
void copy_sequence_options(const SequenceOptions& from, Options& to) {
  to.return_sequences = from.return_sequences;
  to.return_state = from.return_state;
  to.go_backwards = from.go_backwards;
  to.stateful = from.stateful;
  to.unroll = from.unroll;
  to.zero_output_for_mask = from.zero_output_for_mask;
}

/// Lists the fields that all recurrent layers and cells have.
template <class Options>
void fields_of_initializers(Fields& list, Options& options) {
  list("use_bias", options.use_bias);
  list("kernel_initializer", options.kernel_initializer);
  list("recurrent_initializer", options.recurrent_initializer);
  list("bias_initializer", options.bias_initializer);
}
template <class Options>
void fields_of_penalties(Fields& list, Options& options) {
  list.if_any("kernel_regularizer", options.kernel_regularizer);
  list.if_any("recurrent_regularizer", options.recurrent_regularizer);
  list.if_any("bias_regularizer", options.bias_regularizer);
  if constexpr (requires { options.activity_regularizer; }) {
    list.if_any("activity_regularizer", options.activity_regularizer);
  }
  list.if_any("kernel_constraint", options.kernel_constraint);
  list.if_any("recurrent_constraint", options.recurrent_constraint);
  list.if_any("bias_constraint", options.bias_constraint);
  list("dropout", options.dropout);
  list("recurrent_dropout", options.recurrent_dropout);
}
template <class Options>
void fields_of_sequence(Fields& list, Options& options) {
  SequenceOptions::fields_of_sequence(list, options);
  list("zero_output_for_mask", options.zero_output_for_mask);
}

}  // namespace detail

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/recurrent-inl.hpp>
#endif
