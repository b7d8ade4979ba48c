#pragma once
// Bodies of layers/head_attention.hpp: the engine.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/attention.hpp>
#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/matmul.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/packed_product.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/attention_terms.hpp>
#include <nacre/layers/head_attention.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Its four products: each has a weight, a bias, and scratch memory in which the weight is laid out.
enum class AttentionPart { query, key, value, output };
enum class AttentionWeights {
  query_kernel,
  query_bias,
  key_kernel,
  key_bias,
  value_kernel,
  value_bias,
  output_kernel,
  output_bias
};
enum class AttentionBuffers { queries, keys, values, probabilities, results, terms };
enum class AttentionScratch {
  query_kernel,
  key_kernel,
  value_kernel,
  output_kernel,
  query_gradient,
  key_gradient,
  value_gradient,
  result_gradient,
  bias_gradient
};

/// The extents of a step. Axes before those that are attended over count as samples.
struct AttentionShape {
  std::int64_t samples;
  std::int64_t queries;  ///< places of the query
  std::int64_t keys;     ///< places of key and value
  std::int64_t query_features;
  std::int64_t key_features;
  std::int64_t value_features;
  std::int64_t output_features;
};

/// Of inputs with the batch.
inline AttentionShape attention_shape(const HeadAttention& of, const Shape& query, const Shape& value,
                                      const Shape& key) {
  AttentionShape shape{1, 1, 1, query.back(), key.back(), value.back(), of.output_shape.size()};
  if (of.output_shape.empty()) shape.output_features = query.back();
  const std::size_t first = of.axes.empty() ? 1 : static_cast<std::size_t>(of.axes[0]);
  for (std::size_t axis = 0; axis < first; ++axis) shape.samples *= query[axis];
  for (std::size_t axis = first; axis + 1 < query.rank(); ++axis) shape.queries *= query[axis];
  for (std::size_t axis = first; axis + 1 < value.rank(); ++axis) shape.keys *= value[axis];
  return shape;
}

NACRE_SETUP void require_attention_inputs(const HeadAttention& of, const Shapes& inputs) {
  require<ShapeError>(inputs.size() >= 2 && inputs.size() <= 4,
                      "expected query and value, and maybe key and attention mask, got ", inputs.size(), " inputs");
  const Shape& query = inputs[0];
  const Shape& value = inputs[1];
  require<ShapeError>(query.rank() >= 2 && value.rank() >= 2, "expected inputs (batch, steps, features), got ",
                      query.to_string_with_batch(), " and ", value.to_string_with_batch());
  if (inputs.size() > 2) {
    const Shape& key = inputs[2];
    const bool same = key.rank() == value.rank() && std::equal(key.begin(), key.end() - 1, value.begin());
    require<ShapeError>(same, "expected key and value of the same steps, got ", key.to_string_with_batch(), " and ",
                        value.to_string_with_batch());
  }
  for (std::size_t k = 0; k < of.axes.rank(); ++k) {
    const auto last = static_cast<std::int64_t>(query.rank()) - 1;  // that of the features is behind it
    const std::int64_t expected = last - static_cast<std::int64_t>(of.axes.rank() - 1 - k);
    require<ShapeError>(of.axes[k] == expected, "expected attention_axes that end with the one before the features, ",
                        last, ", without gaps, got ", of.axes, "; Permute puts axes there");
  }
  const std::size_t leading = of.axes.empty() ? 0 : static_cast<std::size_t>(of.axes[0]) - 1;
  require<ShapeError>(leading == 0 || (query.rank() == value.rank() &&
                                       std::equal(query.begin(), query.begin() + leading, value.begin())),
                      "expected query and value alike in the axes before attention_axes, got ",
                      query.to_string_with_batch(), " and ", value.to_string_with_batch());
}

