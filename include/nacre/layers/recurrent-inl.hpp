#pragma once
// Bodies of layers/recurrent.hpp: the engine.
//
// A block of samples goes through all steps as one task, since samples do not depend on each other. What belongs to a
// block lies together, step by step: rows of a step are neighbours, so that its products read and write whole tiles.
// In training all steps are kept; otherwise a block has as many as it works on, in its worker's scratch memory.

#include <algorithm>

#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/packed_product.hpp>
#include <nacre/kernels/recurrent.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/recurrent.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

enum class RecurrentWeights { kernel, recurrent_kernel, bias };
enum class RecurrentBuffers { inputs, gates, before, hidden, cells, dropped, input_dropout, recurrent_dropout };
enum class RecurrentScratch { kernel, recurrent_kernel, candidate_kernel, start, sums };
enum class RecurrentStates { h, c };

/// The extents of a run, and how it is cut.
struct RecurrentShape {
  std::int64_t batch;
  std::int64_t steps;
  std::int64_t features;

  /// Few rows make poor tiles, and a few threads are to share a batch.
  std::int64_t blocks() const { return std::clamp<std::int64_t>(batch / 16, 1, 8); }
  Range samples(std::int64_t block) const { return piece(batch, blocks(), block); }
  /// The most samples in a block of any batch up to this one.
  std::int64_t most_rows() const { return std::max<std::int64_t>(std::min<std::int64_t>(batch, 31), batch / 8 + 1); }

  /// Blocks of so few samples multiply the inputs of several steps at once.
  static constexpr std::int64_t few_rows = 8;
  static constexpr std::int64_t most_steps_at_once = 32;
  std::int64_t steps_at_once(std::int64_t rows) const {
    return rows < few_rows ? std::min(steps, most_steps_at_once) : 1;
  }
  /// The most rows of several steps that are worked on at once.
  std::int64_t most_rows_at_once() const {
    return std::max(most_rows(), std::min(most_rows(), few_rows - 1) * steps_at_once(1));
  }
  /// Whether to lay the kernels out for tiles first.
  bool packs() const { return batch * steps >= 16; }
};

inline RecurrentShape recurrent_shape(const Recurrence& of, const Shape& extents) {
  const std::int64_t steps = of.sequence == nullptr ? 1 : extents[1];
  return {extents[0], steps, extents.back()};
}

/// What rates really drop: as in Keras, 1 does not.
inline bool drops(double rate) { return rate > 0 && rate < 1; }

// ---- requests -------------------------------------------------------------------------------------------------------

NACRE_SETUP void validate_recurrence(std::string_view layer, std::int64_t units, double dropout,
                                     double recurrent_dropout) {
  require<ValueError>(units >= 1, layer, ": expected units of 1 or more, got ", units);
  require<ValueError>(dropout >= 0 && dropout <= 1, layer, ": expected a dropout from 0 to 1, got ", dropout);
  require<ValueError>(recurrent_dropout >= 0 && recurrent_dropout <= 1, layer,
                      ": expected a recurrent_dropout from 0 to 1, got ", recurrent_dropout);
}

NACRE_SETUP void require_forwards(std::string_view layer, bool go_backwards) {
  require<ValueError>(!go_backwards, layer, ": expected a layer that goes forwards, where steps come one by one");
}

NACRE_SETUP void require_recurrent_inputs(const Recurrence& of, const Shapes& inputs) {
  const bool is_cell = of.sequence == nullptr;
  const auto states = static_cast<std::size_t>(of.states());
  const std::size_t rank = is_cell ? 1 : 2;
  require<ShapeError>(!inputs.empty() && inputs[0].rank() == rank, "expected an input of shape ",
                      is_cell ? "(features)" : "(steps, features)", ", got ", inputs.empty() ? Shape{} : inputs[0]);
  require<ShapeError>(inputs.size() == states + 1 || (!is_cell && inputs.size() == 1), "expected ",
                      is_cell ? "" : "one input, or ", states + 1, " inputs, ", is_cell ? "" : "the sequence and ",
                      states, " states, got ", inputs.size());
  for (std::size_t k = 1; k < inputs.size(); ++k) {
    require<ShapeError>(inputs[k] == Shape{of.units}, "expected an initial state of shape ", Shape{of.units}, ", got ",
                        inputs[k]);
  }
}

