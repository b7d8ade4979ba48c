#pragma once
// Bodies of layers/sequence_attention.hpp.

#include <algorithm>

#include <nacre/initializers/initializers.hpp>
#include <nacre/kernels/attention.hpp>
#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/matmul.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/attention_terms.hpp>
#include <nacre/layers/sequence_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

enum class SequenceAttentionBuffers { probabilities, terms };
enum class SequenceAttentionScratch { partial, sums };

NACRE_SETUP Shape build_attention(const SequenceAttention& of, const Shapes& inputs, LayerBuilder& builder) {
  require<ShapeError>(inputs.size() == 2 || inputs.size() == 3, "expected query and value, and maybe key, got ",
                      inputs.size(), " inputs");
  const Shape& query = inputs[0];
  const Shape& value = inputs[1];
  const Shape& key = inputs.size() > 2 ? inputs[2] : value;
  require<ShapeError>(query.rank() == 2 && value.rank() == 2 && key.rank() == 2,
                      "expected inputs (batch, steps, features), got ", query.to_string_with_batch(), " and ",
                      value.to_string_with_batch());
  require<ShapeError>(key[0] == value[0] && key[1] == query[1],
                      "expected keys of as many features as queries, and as many steps as values, got query ", query,
                      ", value ", value, ", key ", key);
  using Weights = SequenceAttention::Weights;
  const bool additive = of.score == SequenceAttention::Score::additive;
  if (of.use_scale) {
    builder.weight(Weights::scale, "scale", additive ? Shape{query[1]} : Shape{},
                   additive ? AnyInitializer(GlorotUniform()) : AnyInitializer(Ones()));
  }
  if (of.score == SequenceAttention::Score::concat) {
    builder.weight(Weights::concat_score_weight, "concat_score_weight", Shape{}, Ones());
  }
  const std::int64_t matrix = query[0] * value[0];
  const std::int64_t terms = AttentionTerms::request(inputs, of.use_causal_mask, false, 3, builder.batch(), builder);
  builder.read_mask(0);
  builder.pass_mask(0);
  builder.buffer(SequenceAttentionBuffers::probabilities, builder.batch() * matrix);
  if (terms > 0) builder.buffer(SequenceAttentionBuffers::terms, terms * matrix);
  const std::int64_t widest = std::max(query[1], value[1]) * std::max(query[0], value[0]);
  builder.task_scratch(3 * matrix + 2 * widest + 5 * 64);
  if (builder.training()) {
    builder.scratch(SequenceAttentionScratch::partial, builder.batch() * (query[1] + 1));
    builder.scratch(SequenceAttentionScratch::sums, query[1] + 1);
  }
  builder.backward_reads({.inputs = true, .output = false});
  if (of.return_attention_scores) builder.output({query[0], value[0]});
  return {query[0], value[1]};
}

/// What forward and backward have in common.
template <class T>
class SequenceAttentionRun {
 public:
  using Score = SequenceAttention::Score;
  using Weights = SequenceAttention::Weights;
  using Buffers = SequenceAttentionBuffers;
  using Scratch = SequenceAttentionScratch;

  SequenceAttentionRun(const SequenceAttention& attention, const LayerStep<T>& layer_step)
      : of(attention),
        step(layer_step),
        queries(layer_step.inputs[0].extents()[1]),
        keys(layer_step.inputs[1].extents()[1]),
        features(layer_step.inputs[0].extents()[2]),
        columns(layer_step.inputs[1].extents()[2]),
        terms_count(terms().count(layer_step)) {}

 protected:
  const SequenceAttention& of;
  const LayerStep<T>& step;
  const std::int64_t queries;
  const std::int64_t keys;
  const std::int64_t features;  ///< of queries and keys
  const std::int64_t columns;   ///< of values
  const std::int64_t terms_count;

  AttentionTerms terms() const { return {step.batch(), queries, keys, of.use_causal_mask, false, 3}; }
  std::int64_t matrix() const { return queries * keys; }
  std::size_t key_index() const { return step.inputs.size() > 2 ? 2 : 1; }
  const T* query(std::int64_t sample) const { return step.inputs[0].elements() + sample * queries * features; }
  const T* value(std::int64_t sample) const { return step.inputs[1].elements() + sample * keys * columns; }
  const T* key(std::int64_t sample) const { return step.inputs[key_index()].elements() + sample * keys * features; }
  T* probabilities(std::int64_t sample) const { return step.buffer(Buffers::probabilities) + sample * matrix(); }
  T scale() const {
    return of.use_scale && of.score != Score::additive ? *step.weight(Weights::scale).elements() : T(1);
  }
  bool drops() const { return step.training && of.dropout > 0; }
  bool counts(std::int64_t sample, std::int64_t t) const {
    return step.mask(0).values == nullptr || step.mask(0).values[sample * queries + t] != 0;
  }