NACRE_SETUP Shape build_attention(const HeadAttention& of, const AttentionWeightOptions& weights, const Shapes& inputs,
                                  LayerBuilder& builder) {
  using Weights = AttentionWeights;
  using Scratch = AttentionScratch;
  using Buffers = AttentionBuffers;
  require_attention_inputs(of, inputs);
  const std::int64_t batch = builder.batch();
  const AttentionShape shape = attention_shape(of, inputs[0].with_batch(batch), inputs[1].with_batch(batch),
                                               inputs[inputs.size() > 2 ? 2 : 1].with_batch(batch));
  if (inputs.size() > 3) {
    const Shape expected{shape.queries, shape.keys};
    require<ShapeError>(inputs[3] == expected && of.axes.empty(), "expected an attention mask of shape ", expected,
                        ", got ", inputs[3]);
  }
  const Shape output_axes = of.output_shape.empty() ? Shape{shape.query_features} : of.output_shape;
  const auto ask = [&](Weights kernel, const std::string& name, const Shape& extents, const Shape& bias) {
    require_addressable(extents);
    builder.weight(kernel, name + "/kernel", extents, weights.kernel_initializer, weights.kernel_regularizer,
                   weights.kernel_constraint);
    if (!of.use_bias) return;
    builder.weight(static_cast<Weights>(static_cast<int>(kernel) + 1), name + "/bias", bias, weights.bias_initializer,
                   weights.bias_regularizer, weights.bias_constraint);
  };
  Shape output_kernel{of.heads, of.value_dim};
  for (std::int64_t extent : output_axes) output_kernel.push_back(extent);
  ask(Weights::query_kernel, "query", {shape.query_features, of.heads, of.key_dim}, {of.heads, of.key_dim});
  ask(Weights::key_kernel, "key", {shape.key_features, of.value_heads, of.key_dim}, {of.value_heads, of.key_dim});
  ask(Weights::value_kernel, "value", {shape.value_features, of.value_heads, of.value_dim},
      {of.value_heads, of.value_dim});
  ask(Weights::output_kernel, "attention_output", output_kernel, output_axes);

  const std::int64_t query_columns = of.heads * of.key_dim, key_columns = of.value_heads * of.key_dim;
  const std::int64_t value_columns = of.value_heads * of.value_dim, result_columns = of.heads * of.value_dim;
  const std::int64_t query_rows = shape.samples * shape.queries, key_rows = shape.samples * shape.keys;
  const std::int64_t matrix = shape.queries * shape.keys;
  const auto lay_out = [&](Scratch scratch, std::int64_t inner, std::int64_t columns) {
    builder.scratch(scratch,
                    std::max(kernels::PackedShape{inner, columns}.size(), kernels::PackedShape{columns, inner}.size()));
  };
  lay_out(Scratch::query_kernel, shape.query_features, query_columns);
  lay_out(Scratch::key_kernel, shape.key_features, key_columns);
  lay_out(Scratch::value_kernel, shape.value_features, value_columns);
  lay_out(Scratch::output_kernel, result_columns, shape.output_features);
  builder.buffer(Buffers::queries, query_rows * query_columns);
  builder.buffer(Buffers::keys, key_rows * key_columns);
  builder.buffer(Buffers::values, key_rows * value_columns);
  builder.buffer(Buffers::results, query_rows * result_columns);
  const std::int64_t terms = AttentionTerms::request(inputs, of.use_causal_mask, true, 3, shape.samples, builder);
  if (terms > 0) builder.buffer(Buffers::terms, terms * matrix);
  std::int64_t task = std::max(of.key_dim, of.value_dim) * shape.keys + 2 * matrix;
  if (builder.training()) {
    builder.buffer(Buffers::probabilities, shape.samples * of.heads * matrix);
    builder.scratch(Scratch::query_gradient, query_rows * query_columns);
    builder.scratch(Scratch::key_gradient, key_rows * key_columns);
    builder.scratch(Scratch::value_gradient, key_rows * value_columns);
    builder.scratch(Scratch::result_gradient, query_rows * result_columns);
    const std::int64_t widest = std::max({query_columns, key_columns, value_columns, shape.output_features});
    builder.scratch(Scratch::bias_gradient, 4 * (widest + 64));
    task = std::max(task, 24 * widest);
  }
  builder.task_scratch(task + 4 * 64);
  builder.backward_reads({.inputs = true, .output = false});
  builder.pass_mask(0);
  if (of.return_attention_scores) {
    Shape scores;
    const std::size_t first = of.axes.empty() ? 0 : static_cast<std::size_t>(of.axes[0]) - 1;
    for (std::size_t axis = 0; axis < first; ++axis) scores.push_back(inputs[0][axis]);
    scores.push_back(of.heads);
    for (std::size_t axis = first; axis + 1 < inputs[0].rank(); ++axis) scores.push_back(inputs[0][axis]);
    for (std::size_t axis = first; axis + 1 < inputs[1].rank(); ++axis) scores.push_back(inputs[1][axis]);
    builder.output(scores);
  }
  Shape output(inputs[0].begin(), inputs[0].end() - 1);
  for (std::int64_t extent : output_axes) output.push_back(extent);
  return output;
}