/// The memory of a run: buffers of all steps in training.
NACRE_SETUP void request_recurrent_memory(const Recurrence& of, const RecurrentShape& shape, LayerBuilder& builder) {
  using Buffers = RecurrentBuffers;
  using Scratch = RecurrentScratch;
  const std::int64_t units = of.units, rows = shape.batch * shape.steps, most = shape.most_rows();
  const std::int64_t row = of.slots() * units, states = shape.batch * (shape.steps + 1) * units;
  std::int64_t task = 0;
  if (builder.training()) {
    builder.buffer(Buffers::inputs, rows * shape.features);
    builder.buffer(Buffers::gates, rows * row);
    if (of.keeps_before()) builder.buffer(Buffers::before, rows * row);
    builder.buffer(Buffers::hidden, states);
    if (of.states() > 1) builder.buffer(Buffers::cells, states);
    if (drops(of.dropout)) builder.buffer(Buffers::input_dropout, shape.batch * shape.features);
    if (drops(of.recurrent_dropout)) {
      builder.buffer(Buffers::dropped, states);
      builder.buffer(Buffers::recurrent_dropout, shape.batch * units);
    }
    constexpr std::int64_t tile_rows = 24;
    task = std::max(6 * most * units + row, tile_rows * of.columns());
    builder.scratch(Scratch::sums, row + 2 * of.columns());
  } else {
    task = shape.most_rows_at_once() * (shape.features + row) + 4 * most * units + row;
  }
  builder.task_scratch(task + 4 * 64);
  const kernels::PackedShape kernel{shape.features, of.columns()}, turned{of.columns(), shape.features};
  builder.scratch(Scratch::kernel, std::max(kernel.size(), turned.size()));
  builder.scratch(Scratch::recurrent_kernel, std::max(kernels::PackedShape{units, of.direct_columns()}.size(),
                                                      kernels::PackedShape{of.direct_columns(), units}.size()));
  if (of.is_gru()) builder.scratch(Scratch::candidate_kernel, kernels::PackedShape{units, units}.size());
  builder.scratch(Scratch::start, of.columns());
}

NACRE_SETUP Shape build_recurrence(const Recurrence& of, const RecurrentWeightOptions& weights, const Shapes& inputs,
                                   LayerBuilder& builder) {
  require_recurrent_inputs(of, inputs);
  const SequenceOptions* sequence = of.sequence;
  const std::int64_t units = of.units, features = inputs[0].back();
  require_addressable({features, of.columns()});
  require_addressable({units, of.columns()});
  using Weights = RecurrentWeights;
  builder.weight(Weights::kernel, "kernel", {features, of.columns()}, weights.kernel.initializer,
                 weights.kernel.regularizer, weights.kernel.constraint);
  builder.weight(Weights::recurrent_kernel, "recurrent_kernel", {units, of.columns()},
                 weights.recurrent_kernel.initializer, weights.recurrent_kernel.regularizer,
                 weights.recurrent_kernel.constraint);
  if (of.use_bias) {
    const bool two = of.cell == Recurrence::Cell::gru;
    builder.weight(Weights::bias, "bias", two ? Shape{2, of.columns()} : Shape{of.columns()}, weights.bias.initializer,
                   weights.bias.regularizer, weights.bias.constraint);
  }
  if (const Shape* mask = sequence == nullptr ? nullptr : builder.input_mask()) {
    require<ShapeError>(mask->rank() == 1, "expected a mask of steps, ", Shape{inputs[0][0]}, ", got one of ", *mask);
    builder.read_mask();
    if (sequence->return_sequences) builder.pass_mask();
  }
  if (sequence != nullptr && sequence->stateful) {
    builder.state(RecurrentStates::h, units);
    if (of.states() > 1) builder.state(RecurrentStates::c, units);
  }
  builder.backward_reads({.inputs = false, .output = false});
  if (sequence == nullptr || sequence->return_state) {
    for (std::int64_t state = 0; state < of.states(); ++state) builder.output({units});
  }
  const std::int64_t steps = sequence == nullptr ? 1 : inputs[0][0];
  request_recurrent_memory(of, {builder.batch(), steps, features}, builder);
  return sequence != nullptr && sequence->return_sequences ? Shape{steps, units} : Shape{units};
}

// ---- what forward and backward have in common -----------------------------------------------------------------------

template <class T>
void add_to(std::int64_t count, const T* values, T* sum) {
  for (std::int64_t i = 0; i < count; ++i) sum[i] += values[i];
}
template <class T>
void multiply_by(std::int64_t count, const T* factors, T* values) {
  for (std::int64_t i = 0; i < count; ++i) values[i] *= factors[i];
}

/// A block's memory. Step t is at its number modulo the steps that there is room for.
template <class T>
struct RecurrentBlock {
  std::int64_t first;  ///< sample
  std::int64_t rows;
  T* inputs = nullptr;
  T* gates = nullptr;
  T* before = nullptr;
  T* hidden = nullptr;
  T* cells = nullptr;
  T* dropped = nullptr;
  T* spare = nullptr;  ///< of the worker
  std::int64_t input_steps = 1;
  std::int64_t state_steps = 2;
};

/// A piece of memory that is handed out from front to back.
template <class T>
struct Handout {
  T* next;
  T* take(std::int64_t count) {
    T* const taken = next;
    next += aligned_count<T>(static_cast<std::size_t>(count));
    return taken;
  }
};

template <class T>
class RecurrentRun {
 public:
  using Cell = Recurrence::Cell;
  using Block = RecurrentBlock<T>;
  using Buffers = RecurrentBuffers;
  using Scratch = RecurrentScratch;
  using Weights = RecurrentWeights;

  RecurrentRun(const Recurrence& recurrence, const LayerStep<T>& layer_step)
      : of(recurrence),
        step(layer_step),
        shape(recurrent_shape(recurrence, layer_step.input.extents())),
        units(recurrence.units),
        row(recurrence.slots() * recurrence.units),
        keeps_all(layer_step.has_buffer(Buffers::gates)),
        drops_inputs(layer_step.training && drops(recurrence.dropout)),
        drops_states(layer_step.training && drops(recurrence.recurrent_dropout)),
        is_usual(recurrence.activation == activations::tanh && recurrence.recurrent_activation == sigmoid),
        mask(recurrence.sequence == nullptr ? nullptr : layer_step.mask().values) {}