  const T* after_dropout(const T* values, std::int64_t sample, T* dropped) const {
    if (!drops()) return values;
    kernels::dropout(step.random, of.dropout, sample * matrix(), matrix(), values, dropped);
    return dropped;
  }

  /// tanh(scale (q + k)) for a query and all keys, into [keys, features].
  void bend(const T* q, const T* all_keys, T* bent) const {
    const T factor = scale();
    for (std::int64_t s = 0; s < keys; ++s) {
      for (std::int64_t f = 0; f < features; ++f) bent[s * features + f] = factor * (q[f] + all_keys[s * features + f]);
    }
    kernels::activate(activations::tanh, keys * features, static_cast<const T*>(bent), bent);
  }
  /// The factor of a feature's tanh in the score.
  T factor(std::int64_t f) const {
    if (of.score == Score::concat) return *step.weight(Weights::concat_score_weight).elements();
    return of.use_scale ? step.weight(Weights::scale).elements()[f] : T(1);
  }
};

template <class T>
class SequenceAttentionForward : SequenceAttentionRun<T> {
  using Base = SequenceAttentionRun<T>;
  using Base::columns;
  using Base::features;
  using Base::keys;
  using Base::of;
  using Base::queries;
  using Base::step;
  using typename Base::Buffers;
  using typename Base::Score;

 public:
  using Base::Base;

  void run() const {
    if (this->terms_count > 0) this->terms().write(step, step.buffer(Buffers::terms));
    step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) { run(sample, scratch); });
  }

 private:
  void run(std::int64_t sample, T* scratch) const {
    T* const p = this->probabilities(sample);
    score(sample, p, scratch);
    const T* terms = this->terms_count == 0 ? nullptr
                                            : this->terms().of(static_cast<const T*>(step.buffer(Buffers::terms)),
                                                               this->terms_count, sample);
    const T scale = of.score == Score::dot ? this->scale() : T(1);
    kernels::attention_softmax(queries, keys, scale, terms, p);
    if (of.return_attention_scores)
      std::copy_n(p, this->matrix(), step.outputs[1].elements() + sample * this->matrix());
    const T* used = this->after_dropout(static_cast<const T*>(p), sample, scratch);
    T* output = step.output.elements() + sample * queries * columns;
    kernels::matmul({queries, keys, columns}, used, this->value(sample), output, false);
    for (std::int64_t t = 0; t < queries; ++t) {
      if (!this->counts(sample, t)) std::fill_n(output + t * columns, columns, T(0));
    }
  }

  void score(std::int64_t sample, T* scores, T* scratch) const {
    const T* q = this->query(sample);
    const T* k = this->key(sample);
    if (of.score == Score::dot) {
      kernels::transpose(keys, features, k, features, scratch, keys);
      kernels::matmul({queries, features, keys}, q, static_cast<const T*>(scratch), scores, false);
      return;
    }
    for (std::int64_t t = 0; t < queries; ++t) {
      this->bend(q + t * features, k, scratch);
      for (std::int64_t s = 0; s < keys; ++s) {
        T sum = 0;
        for (std::int64_t f = 0; f < features; ++f) sum += this->factor(f) * scratch[s * features + f];
        scores[t * keys + s] = sum;
      }
    }
  }
};

template <class T>
class SequenceAttentionBackward : SequenceAttentionRun<T> {
  using Base = SequenceAttentionRun<T>;
  using Base::columns;
  using Base::features;
  using Base::keys;
  using Base::of;
  using Base::queries;
  using typename Base::Buffers;
  using typename Base::Score;
  using typename Base::Scratch;
  using typename Base::Weights;

 public:
  SequenceAttentionBackward(const SequenceAttention& attention, const Backward<T>& layer_step)
      : Base(attention, layer_step), step(layer_step) {}