/// What forward and backward have in common.
template <class T>
class AttentionRun {
 public:
  using Weights = AttentionWeights;
  using Scratch = AttentionScratch;
  using Buffers = AttentionBuffers;

  AttentionRun(const HeadAttention& attention, const LayerStep<T>& layer_step)
      : of(attention),
        step(layer_step),
        shape(attention_shape(attention, layer_step.inputs[0].extents(), layer_step.inputs[1].extents(),
                              layer_step.inputs[layer_step.inputs.size() > 2 ? 2 : 1].extents())) {
    terms_count = terms().count(step);
  }

 protected:
  const HeadAttention& of;
  const LayerStep<T>& step;
  const AttentionShape shape;
  std::int64_t terms_count = 0;

  AttentionTerms terms() const { return {shape.samples, shape.queries, shape.keys, of.use_causal_mask}; }
  std::int64_t query_columns() const { return of.heads * of.key_dim; }
  std::int64_t key_columns() const { return of.value_heads * of.key_dim; }
  std::int64_t value_columns() const { return of.value_heads * of.value_dim; }
  std::int64_t result_columns() const { return of.heads * of.value_dim; }
  std::int64_t query_rows() const { return shape.samples * shape.queries; }
  std::int64_t key_rows() const { return shape.samples * shape.keys; }
  std::int64_t group() const { return of.heads / of.value_heads; }
  std::int64_t matrix() const { return shape.queries * shape.keys; }
  T scale() const { return static_cast<T>(1 / std::sqrt(static_cast<double>(of.key_dim))); }
  bool drops() const { return step.training && of.dropout > 0; }
  const T* key_input() const { return step.inputs[step.inputs.size() > 2 ? 2 : 1].elements(); }

  /// One of the four products: y [rows, columns] = x [rows, inner] kernel + bias.
  struct Part {
    std::int64_t rows;
    std::int64_t inner;
    std::int64_t columns;
    const T* x;
    T* y;
    Weights kernel;
    Scratch panels;
  };
  static Weights bias_of(const Part& part) { return static_cast<Weights>(static_cast<int>(part.kernel) + 1); }

  Part query_part() const {
    return {query_rows(),
            shape.query_features,
            query_columns(),
            step.inputs[0].elements(),
            step.buffer(Buffers::queries),
            Weights::query_kernel,
            Scratch::query_kernel};
  }
  Part key_part() const {
    return {key_rows(),          shape.key_features, key_columns(), key_input(), step.buffer(Buffers::keys),
            Weights::key_kernel, Scratch::key_kernel};
  }
  Part value_part() const {
    return {key_rows(),
            shape.value_features,
            value_columns(),
            step.inputs[1].elements(),
            step.buffer(Buffers::values),
            Weights::value_kernel,
            Scratch::value_kernel};
  }
  Part output_part() const {
    return {query_rows(),           result_columns(),       shape.output_features, step.buffer(Buffers::results),
            step.output.elements(), Weights::output_kernel, Scratch::output_kernel};
  }

  /// Lays the kernels out for products with them, or with them transposed.
  void pack(bool transposed) const {
    const Part parts[] = {query_part(), key_part(), value_part(), output_part()};
    step.parallel(4, [&](std::int64_t index, T*) {
      const Part& part = parts[index];
      const kernels::PackedShape packed =
          transposed ? kernels::PackedShape{part.columns, part.inner} : kernels::PackedShape{part.inner, part.columns};
      for (std::int64_t task = 0; task < kernels::pack_tasks<T>(packed); ++task) {
        kernels::pack(packed, task, step.weight(part.kernel).elements(), part.columns, transposed,
                      step.scratch(part.panels));
      }
    });
  }

