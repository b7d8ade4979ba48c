#pragma once
// MultiHeadAttention: attention of several heads.

#include <optional>
#include <string>

#include <nacre/layers/head_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of MultiHeadAttention.
struct MultiHeadAttentionOptions {
  std::optional<std::int64_t> value_dim{};  ///< of each head; none: key_dim
  double dropout = 0;                       ///< rate at which probabilities are dropped in training
  bool use_bias = true;
  Shape output_shape{};    ///< of the result of a query; empty: as the query
  Shape attention_axes{};  ///< those that are attended over, the batch being axis 0; empty: all but the features
  NACRE_ATTENTION_WEIGHT_OPTIONS
  std::string name{};

  void fields(Fields& list) {
    list("value_dim", value_dim);
    list("dropout", dropout);
    list("use_bias", use_bias);
    list("output_shape", output_shape);
    list("attention_axes", attention_axes);
    detail::fields_of_attention(list, *this);
    list("name", name);
  }
};

/// Attention of several heads: `MultiHeadAttention(8, 64)({query, value})`. Each head h has its own part of three
/// products and computes softmax(Q_h K_h^T / sqrt(key_dim)) V_h; the results side by side are multiplied once more.
///
/// Inputs query (batch, queries, features), value (batch, values, features), maybe key (batch, values, features), which
/// is value where it is not given, and maybe an attention mask (batch, queries, values) that is 0 where a query does
/// not see a value. Output (batch, queries, features of the query, or output_shape). Weights query/kernel and
/// key/kernel (features, num_heads, key_dim), value/kernel (features, num_heads, value_dim), attention_output/kernel
/// (num_heads, value_dim, features), and biases. A query sees a value where the masks of both, and of the key, count.
/// The output has the query's mask. Vaswani et al., "Attention is all you need", 2017.
struct MultiHeadAttention : Callable<MultiHeadAttention> {
  static constexpr std::string_view type_name = "MultiHeadAttention";

  /// Throws ValueError for num_heads or key_dim below 1, and for a dropout outside [0, 1].
  MultiHeadAttention(std::int64_t num_heads, std::int64_t key_dim, MultiHeadAttentionOptions options = {});

  std::int64_t num_heads;
  std::int64_t key_dim;
  MultiHeadAttentionOptions options;
  void fields(Fields& list) {
    list("num_heads", num_heads);
    list("key_dim", key_dim);
    options.fields(list);
  }
  void validate() const {
    require<ValueError>(num_heads >= 1 && key_dim >= 1 && options.value_dim.value_or(1) >= 1,
                        "MultiHeadAttention: expected num_heads, key_dim and value_dim of 1 or more, got ", num_heads,
                        ", ", key_dim, " and ", options.value_dim.value_or(key_dim));
    require<ValueError>(options.dropout >= 0 && options.dropout <= 1,
                        "MultiHeadAttention: expected a dropout from 0 to 1, got ", options.dropout);
    require_positive_extents(options.output_shape, "MultiHeadAttention: output_shape");
    require_positive_extents(options.attention_axes, "MultiHeadAttention: attention_axes");
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
  MultiHeadAttention() : num_heads(1), key_dim(1) {}

  detail::HeadAttention attention() const {
    return {num_heads,
            num_heads,
            key_dim,
            options.value_dim.value_or(key_dim),
            options.dropout,
            options.use_bias,
            options.use_causal_mask,
            options.return_attention_scores,
            options.output_shape,
            options.attention_axes};
  }
};

inline MultiHeadAttention::MultiHeadAttention(std::int64_t count, std::int64_t dimension,
                                              MultiHeadAttentionOptions chosen)
    : num_heads(count), key_dim(dimension), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