  void run() const {
    step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) { run(sample, scratch); });
    hand_over();
  }

 private:
  const Backward<T>& step;

  void run(std::int64_t sample, T* scratch) const {
    T* const of_scores = scratch;
    T* const dropped = of_scores + this->matrix();
    T* const rest = dropped + this->matrix();
    T* const gradient = step.output_gradient.elements() + sample * queries * columns;
    for (std::int64_t t = 0; t < queries; ++t) {
      if (!this->counts(sample, t)) std::fill_n(gradient + t * columns, columns, T(0));
    }
    const T* p = this->probabilities(sample);
    const T* of_output = gradient;
    kernels::matmul_gradient_a({queries, keys, columns}, this->value(sample), of_output, of_scores, rest, false);
    if (step.wants_gradient(1)) {
      kernels::matmul_gradient_b({queries, keys, columns}, this->after_dropout(p, sample, dropped), of_output,
                                 step.input_gradients[1].elements() + sample * keys * columns, false);
    }
    this->after_dropout(static_cast<const T*>(of_scores), sample, of_scores);
    if (of.return_attention_scores) {
      const T* more = step.output_gradients[1].elements() + sample * this->matrix();
      kernels::accumulate(this->matrix(), of_scores, more);
    }
    kernels::attention_softmax_gradient(queries, keys, T(1), p, of_scores);
    T* const partial = step.scratch(Scratch::partial) + sample * (features + 1);
    std::fill_n(partial, features + 1, T(0));
    if (of.score == Score::dot) {
      differentiate_dot(sample, of_scores, rest, partial);
    } else {
      differentiate_sums(sample, of_scores, rest, partial);
    }
  }

  void differentiate_dot(std::int64_t sample, T* of_scores, T* rest, T* partial) const {
    const T* q = this->query(sample);
    const T* k = this->key(sample);
    const T scale = this->scale();
    if (of.use_scale) {  // by the scale: the scores without it
      kernels::transpose(keys, features, k, features, rest, keys);
      T* const plain = rest + keys * features;
      kernels::matmul({queries, features, keys}, q, static_cast<const T*>(rest), plain, false);
      for (std::int64_t i = 0; i < this->matrix(); ++i) partial[0] += of_scores[i] * plain[i];
    }
    for (std::int64_t i = 0; i < this->matrix(); ++i) of_scores[i] *= scale;
    if (step.wants_gradient(0)) {
      kernels::matmul({queries, keys, features}, static_cast<const T*>(of_scores), k,
                      step.input_gradients[0].elements() + sample * queries * features, false);
    }
    if (step.wants_gradient(this->key_index())) {
      kernels::matmul_gradient_b({queries, keys, features}, static_cast<const T*>(of_scores), q,
                                 step.input_gradients[this->key_index()].elements() + sample * keys * features,
                                 this->key_index() == 1);
    }
  }

  void differentiate_sums(std::int64_t sample, const T* of_scores, T* rest, T* partial) const {
    const T* q = this->query(sample);
    const T* k = this->key(sample);
    T* const bent = rest;
    T* const of_key = rest + keys * features;
    const T scale = this->scale();
    const bool additive = of.score == Score::additive;
    std::fill_n(of_key, keys * features, T(0));
    for (std::int64_t t = 0; t < queries; ++t) {
      this->bend(q + t * features, k, bent);
      T* of_query =
          step.wants_gradient(0) ? step.input_gradients[0].elements() + (sample * queries + t) * features : nullptr;
      if (of_query != nullptr) std::fill_n(of_query, features, T(0));
      for (std::int64_t s = 0; s < keys; ++s) {
        const T of_score = of_scores[t * keys + s];
        for (std::int64_t f = 0; f < features; ++f) {
          const T y = bent[s * features + f];
          const T inner = of_score * this->factor(f) * (T(1) - y * y);
          partial[additive ? f : features] += of_score * y;
          if (!additive) partial[0] += inner * (q[t * features + f] + k[s * features + f]);
          if (of_query != nullptr) of_query[f] += inner * scale;
          of_key[s * features + f] += inner * scale;
        }
      }
    }
    if (!step.wants_gradient(this->key_index())) return;
    T* to = step.input_gradients[this->key_index()].elements() + sample * keys * features;
    if (this->key_index() == 1) {
      kernels::accumulate(keys * features, to, static_cast<const T*>(of_key));
    } else {
      std::copy_n(of_key, keys * features, to);
    }
  }

  /// The gradients of the weights: sums over the samples.
  void hand_over() const {
    T* const sums = step.scratch(Scratch::sums);
    kernels::column_sums(step.batch(), features + 1, {0, features + 1},
                         static_cast<const T*>(step.scratch(Scratch::partial)), sums);
    if (of.use_scale) step.sink(Weights::scale, 0, sums, of.score == Score::additive ? features : 1);
    if (of.score == Score::concat) step.sink(Weights::concat_score_weight, 0, sums + features, 1);
  }
};

template <class T>
void forward_attention(const SequenceAttention& attention, const Forward<T>& step) {
  SequenceAttentionForward<T>(attention, step).run();
}
template <class T>
void backward_attention(const SequenceAttention& attention, const Backward<T>& step) {
  SequenceAttentionBackward<T>(attention, step).run();
}

}  // namespace nacre::detail
