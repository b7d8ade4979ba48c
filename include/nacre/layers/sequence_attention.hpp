#pragma once
// What Attention and AdditiveAttention share: masked softmax over scores that either computes in its own way, and the
// values weighed by it.

#include <cstdint>
#include <string>

#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Attention of one head without projections.
struct SequenceAttention {
  /// How well a key k fits a query q.
  enum class Score {
    dot,       ///< scale (q . k)
    concat,    ///< weight (the sum of tanh(scale (q + k)))
    additive,  ///< the sum of scale tanh(q + k), with a scale for each feature
  };

  Score score;
  bool use_scale;
  double dropout;
  bool use_causal_mask;
  bool return_attention_scores;

  enum class Weights { scale, concat_score_weight };
};

/// What it asks for. Throws ShapeError for inputs of other shapes than it takes.
Shape build_attention(const SequenceAttention& attention, const Shapes& inputs, LayerBuilder& builder);

template <class T>
void forward_attention(const SequenceAttention& attention, const Forward<T>& step);
template <class T>
void backward_attention(const SequenceAttention& attention, const Backward<T>& step);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/sequence_attention-inl.hpp>
#endif