 protected:
  const Recurrence& of;
  const LayerStep<T>& step;
  const RecurrentShape shape;
  const std::int64_t units;
  const std::int64_t row;  ///< elements of a step's gates of a sample
  const bool keeps_all;    ///< whether all steps are
  const bool drops_inputs;
  const bool drops_states;
  const bool is_usual;  ///< whether the cell has Keras' default activations
  const std::uint8_t* const mask;

  bool returns_sequences() const { return of.sequence != nullptr && of.sequence->return_sequences; }
  bool returns_state() const { return of.sequence == nullptr || of.sequence->return_state; }
  bool is_stateful() const { return of.sequence != nullptr && of.sequence->stateful; }
  bool zeroes_masked() const { return of.sequence != nullptr && of.sequence->zero_output_for_mask; }
  bool ends_here(std::int64_t t) const { return t + 1 == shape.steps; }

  /// The place in the input of what step `t` reads.
  std::int64_t place(std::int64_t t) const {
    return of.sequence != nullptr && of.sequence->go_backwards ? shape.steps - 1 - t : t;
  }
  bool is_masked(std::int64_t sample, std::int64_t t) const {
    return mask != nullptr && mask[sample * shape.steps + place(t)] == 0;
  }

  /// Where a block's memory lies.
  Block block_at(std::int64_t index, T* task_scratch) const {
    const Range samples = shape.samples(index);
    Block block{samples.first, samples.size()};
    Handout<T> scratch{task_scratch};
    if (keeps_all) {
      const std::int64_t before = samples.first * shape.steps;
      const std::int64_t states = samples.first * (shape.steps + 1) * units;
      block.input_steps = shape.steps;
      block.state_steps = shape.steps + 1;
      block.inputs = step.buffer(Buffers::inputs) + before * shape.features;
      block.gates = step.buffer(Buffers::gates) + before * row;
      if (of.keeps_before()) block.before = step.buffer(Buffers::before) + before * row;
      block.hidden = step.buffer(Buffers::hidden) + states;
      if (of.states() > 1) block.cells = step.buffer(Buffers::cells) + states;
      block.dropped = drops_states ? step.buffer(Buffers::dropped) + states : block.hidden;
    } else {
      block.input_steps = shape.steps_at_once(block.rows);
      block.inputs = scratch.take(block.input_steps * block.rows * shape.features);
      block.gates = scratch.take(block.input_steps * block.rows * row);
      block.hidden = scratch.take(2 * block.rows * units);
      if (of.states() > 1) block.cells = scratch.take(2 * block.rows * units);
      block.dropped = block.hidden;
    }
    block.spare = scratch.next;
    return block;
  }

  T* inputs_at(const Block& block, std::int64_t t) const {
    return block.inputs + t % block.input_steps * block.rows * shape.features;
  }
  T* gates_at(const Block& block, std::int64_t t) const {
    return block.gates + t % block.input_steps * block.rows * row;
  }
  T* before_at(const Block& block, std::int64_t t) const {
    return block.before == nullptr ? nullptr : block.before + t % block.input_steps * block.rows * row;
  }
  /// The states before step `t`.
  T* state_at(const Block& block, T* states, std::int64_t t) const {
    return states + t % block.state_steps * block.rows * units;
  }

  /// Calls `work(first, count)` for the runs of the block's rows that step `t` counts for.
  template <class Work>
  void each_run(const Block& block, std::int64_t t, Work work) const {
    if (mask == nullptr) return work(0, block.rows);
    std::int64_t i = 0;
    while (i < block.rows) {
      while (i < block.rows && is_masked(block.first + i, t)) ++i;
      const std::int64_t first = i;
      while (i < block.rows && !is_masked(block.first + i, t)) ++i;
      if (i > first) work(first, i - first);
    }
  }
  /// Calls `work(i)` for the others.
  template <class Work>
  void each_masked(const Block& block, std::int64_t t, Work work) const {
    if (mask == nullptr) return;
    for (std::int64_t i = 0; i < block.rows; ++i) {
      if (is_masked(block.first + i, t)) work(i);
    }
  }

  /// Lays a kernel out, on all threads.
  void pack(const kernels::PackedShape& packed, const T* kernel, bool transposed, RecurrentScratch panels) const {
    step.parallel(kernels::pack_tasks<T>(packed), [&](std::int64_t task, T*) {
      kernels::pack(packed, task, kernel, of.columns(), transposed, step.scratch(panels));
    });
  }
};

// ---- forward --------------------------------------------------------------------------------------------------------

template <class T>
class RecurrentForward : RecurrentRun<T> {
  using Base = RecurrentRun<T>;
  using Base::drops_inputs;
  using Base::drops_states;
  using Base::of;
  using Base::row;
  using Base::shape;
  using Base::step;
  using Base::units;
  using typename Base::Block;
  using typename Base::Buffers;
  using typename Base::Cell;
  using typename Base::Scratch;
  using typename Base::Weights;

 public:
  using Base::Base;

