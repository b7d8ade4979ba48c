#pragma once
// GroupQueryAttention: attention of several heads, some of which share keys and values.

#include <string>

#include <nacre/layers/head_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of GroupQueryAttention.
struct GroupQueryAttentionOptions {
  double dropout = 0;  ///< rate at which probabilities are dropped in training
  bool use_bias = true;
  NACRE_ATTENTION_WEIGHT_OPTIONS
  std::string name{};

  void fields(Fields& list) {
    list("dropout", dropout);
    list("use_bias", use_bias);
    detail::fields_of_attention(list, *this);
    list("name", name);
  }
};

/// MultiHeadAttention of which groups of neighbouring heads have the same keys and values: `GroupQueryAttention(64, 8,
/// 2)({query, value})`. Inputs and output as there; weights query/kernel (features, num_query_heads, head_dim),
/// key/kernel and value/kernel (features, num_key_value_heads, head_dim), attention_output/kernel (num_query_heads,
/// head_dim, features), and biases. Ainslie et al., "GQA: training generalized multi-query transformer models from
/// multi-head checkpoints", 2023.
struct GroupQueryAttention : Callable<GroupQueryAttention> {
  static constexpr std::string_view type_name = "GroupQueryAttention";

  /// Throws ValueError for numbers below 1, for num_query_heads that num_key_value_heads does not divide, and for a
  /// dropout outside [0, 1].
  GroupQueryAttention(std::int64_t head_dim, std::int64_t num_query_heads, std::int64_t num_key_value_heads,
                      GroupQueryAttentionOptions options = {});

  std::int64_t head_dim;
  std::int64_t num_query_heads;
  std::int64_t num_key_value_heads;
  GroupQueryAttentionOptions options;
  void fields(Fields& list) {
    list("head_dim", head_dim);
    list("num_query_heads", num_query_heads);
    list("num_key_value_heads", num_key_value_heads);
    options.fields(list);
  }
  void validate() const {
    require<ValueError>(head_dim >= 1 && num_query_heads >= 1 && num_key_value_heads >= 1,
                        "GroupQueryAttention: expected head_dim, num_query_heads and num_key_value_heads of 1 or more, "
                        "got ",
                        head_dim, ", ", num_query_heads, " and ", num_key_value_heads);
    require<ValueError>(num_query_heads % num_key_value_heads == 0,
                        "GroupQueryAttention: expected num_key_value_heads that divide num_query_heads, got ",
                        num_key_value_heads, " and ", num_query_heads);
    require<ValueError>(options.dropout >= 0 && options.dropout <= 1,
                        "GroupQueryAttention: expected a dropout from 0 to 1, got ", options.dropout);
  }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    builder.activity_regularizer(options.activity_regularizer);
    return detail::build_attention(attention(), detail::attention_weight_options(options), inputs, builder);
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    detail::forward_attention(attention(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::backward_attention(attention(), step);
  }

 private:
  friend struct ConfigAccess;
  GroupQueryAttention() : head_dim(1), num_query_heads(1), num_key_value_heads(1) {}

  detail::HeadAttention attention() const {
    return {num_query_heads,
            num_key_value_heads,
            head_dim,
            head_dim,
            options.dropout,
            options.use_bias,
            options.use_causal_mask,
            options.return_attention_scores};
  }
};

inline GroupQueryAttention::GroupQueryAttention(std::int64_t dimension, std::int64_t heads, std::int64_t shared_heads,
                                                GroupQueryAttentionOptions chosen)
    : head_dim(dimension), num_query_heads(heads), num_key_value_heads(shared_heads), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