  /// Calls `work(rows)` for the pieces that rows of a product are cut into.
  template <class Work>
  void each_rows(std::int64_t rows, Work work) const {
    const std::int64_t pieces = row_pieces(rows);
    step.parallel(pieces, [&](std::int64_t index, T*) { work(piece(rows, pieces, index)); });
  }
  static std::int64_t row_pieces(std::int64_t rows) { return piece_count(rows, 48); }

  /// The probabilities of a head, or where it has them in a prediction.
  T* probabilities(std::int64_t sample, std::int64_t head, T* scratch) const {
    return step.has_buffer(Buffers::probabilities)
               ? step.buffer(Buffers::probabilities) + (sample * of.heads + head) * matrix()
               : scratch;
  }

  /// The same after dropout, in `dropped` where there is any.
  const T* after_dropout(const T* values, std::int64_t sample, std::int64_t head, T* dropped) const {
    if (!drops()) return values;
    kernels::dropout(step.random, of.dropout, (sample * of.heads + head) * matrix(), matrix(), values, dropped);
    return dropped;
  }
};

template <class T>
class AttentionForward : AttentionRun<T> {
  using Base = AttentionRun<T>;
  using Base::of;
  using Base::shape;
  using Base::step;
  using typename Base::Buffers;
  using typename Base::Part;

 public:
  using Base::Base;

  void run() const {
    if (this->terms_count > 0) this->terms().write(step, step.buffer(Buffers::terms));
    this->pack(false);
    const Part parts[] = {this->query_part(), this->key_part(), this->value_part()};
    const std::int64_t query_pieces = this->row_pieces(parts[0].rows), key_pieces = this->row_pieces(parts[1].rows);
    step.parallel(query_pieces + 2 * key_pieces, [&](std::int64_t task, T*) {
      if (task < query_pieces) return multiply(parts[0], piece(parts[0].rows, query_pieces, task));
      const std::int64_t rest = task - query_pieces;
      multiply(parts[1 + rest % 2], piece(parts[1].rows, key_pieces, rest / 2));
    });
    step.parallel(shape.samples * of.value_heads, [&](std::int64_t task, T* scratch) {
      attend(task / of.value_heads, task % of.value_heads, scratch);
    });
    const Part output = this->output_part();
    this->each_rows(output.rows, [&](Range rows) { multiply(output, rows); });
  }

 private:
  void multiply(const Part& part, Range rows) const {
    const T* bias = of.use_bias ? step.weight(Base::bias_of(part)).elements() : nullptr;
    kernels::multiply_packed({part.inner, part.columns}, rows.size(), part.x + rows.first * part.inner, part.inner,
                             static_cast<const T*>(step.scratch(part.panels)), bias, part.y + rows.first * part.columns,
                             part.columns, false);
  }

  /// All heads of queries that a head of keys and values serves.
  void attend(std::int64_t sample, std::int64_t value_head, T* scratch) const {
    T* const turned = scratch;
    T* const own = scratch + of.key_dim * shape.keys;
    T* const dropped = own + this->matrix();
    const T* keys = step.buffer(Buffers::keys) + sample * shape.keys * this->key_columns() + value_head * of.key_dim;
    const T* values =
        step.buffer(Buffers::values) + sample * shape.keys * this->value_columns() + value_head * of.value_dim;
    const T* terms = this->terms_count == 0 ? nullptr
                                            : this->terms().of(static_cast<const T*>(step.buffer(Buffers::terms)),
                                                               this->terms_count, sample);
    kernels::transpose(shape.keys, of.key_dim, keys, this->key_columns(), turned, shape.keys);
    for (std::int64_t head = value_head * this->group(); head < (value_head + 1) * this->group(); ++head) {
      const T* queries =
          step.buffer(Buffers::queries) + sample * shape.queries * this->query_columns() + head * of.key_dim;
      T* results =
          step.buffer(Buffers::results) + sample * shape.queries * this->result_columns() + head * of.value_dim;
      T* const scores = this->probabilities(sample, head, own);
      kernels::strided_matmul({shape.queries, of.key_dim, shape.keys}, queries, this->query_columns(), 1,
                              static_cast<const T*>(turned), shape.keys, scores, shape.keys, false);
      kernels::attention_softmax(shape.queries, shape.keys, this->scale(), terms, scores);
      if (of.return_attention_scores) {
        std::copy_n(scores, this->matrix(), step.outputs[1].elements() + (sample * of.heads + head) * this->matrix());
      }
      const T* used = this->after_dropout(static_cast<const T*>(scores), sample, head, dropped);
      kernels::strided_matmul({shape.queries, shape.keys, of.value_dim}, used, shape.keys, 1, values,
                              this->value_columns(), results, this->result_columns(), false);
    }
  }
};

