#pragma once
// What layers of attention with several heads share: their options, and the one engine that computes them.

#include <cstdint>
#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

/// Options of layers of attention, in Keras' order. The last two are arguments of a call in Keras.
#define NACRE_ATTENTION_WEIGHT_OPTIONS                                                           \
  AnyInitializer kernel_initializer = GlorotUniform();                                           \
  AnyInitializer bias_initializer = Zeros();                                                     \
  AnyRegularizer kernel_regularizer{};                                                           \
  AnyRegularizer bias_regularizer{};                                                             \
  AnyRegularizer activity_regularizer{}; /**< a penalty for the output, summed over the batch */ \
  AnyConstraint kernel_constraint{};                                                             \
  AnyConstraint bias_constraint{};                                                               \
  bool use_causal_mask = false;         /**< a step sees itself and those before */              \
  bool return_attention_scores = false; /**< the probabilities (batch, heads, queries, values) are an output */

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The options of a layer of attention, as the engine needs them.
struct HeadAttention {
  std::int64_t heads;
  std::int64_t value_heads;  ///< of keys and values; each serves as many neighbouring heads of queries
  std::int64_t key_dim;
  std::int64_t value_dim;
  double dropout;
  bool use_bias;
  bool use_causal_mask;
  bool return_attention_scores;
  Shape output_shape{};  ///< of a query's result; empty: as the query
  Shape axes{};          ///< those of the input that are attended over, counted with the batch; empty: all
};

/// The initializers, penalties and limits of all its weights.
struct AttentionWeightOptions {
  const AnyInitializer& kernel_initializer;
  const AnyInitializer& bias_initializer;
  const AnyRegularizer& kernel_regularizer;
  const AnyRegularizer& bias_regularizer;
  const AnyConstraint& kernel_constraint;
  const AnyConstraint& bias_constraint;
};

template <class Options>
AttentionWeightOptions attention_weight_options(const Options& options) {
  return {options.kernel_initializer, options.bias_initializer,  options.kernel_regularizer,
          options.bias_regularizer,   options.kernel_constraint, options.bias_constraint};
}

template <class Options>
void fields_of_attention(Fields& list, Options& options) {
  list("kernel_initializer", options.kernel_initializer);
  list("bias_initializer", options.bias_initializer);
  list.if_any("kernel_regularizer", options.kernel_regularizer);
  list.if_any("bias_regularizer", options.bias_regularizer);
  list.if_any("activity_regularizer", options.activity_regularizer);
  list.if_any("kernel_constraint", options.kernel_constraint);
  list.if_any("bias_constraint", options.bias_constraint);
  list("use_causal_mask", options.use_causal_mask);
  list("return_attention_scores", options.return_attention_scores);
}

/// What it asks for. Throws ShapeError for inputs of other shapes than it takes.
Shape build_attention(const HeadAttention& attention, const AttentionWeightOptions& weights, const Shapes& inputs,
                      LayerBuilder& builder);

template <class T>
void forward_attention(const HeadAttention& attention, const Forward<T>& step);
template <class T>
void backward_attention(const HeadAttention& attention, const Backward<T>& step);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/head_attention-inl.hpp>
#endif