  void run() const {
    if (of.use_bias) prepare_start();
    if (shape.packs()) {
      const T* recurrent = step.weight(Weights::recurrent_kernel).elements();
      this->pack({shape.features, of.columns()}, step.weight(Weights::kernel).elements(), false, Scratch::kernel);
      this->pack({units, of.direct_columns()}, recurrent, false, Scratch::recurrent_kernel);
      if (of.is_gru()) this->pack({units, units}, recurrent + 2 * units, false, Scratch::candidate_kernel);
    }
    step.parallel(shape.blocks(), [&](std::int64_t index, T* scratch) { run(this->block_at(index, scratch)); });
  }

 private:
  /// What the inputs' products start from. A GRU's gates have the recurrent bias added at once.
  void prepare_start() const {
    const T* bias = step.weight(Weights::bias).elements();
    T* start = step.scratch(Scratch::start);
    std::copy_n(bias, of.columns(), start);
    if (of.cell == Cell::gru) add_to(2 * units, bias + of.columns(), start);
  }

  void run(const Block& block) const {
    begin(block);
    const std::int64_t at_once = shape.steps_at_once(block.rows);
    for (std::int64_t t = 0; t < shape.steps; ++t) {
      if (t % at_once == 0) multiply_inputs(block, t, std::min(at_once, shape.steps - t));
      if (drops_states) drop_state(block, t);
      advance(block, t);
      write_output(block, t);
    }
    finish(block);
  }

  const T* given_state(std::size_t state) const {
    if (step.inputs.size() > 1) return step.inputs[state + 1].elements();
    if (this->is_stateful()) return step.state(state == 0 ? RecurrentStates::h : RecurrentStates::c);
    return nullptr;
  }

  void begin(const Block& block) const {
    for (std::size_t state = 0; state < static_cast<std::size_t>(of.states()); ++state) {
      const T* given = given_state(state);
      T* first = state == 0 ? block.hidden : block.cells;
      if (given != nullptr) {
        std::copy_n(given + block.first * units, block.rows * units, first);
      } else {
        std::fill_n(first, block.rows * units, T(0));
      }
    }
    if (drops_inputs) draw(block, Buffers::input_dropout, of.dropout, shape.features, 0);
    if (drops_states) draw(block, Buffers::recurrent_dropout, of.recurrent_dropout, units, std::int64_t{1} << 40);
  }

  /// The factors of a block's samples, which are the same at all steps.
  void draw(const Block& block, RecurrentBuffers buffer, double rate, std::int64_t columns,
            std::int64_t first_number) const {
    const std::int64_t first = block.first * columns, count = block.rows * columns;
    T* factors = step.buffer(buffer) + first;
    std::fill_n(factors, count, T(1));
    kernels::dropout(step.random, rate, first_number + first, count, static_cast<const T*>(factors), factors);
  }

  /// The gates' part that comes from the inputs of `count` steps from `t` on.
  void multiply_inputs(const Block& block, std::int64_t t, std::int64_t count) const {
    const std::int64_t features = shape.features, rows = block.rows;
    for (std::int64_t k = 0; k < count; ++k) {
      T* to = this->inputs_at(block, t + k);
      const T* from = step.input.elements() + (block.first * shape.steps + this->place(t + k)) * features;
      for (std::int64_t i = 0; i < rows; ++i)
        std::copy_n(from + i * shape.steps * features, features, to + i * features);
      if (drops_inputs) multiply_by(rows * features, step.buffer(Buffers::input_dropout) + block.first * features, to);
    }
    const T* start = of.use_bias ? step.scratch(Scratch::start) : nullptr;
    const kernels::PackedShape product{features, of.columns()};
    if (count == 1 || rows >= RecurrentShape::few_rows) {
      for (std::int64_t k = 0; k < count; ++k) {
        multiply(product, rows, this->inputs_at(block, t + k), features, Weights::kernel, 0, Scratch::kernel, start,
                 this->gates_at(block, t + k), row, false);
      }
    } else {
      for (std::int64_t i = 0; i < rows; ++i) {
        multiply(product, count, this->inputs_at(block, t) + i * features, rows * features, Weights::kernel, 0,
                 Scratch::kernel, start, this->gates_at(block, t) + i * row, rows * row, false);
      }
    }
  }

  void multiply(const kernels::PackedShape& product, std::int64_t rows, const T* a, std::int64_t a_row, Weights weight,
                std::int64_t column, Scratch panels, const T* start, T* c, std::int64_t c_row, bool accumulate) const {
    if (shape.packs()) {
      kernels::multiply_packed(product, rows, a, a_row, static_cast<const T*>(step.scratch(panels)), start, c, c_row,
                               accumulate);
    } else {
      kernels::multiply_unpacked(product, rows, a, a_row, step.weight(weight).elements() + column, of.columns(), start,
                                 c, c_row, accumulate);
    }
  }

  void drop_state(const Block& block, std::int64_t t) const {
    T* to = this->state_at(block, block.dropped, t);
    std::copy_n(this->state_at(block, block.hidden, t), block.rows * units, to);
    multiply_by(block.rows * units, step.buffer(Buffers::recurrent_dropout) + block.first * units, to);
  }

