#pragma once
// AdditiveAttention: a mean of values, weighed by a sum over what their keys and a query have in common.

#include <string>

#include <nacre/layers/sequence_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of AdditiveAttention. The last two are arguments of a call in Keras.
struct AdditiveAttentionOptions {
  bool use_scale = true;                 ///< features have factors that are learned
  double dropout = 0;                    ///< rate at which probabilities are dropped in training
  bool use_causal_mask = false;          ///< a step sees itself and those before
  bool return_attention_scores = false;  ///< the probabilities (batch, queries, values) are a further output
  std::string name{};

  void fields(Fields& list) {
    list("use_scale", use_scale);
    list("dropout", dropout);
    list("use_causal_mask", use_causal_mask);
    list("return_attention_scores", return_attention_scores);
    list("name", name);
  }
};

/// Inputs query (batch, queries, features), value (batch, values, columns) and maybe key (batch, values, features),
/// which is value where it is not given; output (batch, queries, columns): for each query the mean of the values,
/// weighed by the softmax of its scores with their keys. The score is the sum of scale tanh(q + k) over the features;
/// scale (features). Masked values are not seen, the output of masked queries is zeros and has their mask. Bahdanau,
/// Cho and Bengio, "Neural machine translation by jointly learning to align and translate", 2015.
struct AdditiveAttention : Callable<AdditiveAttention> {
  static constexpr std::string_view type_name = "AdditiveAttention";

  /// Throws ValueError for a dropout outside [0, 1].
  AdditiveAttention(AdditiveAttentionOptions options = {});

  AdditiveAttentionOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    require<ValueError>(options.dropout >= 0 && options.dropout <= 1,
                        "AdditiveAttention: expected a dropout from 0 to 1, got ", options.dropout);
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
    return {Score::additive, options.use_scale, options.dropout, options.use_causal_mask,
            options.return_attention_scores};
  }
};

inline AdditiveAttention::AdditiveAttention(AdditiveAttentionOptions chosen) : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