template <class T>
class AttentionBackward : AttentionRun<T> {
  using Base = AttentionRun<T>;
  using Base::of;
  using Base::shape;
  using typename Base::Buffers;
  using typename Base::Part;
  using typename Base::Scratch;

 public:
  AttentionBackward(const HeadAttention& attention, const Backward<T>& layer_step)
      : Base(attention, layer_step), step(layer_step) {}

  void run() const {
    this->pack(true);
    const T* gradient = step.output_gradient.elements();
    const Part output = this->output_part();
    T* const of_results = step.scratch(Scratch::result_gradient);
    this->each_rows(output.rows, [&](Range rows) { multiply(output, rows, gradient, of_results, false); });
    step.parallel(shape.samples * of.value_heads, [&](std::int64_t task, T* scratch) {
      attend(task / of.value_heads, task % of.value_heads, scratch);
    });
    multiply_inputs();
    weigh();
  }

 private:
  const Backward<T>& step;

  /// Rows of x's gradient from those of y's.
  void multiply(const Part& part, Range rows, const T* of_y, T* of_x, bool accumulate) const {
    kernels::multiply_packed({part.columns, part.inner}, rows.size(), of_y + rows.first * part.columns, part.columns,
                             static_cast<const T*>(step.scratch(part.panels)), nullptr, of_x + rows.first * part.inner,
                             part.inner, accumulate);
  }

  void attend(std::int64_t sample, std::int64_t value_head, T* scratch) const {
    T* const turned = scratch;
    T* const of_scores = scratch + of.value_dim * shape.keys;
    T* const dropped = of_scores + this->matrix();
    const std::int64_t key_at = sample * shape.keys * this->key_columns() + value_head * of.key_dim;
    const std::int64_t value_at = sample * shape.keys * this->value_columns() + value_head * of.value_dim;
    const T* keys = step.buffer(Buffers::keys) + key_at;
    kernels::transpose(shape.keys, of.value_dim, static_cast<const T*>(step.buffer(Buffers::values)) + value_at,
                       this->value_columns(), turned, shape.keys);
    for (std::int64_t index = 0; index < this->group(); ++index) {
      const std::int64_t head = value_head * this->group() + index;
      const std::int64_t query_at = sample * shape.queries * this->query_columns() + head * of.key_dim;
      const T* queries = step.buffer(Buffers::queries) + query_at;
      const T* of_results = step.scratch(Scratch::result_gradient) + sample * shape.queries * this->result_columns() +
                            head * of.value_dim;
      const T* p = this->probabilities(sample, head, nullptr);
      const T* used = this->after_dropout(p, sample, head, dropped);
      kernels::strided_matmul({shape.keys, shape.queries, of.value_dim}, used, 1, shape.keys, of_results,
                              this->result_columns(), step.scratch(Scratch::value_gradient) + value_at,
                              this->value_columns(), index > 0);
      kernels::strided_matmul({shape.queries, of.value_dim, shape.keys}, of_results, this->result_columns(), 1,
                              static_cast<const T*>(turned), shape.keys, of_scores, shape.keys, false);
      this->after_dropout(static_cast<const T*>(of_scores), sample, head, of_scores);
      if (of.return_attention_scores) {
        kernels::accumulate(
            this->matrix(), of_scores,
            static_cast<const T*>(step.output_gradients[1].elements()) + (sample * of.heads + head) * this->matrix());
      }
      kernels::attention_softmax_gradient(shape.queries, shape.keys, this->scale(), p, of_scores);
      kernels::strided_matmul({shape.queries, shape.keys, of.key_dim}, static_cast<const T*>(of_scores), shape.keys, 1,
                              keys, this->key_columns(), step.scratch(Scratch::query_gradient) + query_at,
                              this->query_columns(), false);
      kernels::strided_matmul({shape.keys, shape.queries, of.key_dim}, static_cast<const T*>(of_scores), 1, shape.keys,
                              queries, this->query_columns(), step.scratch(Scratch::key_gradient) + key_at,
                              this->key_columns(), index > 0);
    }
  }