  /// The products with the state, then the cell; masked rows keep their state.
  void advance(const Block& block, std::int64_t t) const {
    T* gates = this->gates_at(block, t);
    const T* h = this->state_at(block, block.dropped, t);
    multiply({units, of.direct_columns()}, block.rows, h, units, Weights::recurrent_kernel, 0,
             Scratch::recurrent_kernel, nullptr, gates, row, true);
    if (of.cell == Cell::gru) {
      const T* bias = of.use_bias ? step.weight(Weights::bias).elements() + 5 * units : nullptr;
      multiply({units, units}, block.rows, h, units, Weights::recurrent_kernel, 2 * units, Scratch::candidate_kernel,
               bias, gates + 3 * units, row, false);
    } else if (of.cell == Cell::gru_reset_first) {
      reset(block, t);
    }
    this->each_run(block, t, [&](std::int64_t first, std::int64_t count) { compute(block, t, first, count); });
    this->each_masked(block, t, [&](std::int64_t i) {
      keep(block, block.hidden, t, i);
      if (of.states() > 1) keep(block, block.cells, t, i);
    });
  }

  void keep(const Block& block, T* states, std::int64_t t, std::int64_t i) const {
    std::copy_n(this->state_at(block, states, t) + i * units, units, this->state_at(block, states, t + 1) + i * units);
  }

  /// The GRU whose gates come before the candidate's product.
  void reset(const Block& block, std::int64_t t) const {
    T* gates = this->gates_at(block, t);
    const T* h = this->state_at(block, block.dropped, t);
    for (std::int64_t i = 0; i < block.rows; ++i) {
      T* gate = gates + i * row;
      activate(block, t, i, 0, of.recurrent_activation);
      activate(block, t, i, 1, of.recurrent_activation);
      for (std::int64_t k = 0; k < units; ++k) gate[3 * units + k] = gate[units + k] * h[i * units + k];
    }
    multiply({units, units}, block.rows, gates + 3 * units, row, Weights::recurrent_kernel, 2 * units,
             Scratch::candidate_kernel, nullptr, gates + 2 * units, row, true);
  }

  /// Applies an activation to a slot of a row's gates.
  void activate(const Block& block, std::int64_t t, std::int64_t i, std::int64_t slot,
                const Activation& activation) const {
    T* at = this->gates_at(block, t) + i * row + slot * units;
    if (T* before = this->before_at(block, t)) std::copy_n(at, units, before + i * row + slot * units);
    kernels::activate_rows(activation, 1, units, static_cast<const T*>(at), at);
  }

  /// The new states of `count` rows.
  void compute(const Block& block, std::int64_t t, std::int64_t first, std::int64_t count) const {
    T* gates = this->gates_at(block, t) + first * row;
    const T* h_before = this->state_at(block, block.dropped, t) + first * units;
    T* h = this->state_at(block, block.hidden, t + 1) + first * units;
    const kernels::CellShape cell{count, units};
    if (of.cell == Cell::lstm && is_usual()) {
      kernels::lstm_cell(cell, gates, static_cast<const T*>(this->state_at(block, block.cells, t) + first * units),
                         this->state_at(block, block.cells, t + 1) + first * units, h);
    } else if (of.cell == Cell::gru && is_usual()) {
      kernels::gru_cell(cell, gates, h_before, h);
    } else {
      for (std::int64_t i = first; i < first + count; ++i) compute_row(block, t, i);
    }
  }
  bool is_usual() const { return Base::is_usual; }

  /// The same with any activations.
  void compute_row(const Block& block, std::int64_t t, std::int64_t i) const {
    T* gate = this->gates_at(block, t) + i * row;
    const T* h_before = this->state_at(block, block.dropped, t) + i * units;
    T* h = this->state_at(block, block.hidden, t + 1) + i * units;
    if (of.cell == Cell::simple) {
      activate(block, t, i, 0, of.activation);
      std::copy_n(gate, units, h);
    } else if (of.cell == Cell::lstm) {
      const T* c_before = this->state_at(block, block.cells, t) + i * units;
      T* c = this->state_at(block, block.cells, t + 1) + i * units;
      activate(block, t, i, 0, of.recurrent_activation);
      activate(block, t, i, 1, of.recurrent_activation);
      activate(block, t, i, 2, of.activation);
      activate(block, t, i, 3, of.recurrent_activation);
      for (std::int64_t k = 0; k < units; ++k) c[k] = gate[units + k] * c_before[k] + gate[k] * gate[2 * units + k];
      kernels::activate_rows(of.activation, 1, units, static_cast<const T*>(c), h);
      multiply_by(units, static_cast<const T*>(gate + 3 * units), h);
    } else {
      if (of.cell == Cell::gru) {
        activate(block, t, i, 0, of.recurrent_activation);
        activate(block, t, i, 1, of.recurrent_activation);
        for (std::int64_t k = 0; k < units; ++k) gate[2 * units + k] += gate[units + k] * gate[3 * units + k];
      }
      activate(block, t, i, 2, of.activation);
      for (std::int64_t k = 0; k < units; ++k) {
        h[k] = gate[k] * h_before[k] + (T(1) - gate[k]) * gate[2 * units + k];
      }
    }
  }

  /// The output of step `t`: where it is masked, that of the step before, or zeros.
  void write_output(const Block& block, std::int64_t t) const {
    const bool sequences = this->returns_sequences();
    if (!sequences && this->mask == nullptr && !this->ends_here(t)) return;
    const T* h = this->state_at(block, block.hidden, t + 1);
    const std::int64_t stride = sequences ? shape.steps * units : units;
    T* to = step.output.elements() + block.first * stride + (sequences ? t * units : 0);
    for (std::int64_t i = 0; i < block.rows; ++i, to += stride) {
      if (!this->is_masked(block.first + i, t)) {
        std::copy_n(h + i * units, units, to);
      } else if (t == 0 || this->zeroes_masked()) {
        std::fill_n(to, units, T(0));
      } else if (sequences) {
        std::copy_n(to - units, units, to);
      }
    }
  }

