#pragma once
// Attention: a mean of values, weighed by how well their keys fit a query.

#include <string>

#include <nacre/core/words.hpp>
#include <nacre/layers/sequence_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Attention. The last two are arguments of a call in Keras.
struct AttentionOptions {
  bool use_scale = false;                ///< scores have a factor that is learned
  std::string score_mode = "dot";        ///< "dot" or "concat"
  double dropout = 0;                    ///< rate at which probabilities are dropped in training
  bool use_causal_mask = false;          ///< a step sees itself and those before
  bool return_attention_scores = false;  ///< the probabilities (batch, queries, values) are a further output
  std::string name{};

  void fields(Fields& list) {
    list("use_scale", use_scale);
    list("score_mode", score_mode);
    list("dropout", dropout);
    list("use_causal_mask", use_causal_mask);
    list("return_attention_scores", return_attention_scores);
    list("name", name);
  }
};

/// Inputs query (batch, queries, features), value (batch, values, columns) and maybe key (batch, values, features),
/// which is value where it is not given; output (batch, queries, columns): for each query the mean of the values,
/// weighed by the softmax of its scores with their keys. The score is scale (q . k) or, with `score_mode = "concat"`,
/// concat_score_weight times the sum of tanh(scale (q + k)); both factors are single weights. Masked values are not
/// seen, the output of masked queries is zeros and has their mask. Luong, Pham and Manning, "Effective approaches to
/// attention-based neural machine translation", 2015.
struct Attention : Callable<Attention> {
  static constexpr std::string_view type_name = "Attention";

  /// Throws ValueError for an unknown score_mode, and for a dropout outside [0, 1].
  Attention(AttentionOptions options = {});

  AttentionOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    require_one_of(type_name, "score_mode", options.score_mode, {"dot", "concat"});
    require<ValueError>(options.dropout >= 0 && options.dropout <= 1, "Attention: expected a dropout from 0 to 1, got ",
                        options.dropout);
  }

  /// Throws ShapeError for inputs of other shapes.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    return detail::build_attention(attention(), inputs, builder);
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
  detail::SequenceAttention attention() const {
    using Score = detail::SequenceAttention::Score;
    return {options.score_mode == "dot" ? Score::dot : Score::concat, options.use_scale, options.dropout,
            options.use_causal_mask, options.return_attention_scores};
  }
};

inline Attention::Attention(AttentionOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
