#pragma once
// Bodies of layers/embedding.hpp.

#include <algorithm>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/embedding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Rows of the table whose gradient is computed at a time.
inline std::int64_t lookup_tile_rows(std::int64_t columns) { return std::max<std::int64_t>(2048 / columns, 1); }

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_unknown_id(std::int64_t rows, double id, std::int64_t place) {
  throw ValueError(text("Embedding: expected ids from 0 to ", rows - 1, ", got ", id, " at place ", place,
                        " of the batch; input_dim is to be the largest id plus 1"));
}

/// The ids of a batch as integers. Throws ValueError for one that is not below `rows`.
template <class T>
void read_ids(const Forward<T>& step, std::int64_t rows, std::int64_t count, std::int32_t* ids) {
  if (const std::int32_t* numbers = step.integers()) {
    for (std::int64_t i = 0; i < count; ++i) {
      if (numbers[i] < 0 || numbers[i] >= rows) fail_unknown_id(rows, numbers[i], i);
      ids[i] = numbers[i];
    }
  } else {
    const T* numbers_given = step.input.elements();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto id = static_cast<double>(numbers_given[i]);
      if (!(id > -1 && id < static_cast<double>(rows))) fail_unknown_id(rows, id, i);
      ids[i] = static_cast<std::int32_t>(id);
    }
  }
}

template <class T>
void Lookup::forward(const Forward<T>& step) const {
  const std::int64_t count = step.batch() * step.input.sample_size();
  auto* const ids = reinterpret_cast<std::int32_t*>(step.buffer(Buffers::ids));
  read_ids(step, rows, count, ids);
  const T* table = step.weight(Weights::embeddings).elements();
  const std::int64_t pieces = piece_count(count, 4096 / std::max<std::int64_t>(columns, 1));
  step.parallel(pieces, [&](std::int64_t index, T*) {
    const Range range = piece(count, pieces, index);
    for (std::int64_t i = range.first; i < range.last; ++i) {
      std::copy_n(table + ids[i] * columns, columns, step.output.elements() + i * columns);
    }
    if (!step.output_mask()) return;
    for (std::int64_t i = range.first; i < range.last; ++i) step.output_mask().values[i] = ids[i] != 0;
  });
}

/// The places of the batch are ordered by their ids first, so that each row of the table finds its own.
template <class T>
void Lookup::backward(const Backward<T>& step) const {
  const std::int64_t count = step.batch() * step.input.sample_size();
  if (step.wants_input_gradient) std::fill_n(step.input_gradient.elements(), count, T(0));
  const auto* const ids = reinterpret_cast<const std::int32_t*>(step.buffer(Buffers::ids));
  auto* const first_of = reinterpret_cast<std::int32_t*>(step.scratch(Scratch::order));
  std::int32_t* const places = first_of + rows + 1;
  std::fill_n(first_of, rows + 1, 0);
  for (std::int64_t i = 0; i < count; ++i) ++first_of[ids[i] + 1];
  for (std::int64_t row = 0; row < rows; ++row) first_of[row + 1] += first_of[row];
  for (std::int64_t i = 0; i < count; ++i) places[first_of[ids[i]]++] = static_cast<std::int32_t>(i);
  // Now first_of[row] is where the places of the next row begin.

  const T* gradient = step.output_gradient.elements();
  const std::int64_t tile_rows = lookup_tile_rows(columns);
  step.parallel((rows + tile_rows - 1) / tile_rows, [&](std::int64_t task, T* tile) {
    const Range range{task * tile_rows, std::min((task + 1) * tile_rows, rows)};
    std::fill_n(tile, range.size() * columns, T(0));
    for (std::int64_t row = range.first; row < range.last; ++row) {
      for (std::int32_t at = row == 0 ? 0 : first_of[row - 1]; at < first_of[row]; ++at) {
        kernels::accumulate(columns, tile + (row - range.first) * columns, gradient + places[at] * columns);
      }
    }
    step.sink(Weights::embeddings, range.first * columns, tile, range.size() * columns);
  });
}

}  // namespace detail

NACRE_SETUP Embedding::Embedding(std::int64_t ids, std::int64_t features, EmbeddingOptions chosen)
    : input_dim(ids), output_dim(features), options(std::move(chosen)) {
  validate();
}

NACRE_SETUP void Embedding::validate() const {
  constexpr std::int64_t most = 0x7FFFFFFF;
  require<ValueError>(input_dim >= 1 && input_dim <= most, "Embedding: expected an input_dim from 1 to ", most,
                      ", got ", input_dim);
  require<ValueError>(output_dim >= 1, "Embedding: expected an output_dim of 1 or more, got ", output_dim);
}

NACRE_SETUP Shape Embedding::build(const Shape& input, LayerBuilder& builder) const {
  using Lookup = detail::Lookup;
  const std::int64_t ids = builder.batch() * input.size();
  require<ShapeError>(ids <= 0x7FFFFFFF, "expected fewer ids in a batch than 2^31, got ", ids);
  builder.take_integers();
  builder.weight(Lookup::Weights::embeddings, "embeddings", {input_dim, output_dim}, options.embeddings_initializer,
                 options.embeddings_regularizer, options.embeddings_constraint);
  builder.backward_reads({.inputs = false, .output = false});
  builder.buffer(Lookup::Buffers::ids, ids);
  if (builder.training()) {
    builder.scratch(Lookup::Scratch::order, ids + input_dim + 1);
    builder.task_scratch(detail::lookup_tile_rows(output_dim) * output_dim);
  }
  if (options.mask_zero) builder.make_mask(input);
  Shape output = input;
  output.push_back(output_dim);
  return output;
}

}  // namespace nacre