  void finish(const Block& block) const {
    for (std::size_t state = 0; state < static_cast<std::size_t>(of.states()); ++state) {
      const T* last = this->state_at(block, state == 0 ? block.hidden : block.cells, shape.steps);
      const std::int64_t at = block.first * units, count = block.rows * units;
      if (this->returns_state()) std::copy_n(last, count, step.outputs[state + 1].elements() + at);
      if (this->is_stateful()) {
        std::copy_n(last, count, step.state(state == 0 ? RecurrentStates::h : RecurrentStates::c) + at);
      }
    }
  }
};

// ---- backward -------------------------------------------------------------------------------------------------------

template <class T>
class RecurrentBackward : RecurrentRun<T> {
  using Base = RecurrentRun<T>;
  using Base::drops_inputs;
  using Base::drops_states;
  using Base::of;
  using Base::row;
  using Base::shape;
  using Base::units;
  using typename Base::Block;
  using typename Base::Buffers;
  using typename Base::Cell;
  using typename Base::Scratch;
  using typename Base::Weights;

 public:
  RecurrentBackward(const Recurrence& recurrence, const Backward<T>& layer_step)
      : Base(recurrence, layer_step), step(layer_step) {}

  void run() const {
    const T* recurrent = step.weight(Weights::recurrent_kernel).elements();
    this->pack({of.direct_columns(), units}, recurrent, true, Scratch::recurrent_kernel);
    if (of.is_gru()) this->pack({units, units}, recurrent + 2 * units, true, Scratch::candidate_kernel);
    if (step.wants_input_gradient) {
      this->pack({of.columns(), shape.features}, step.weight(Weights::kernel).elements(), true, Scratch::kernel);
    }
    step.parallel(shape.blocks(), [&](std::int64_t index, T* scratch) { run(this->block_at(index, scratch)); });
    weigh();
  }

 private:
  const Backward<T>& step;

  /// The gradients that go from step to step, (rows, units) each.
  struct Flow {
    T* h;
    T* c;
    T* output;  ///< of the output at a masked step, which is that of the step before
    T* spare;
    T* spare_row;
  };

  void run(const Block& block) const {
    Handout<T> scratch{block.spare};
    const std::int64_t count = block.rows * units;
    const Flow flow{scratch.take(count), scratch.take(count), scratch.take(count), scratch.take(count),
                    scratch.take(2 * units)};
    begin(block, flow);
    for (std::int64_t t = shape.steps; t-- > 0;) {
      add_output_gradient(block, t, flow);
      retreat(block, t, flow);
      if (step.wants_input_gradient) multiply_gates(block, t);
    }
    for (std::size_t state = 0; state + 1 < step.inputs.size(); ++state) {
      if (!step.wants_gradient(state + 1)) continue;
      std::copy_n(state == 0 ? flow.h : flow.c, count,
                  step.input_gradients[state + 1].elements() + block.first * units);
    }
  }

  void begin(const Block& block, const Flow& flow) const {
    const std::int64_t count = block.rows * units;
    for (std::size_t state = 0; state < static_cast<std::size_t>(of.states()); ++state) {
      T* to = state == 0 ? flow.h : flow.c;
      if (this->returns_state()) {
        std::copy_n(step.output_gradients[state + 1].elements() + block.first * units, count, to);
      } else {
        std::fill_n(to, count, T(0));
      }
    }
    if (this->mask != nullptr) std::fill_n(flow.output, count, T(0));
  }

  void add_output_gradient(const Block& block, std::int64_t t, const Flow& flow) const {
    const bool sequences = this->returns_sequences();
    const bool has_output = sequences || this->ends_here(t);
    if (!has_output && this->mask == nullptr) return;
    const std::int64_t stride = sequences ? shape.steps * units : units;
    const T* from = step.output_gradient.elements() + block.first * stride + (sequences ? t * units : 0);
    for (std::int64_t i = 0; i < block.rows; ++i, from += stride) {
      T* const h = flow.h + i * units;
      T* const output = flow.output + i * units;
      if (this->is_masked(block.first + i, t)) {
        if (has_output && !this->zeroes_masked()) add_to(units, from, output);
        continue;
      }
      if (has_output) add_to(units, from, h);
      if (this->mask == nullptr) continue;
      add_to(units, static_cast<const T*>(output), h);
      std::fill_n(output, units, T(0));
    }
  }

  /// The gradients of the gates of step `t`, in their place, and of the states before it.
  void retreat(const Block& block, std::int64_t t, const Flow& flow) const {
    T* gates = this->gates_at(block, t);
    this->each_masked(block, t, [&](std::int64_t i) { std::fill_n(gates + i * row, row, T(0)); });
    this->each_run(block, t,
                   [&](std::int64_t first, std::int64_t count) { differentiate(block, t, first, count, flow); });
    if (of.cell == Cell::gru_reset_first) differentiate_reset(block, t, flow);
    multiply({of.direct_columns(), units}, block.rows, gates, Scratch::recurrent_kernel, flow.h, true);
    if (of.cell == Cell::gru)
      multiply({units, units}, block.rows, gates + 3 * units, Scratch::candidate_kernel, flow.h, true);
    if (!drops_states) return;
    const T* factors = step.buffer(Buffers::recurrent_dropout) + block.first * units;
    this->each_run(block, t, [&](std::int64_t first, std::int64_t count) {
      multiply_by(count * units, factors + first * units, flow.h + first * units);
    });
  }