  void multiply_inputs() const {
    const bool own_key = step.inputs.size() > 2;
    const bool of_value = step.wants_gradient(1);
    if (step.wants_gradient(0)) {
      this->each_rows(this->query_rows(), [&](Range rows) {
        multiply(this->query_part(), rows, step.scratch(Scratch::query_gradient), step.input_gradients[0].elements(),
                 false);
      });
    }
    const bool of_key = own_key ? step.wants_gradient(2) : of_value;
    if (of_value || of_key) {
      this->each_rows(this->key_rows(), [&](Range rows) {
        if (of_value) {
          multiply(this->value_part(), rows, step.scratch(Scratch::value_gradient), step.input_gradients[1].elements(),
                   false);
        }
        if (of_key) {
          multiply(this->key_part(), rows, step.scratch(Scratch::key_gradient),
                   step.input_gradients[own_key ? 2 : 1].elements(), !own_key);
        }
      });
    }
    if (step.inputs.size() > 3 && step.wants_gradient(3)) {
      std::fill_n(step.input_gradients[3].elements(), step.inputs[3].extents().size(), T(0));
    }
  }

  /// The gradients of the weights.
  void weigh() const {
    constexpr std::int64_t tile_rows = 24;
    const Part parts[] = {this->query_part(), this->key_part(), this->value_part(), this->output_part()};
    const T* gradients[] = {step.scratch(Scratch::query_gradient), step.scratch(Scratch::key_gradient),
                            step.scratch(Scratch::value_gradient), step.output_gradient.elements()};
    std::int64_t first[5] = {};
    for (int k = 0; k < 4; ++k) first[k + 1] = first[k] + (parts[k].inner + tile_rows - 1) / tile_rows;
    step.parallel(first[4] + (of.use_bias ? 4 : 0), [&](std::int64_t task, T* tile) {
      if (task >= first[4]) return weigh_bias(parts[task - first[4]], gradients[task - first[4]], task - first[4]);
      int k = 0;
      while (task >= first[k + 1]) ++k;
      const Part& part = parts[k];
      const Range rows = piece(part.inner, first[k + 1] - first[k], task - first[k]);
      kernels::multiply_transposed(part.rows, rows.size(), part.x + rows.first, part.inner, part.columns, gradients[k],
                                   part.columns, tile, part.columns, false);
      step.sink(part.kernel, rows.first * part.columns, tile, rows.size() * part.columns);
    });
  }

  void weigh_bias(const Part& part, const T* gradient, std::int64_t index) const {
    const std::int64_t widest =
        std::max({this->query_columns(), this->key_columns(), this->value_columns(), shape.output_features});
    T* const sums = step.scratch(Scratch::bias_gradient) + index * (widest + 64);
    kernels::column_sums(part.rows, part.columns, {0, part.columns}, gradient, sums);
    step.sink(Base::bias_of(part), 0, sums, part.columns);
  }
};

template <class T>
void forward_attention(const HeadAttention& attention, const Forward<T>& step) {
  AttentionForward<T>(attention, step).run();
}
template <class T>
void backward_attention(const HeadAttention& attention, const Backward<T>& step) {
  AttentionBackward<T>(attention, step).run();
}

}  // namespace nacre::detail