  void multiply(const kernels::PackedShape& product, std::int64_t rows, const T* gates, Scratch panels, T* c,
                bool accumulate) const {
    kernels::multiply_packed(product, rows, gates, row, static_cast<const T*>(step.scratch(panels)), nullptr, c, units,
                             accumulate);
  }

  void differentiate(const Block& block, std::int64_t t, std::int64_t first, std::int64_t count,
                     const Flow& flow) const {
    T* gates = this->gates_at(block, t) + first * row;
    T* h = flow.h + first * units;
    const kernels::CellShape cell{count, units};
    if (of.cell == Cell::lstm && Base::is_usual) {
      kernels::lstm_cell_gradient(cell, gates,
                                  static_cast<const T*>(this->state_at(block, block.cells, t) + first * units),
                                  static_cast<const T*>(this->state_at(block, block.cells, t + 1) + first * units),
                                  static_cast<const T*>(h), flow.c + first * units);
      std::fill_n(h, count * units, T(0));
    } else if (of.cell == Cell::gru && Base::is_usual) {
      kernels::gru_cell_gradient(cell, gates,
                                 static_cast<const T*>(this->state_at(block, block.dropped, t) + first * units), h);
    } else {
      for (std::int64_t i = first; i < first + count; ++i) differentiate_row(block, t, i, flow);
    }
  }

  /// values *= the slope of an activation at a slot, of which the output is `outputs`.
  void bend(const Block& block, std::int64_t t, std::int64_t i, std::int64_t slot, const Activation& activation,
            const T* outputs, T* values) const {
    const T* at = activation.keeps_input() ? this->before_at(block, t) + i * row + slot * units : outputs;
    kernels::activation_rows_gradient(activation, 1, units, at, static_cast<const T*>(values), values);
  }

  /// The same with any activations.
  void differentiate_row(const Block& block, std::int64_t t, std::int64_t i, const Flow& flow) const {
    T* gate = this->gates_at(block, t) + i * row;
    T* h = flow.h + i * units;
    T* kept = flow.spare_row;
    if (of.cell == Cell::simple) {
      bend(block, t, i, 0, of.activation, gate, h);
      std::copy_n(h, units, gate);
      std::fill_n(h, units, T(0));
    } else if (of.cell == Cell::lstm) {
      differentiate_lstm(block, t, i, flow);
    } else {
      const T* h_before = this->state_at(block, block.dropped, t) + i * units;
      std::copy_n(gate, units, kept);
      T* const update = kept;
      T* const candidate = kept + units;
      std::copy_n(gate + 2 * units, units, candidate);
      for (std::int64_t k = 0; k < units; ++k) {
        gate[k] = h[k] * (h_before[k] - candidate[k]);
        gate[2 * units + k] = h[k] * (T(1) - update[k]);
        h[k] *= update[k];
      }
      bend(block, t, i, 0, of.recurrent_activation, update, gate);
      bend(block, t, i, 2, of.activation, candidate, gate + 2 * units);
      if (of.cell == Cell::gru_reset_first) return;
      T* const reset = kept;
      std::copy_n(gate + units, units, reset);
      for (std::int64_t k = 0; k < units; ++k) {
        gate[units + k] = gate[2 * units + k] * gate[3 * units + k];
        gate[3 * units + k] = gate[2 * units + k] * reset[k];
      }
      bend(block, t, i, 1, of.recurrent_activation, reset, gate + units);
    }
  }

  void differentiate_lstm(const Block& block, std::int64_t t, std::int64_t i, const Flow& flow) const {
    T* gate = this->gates_at(block, t) + i * row;
    T* h = flow.h + i * units;
    T* of_c = flow.c + i * units;
    const T* c_before = this->state_at(block, block.cells, t) + i * units;
    const T* c = this->state_at(block, block.cells, t + 1) + i * units;
    T* const bent = flow.spare_row;
    T* const kept = flow.spare_row + units;
    kernels::activate_rows(of.activation, 1, units, c, bent);
    for (std::int64_t k = 0; k < units; ++k) kept[k] = h[k] * gate[3 * units + k];
    kernels::activation_rows_gradient(of.activation, 1, units,
                                      of.activation.keeps_input() ? c : static_cast<const T*>(bent),
                                      static_cast<const T*>(kept), kept);
    add_to(units, static_cast<const T*>(kept), of_c);
    const auto gradient = [&](std::int64_t slot, const Activation& activation, auto value) {
      T* at = gate + slot * units;
      std::copy_n(at, units, kept);
      for (std::int64_t k = 0; k < units; ++k) at[k] = value(k);
      bend(block, t, i, slot, activation, kept, at);
    };
    gradient(3, of.recurrent_activation, [&](std::int64_t k) { return h[k] * bent[k]; });
    T* const input = bent;
    std::copy_n(gate, units, input);
    gradient(0, of.recurrent_activation, [&](std::int64_t k) { return of_c[k] * gate[2 * units + k]; });
    gradient(2, of.activation, [&](std::int64_t k) { return of_c[k] * input[k]; });
    T* const forget = h;
    std::copy_n(gate + units, units, forget);
    gradient(1, of.recurrent_activation, [&](std::int64_t k) { return of_c[k] * c_before[k]; });
    multiply_by(units, static_cast<const T*>(forget), of_c);
    std::fill_n(h, units, T(0));
  }

  /// The reset gate of a GRU that has it before the product.
  void differentiate_reset(const Block& block, std::int64_t t, const Flow& flow) const {
    T* gates = this->gates_at(block, t);
    multiply({units, units}, block.rows, gates + 2 * units, Scratch::candidate_kernel, flow.spare, false);
    const T* h_before = this->state_at(block, block.dropped, t);
    this->each_run(block, t, [&](std::int64_t first, std::int64_t count) {
      for (std::int64_t i = first; i < first + count; ++i) {
        T* const reset = gates + i * row + units;
        T* const kept = flow.spare_row;
        std::copy_n(reset, units, kept);
        for (std::int64_t k = 0; k < units; ++k) {
          const T of_product = flow.spare[i * units + k];
          reset[k] = of_product * h_before[i * units + k];
          flow.h[i * units + k] += of_product * kept[k];
        }
        bend(block, t, i, 1, of.recurrent_activation, kept, reset);
      }
    });
  }

  /// The input's gradient at step `t`.
  void multiply_gates(const Block& block, std::int64_t t) const {
    const std::int64_t features = shape.features, stride = shape.steps * features;
    T* to = step.input_gradient.elements() + (block.first * shape.steps + this->place(t)) * features;
    kernels::multiply_packed({of.columns(), features}, block.rows, static_cast<const T*>(this->gates_at(block, t)), row,
                             static_cast<const T*>(step.scratch(Scratch::kernel)), nullptr, to, stride, false);
    if (!drops_inputs) return;
    const T* factors = step.buffer(Buffers::input_dropout) + block.first * features;
    for (std::int64_t i = 0; i < block.rows; ++i) multiply_by(features, factors + i * features, to + i * stride);
  }

  // The gradients of the weights: products over all steps of all blocks.

  static constexpr std::int64_t tile_rows = 24;

  void weigh() const {
    const std::int64_t kernel_tiles = (shape.features + tile_rows - 1) / tile_rows;
    const std::int64_t recurrent_tiles = (units + tile_rows - 1) / tile_rows;
    const std::int64_t tiles = kernel_tiles + recurrent_tiles;
    step.parallel(tiles + (of.use_bias ? 1 : 0), [&](std::int64_t task, T* tile) {
      if (task < kernel_tiles) {
        weigh(Weights::kernel, piece(shape.features, kernel_tiles, task), tile);
      } else if (task < tiles) {
        weigh(Weights::recurrent_kernel, piece(units, recurrent_tiles, task - kernel_tiles), tile);
      } else {
        weigh_bias();
      }
    });
  }

  void weigh(Weights weight, Range rows, T* tile) const {
    const std::int64_t columns = of.columns(), direct = of.direct_columns();
    for (std::int64_t index = 0; index < shape.blocks(); ++index) {
      const Block block = this->block_at(index, nullptr);
      const std::int64_t depth = block.rows * shape.steps;
      const auto multiply = [&](const T* a, std::int64_t a_row, std::int64_t slot, std::int64_t column,
                                std::int64_t count) {
        kernels::multiply_transposed(depth, rows.size(), a + rows.first, a_row, count,
                                     static_cast<const T*>(block.gates + slot * units), row, tile + column, columns,
                                     index > 0);
      };
      if (weight == Weights::kernel) {
        multiply(block.inputs, shape.features, 0, 0, columns);
        continue;
      }
      multiply(block.dropped, units, 0, 0, direct);
      if (of.cell == Cell::gru) multiply(block.dropped, units, 3, direct, units);
      if (of.cell == Cell::gru_reset_first) multiply(block.gates + 3 * units, row, 2, direct, units);
    }
    step.sink(weight, rows.first * columns, tile, rows.size() * columns);
  }

  void weigh_bias() const {
    const std::int64_t columns = of.columns();
    T* const sums = step.scratch(Scratch::sums);
    T* const gradient = sums + row;
    kernels::column_sums(shape.batch * shape.steps, row, {0, row}, static_cast<const T*>(step.buffer(Buffers::gates)),
                         sums);
    std::copy_n(sums, columns, gradient);
    std::int64_t count = columns;
    if (of.cell == Cell::gru) {  // the recurrent bias
      std::copy_n(sums, 2 * units, gradient + columns);
      std::copy_n(sums + 3 * units, units, gradient + columns + 2 * units);
      count = 2 * columns;
    }
    step.sink(Weights::bias, 0, gradient, count);
  }
};

template <class T>
void forward_recurrence(const Recurrence& recurrence, const Forward<T>& step) {
  RecurrentForward<T>(recurrence, step).run();
}
template <class T>
void backward_recurrence(const Recurrence& recurrence, const Backward<T>& step) {
  RecurrentBackward<T>(recurrence, step).run();
}

}  // namespace nacre::detail
