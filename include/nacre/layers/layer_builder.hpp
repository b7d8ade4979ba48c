#pragma once
// LayerBuilder: takes a layer's requests while a model is built.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nacre/constraints/constraint.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/initializers/initializer.hpp>
#include <nacre/layers/memory_names.hpp>
#include <nacre/regularizers/regularizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Shapes of several tensors, the batch not counted.
using Shapes = List<Shape>;

/// A tensor of a model: the shape of a sample, and how many such samples there are for each of the batch. More than one
/// are what a layer sees that works on each step of a sequence alone.
struct TensorSpec {
  Shape shape;
  std::int64_t fold = 1;
  std::optional<Shape> mask{};  ///< the axes of its mask, where it has one: the first of `shape`
  bool integers = false;        ///< int32 numbers in place of the model's floating ones
  friend bool operator==(const TensorSpec&, const TensorSpec&) = default;
};

/// A weight that a layer asked for.
struct WeightSpec {
  std::string name;  ///< "kernel", "bias", ...
  Shape shape;
  AnyInitializer initializer;    ///< of its first values
  bool trainable = true;         ///< false: the layer itself writes it in training, as moving averages
  AnyRegularizer regularizer{};  ///< its penalty is part of the loss, while the weight is trained
  AnyConstraint constraint{};    ///< applied after each update
};

/// What a layer's backward pass reads of the forward pass; memory of what it does not read is used for something else.
struct BackwardReads {
  bool inputs = true;
  bool output = true;
};

/// The names of all that a layer asked for.
struct LayerNames {
  MemoryNames weights;  ///< trainable
  MemoryNames non_trainable_weights;
  MemoryNames buffers;
  MemoryNames scratch;
  MemoryNames states;
};

/// Takes a layer's requests while the model is built. Sizes are in elements of the model's scalar type.
class LayerBuilder {
 public:
  /// @param batch    samples in the largest batch that the memory must serve.
  /// @param training whether backward passes will follow forward passes.
  explicit LayerBuilder(std::int64_t batch = 1, bool training = true) : batch_(batch), training_(training) {}

  std::int64_t batch() const { return batch_; }
  bool training() const { return training_; }

  // What a layer asks for it finds in a step by a name, an enumerator of its own (`enum class Weights { kernel, bias
  // };`) that comes first in the request: `builder.weight(Weights::kernel, "kernel", shape, initializer)` is
  // `step.weight(Weights::kernel)`. Without one it is found by its number, in the order of the calls. Each kind is
  // counted by itself, and so are weights that are trained and those that are not.

  /// Asks for a weight: `step.weight(...)`, or `step.non_trainable_weight(...)`. Throws ShapeError for more elements
  /// than any machine has room for, StateError for a name that is taken.
  void weight(std::string name, const Shape& shape, AnyInitializer initializer, bool trainable = true) {
    (trainable ? names_.weights : names_.non_trainable_weights).add();
    add_weight(std::move(name), shape, std::move(initializer), trainable);
  }
  void weight(MemoryName in_steps, std::string name, const Shape& shape, AnyInitializer initializer,
              bool trainable = true) {
    (trainable ? names_.weights : names_.non_trainable_weights).add(in_steps);
    add_weight(std::move(name), shape, std::move(initializer), trainable);
  }

  /// The same for a trainable weight with a penalty and a constraint, each of which may be none.
  void weight(std::string name, const Shape& shape, AnyInitializer initializer, AnyRegularizer regularizer,
              AnyConstraint constraint) {
    weight(std::move(name), shape, std::move(initializer));
    weights_.back().regularizer = std::move(regularizer);
    weights_.back().constraint = std::move(constraint);
  }
  void weight(MemoryName in_steps, std::string name, const Shape& shape, AnyInitializer initializer,
              AnyRegularizer regularizer, AnyConstraint constraint) {
    weight(in_steps, std::move(name), shape, std::move(initializer));
    weights_.back().regularizer = std::move(regularizer);
    weights_.back().constraint = std::move(constraint);
  }

  /// A penalty for the (first) output's values, over the whole batch, which is part of the loss; it may be none.
  void activity_regularizer(AnyRegularizer regularizer) { activity_ = std::move(regularizer); }

  /// Asks for memory that lives from a forward pass to the end of the backward pass: `step.buffer(...)`.
  void buffer(std::int64_t elements) {
    names_.buffers.add();
    buffers_.push_back(elements);
  }
  void buffer(MemoryName name, std::int64_t elements) {
    names_.buffers.add(name);
    buffers_.push_back(elements);
  }

  /// Asks for so many numbers for each sample that live over batches, `step.state(...)`: zeros at first and after
  /// `reset_states`, then what forward left there for the sample at the same place of the batch before. Backward must
  /// not read them: forward copies what it needs to a buffer.
  void state(std::int64_t elements) {
    names_.states.add();
    states_.push_back(elements);
  }
  void state(MemoryName name, std::int64_t elements) {
    names_.states.add(name);
    states_.push_back(elements);
  }

  /// Asks for memory that lives during one call, shared with other layers: `step.scratch(...)`.
  void scratch(std::int64_t elements) {
    names_.scratch.add();
    scratch_.push_back(elements);
  }
  void scratch(MemoryName name, std::int64_t elements) {
    names_.scratch.add(name);
    scratch_.push_back(elements);
  }

  /// Asks for memory of each worker of `step.parallel`, uninitialized at each task.
  void task_scratch(std::int64_t elements) { task_scratch_ = std::max(task_scratch_, elements); }

  /// A further output, behind the one that `build` returns: `step.outputs[1]` and so on.
  void output(const Shape& shape) { further_outputs_.push_back(shape); }

  /// The output is the (first) input under another shape: both share memory, and forward and backward are not called.
  void share_input() { shares_input_ = true; }

  /// The gradient of each input is that of the output, as of a sum: where they can they share memory, and backward is
  /// not called. All inputs must have the output's shape.
  void share_gradient() { shares_gradient_ = true; }

  /// `backward` leaves the gradient of input `input`, which has the output's shape, in the output's gradient, where the
  /// network takes it from: it writes nothing to `input_gradients[input]`. The gradient of the first input may be the
  /// same memory, which `backward` is then to add to.
  void leave_gradient(std::size_t input) { left_gradient_ = input; }

  /// `backward` adds to the gradient of the (first) input where `step.adds_gradient(0)`, instead of writing it.
  void add_input_gradient() { adds_input_gradient_ = true; }

  /// The outputs have `factor` samples for each of the input's: a sequence seen step by step. With 1 / factor, by
  /// `fold(1, factor)`, steps become a sequence again.
  void fold(std::int64_t factor, std::int64_t divisor = 1) {
    fold_ = factor;
    unfold_ = divisor;
  }

  /// Says what `backward` reads. A layer that does not say reads everything.
  void backward_reads(BackwardReads reads) { reads_ = reads; }

  // Inputs may be int32 numbers, as class numbers are that must stay exact. A layer that says nothing about them is
  // refused such inputs, unless it shares its input's memory: then its output is one of integers, too.

  /// Whether that input is one of integers, which the layer then reads by `step.integers(input)`.
  bool take_integers(std::size_t input = 0) {
    const bool takes = input < integers_.size() && integers_[input];
    if (takes) integers_[input] = taken;
    return takes;
  }

  /// The (first) output is one of integers: forward writes all of `step.output_integers()`.
  void make_integers() { makes_integers_ = true; }

  /// Which inputs are: for what runs layers.
  void set_integer_inputs(std::vector<char> inputs) { integers_ = std::move(inputs); }

  // Masks say which steps of a sequence count. A layer that says nothing about them stops them: its output has none.

  /// The axes of the mask of that input, the batch not counted; nullptr where it has none.
  const Shape* input_mask(std::size_t input = 0) const {
    return input < masks_.size() && masks_[input] ? &*masks_[input] : nullptr;
  }

  /// Whether that input has a mask. `step.mask(input)` then gives it, in forward and in backward.
  bool read_mask(std::size_t input = 0) {
    const bool has_mask = input_mask(input) != nullptr;
    reads_masks_ |= has_mask;
    return has_mask;
  }

  /// The (first) output has the mask of that input, where there is one: for layers that work on each step alone.
  void pass_mask(std::size_t input = 0) {
    if (input_mask(input) != nullptr) pass_mask(input, *input_mask(input));
  }
  /// The same mask under other axes.
  void pass_mask(std::size_t input, const Shape& axes) {
    passed_mask_ = input;
    output_mask_ = axes;
  }

  /// The (first) output has a mask with these axes, its first ones: forward writes all of `step.output_mask()`.
  void make_mask(const Shape& axes) {
    passed_mask_.reset();
    output_mask_ = axes;
  }

  /// Of that input only the mask is used: its values are not read, and it gets no gradient.
  void ignore_values(std::size_t input) { ignored_values_ = input; }

  /// What `input_mask` gives: for what runs layers.
  void set_input_masks(List<std::optional<Shape>> masks) { masks_ = std::move(masks); }

  const LayerNames& names() const { return names_; }
  const List<WeightSpec>& weights() const { return weights_; }
  const List<std::int64_t>& buffers() const { return buffers_; }
  const List<std::int64_t>& scratch() const { return scratch_; }
  const List<std::int64_t>& states() const { return states_; }
  const Shapes& further_outputs() const { return further_outputs_; }
  std::int64_t task_scratch() const { return task_scratch_; }
  bool shares_input() const { return shares_input_; }
  bool shares_gradient() const { return shares_gradient_; }
  const AnyRegularizer& activity_regularizer() const { return activity_; }
  const BackwardReads& backward_reads() const { return reads_; }
  const std::optional<std::size_t>& left_gradient() const { return left_gradient_; }
  bool adds_input_gradient() const { return adds_input_gradient_; }
  bool takes_integers(std::size_t input) const { return input < integers_.size() && integers_[input] == taken; }
  bool makes_integers() const { return makes_integers_; }
  bool reads_masks() const { return reads_masks_; }
  const std::optional<std::size_t>& passed_mask() const { return passed_mask_; }
  const std::optional<Shape>& output_mask() const { return output_mask_; }
  bool ignores_values(std::size_t input) const { return ignored_values_ == input; }
  std::int64_t folded(std::int64_t input_fold) const { return input_fold * fold_ / unfold_; }

 private:
  static constexpr char taken = 2;

  void add_weight(std::string name, const Shape& shape, AnyInitializer initializer, bool trainable) {
    require_addressable(shape);
    weights_.push_back({std::move(name), shape, std::move(initializer), trainable});
  }

  std::int64_t batch_;
  bool training_;
  LayerNames names_;
  List<WeightSpec> weights_;
  List<std::int64_t> buffers_;
  List<std::int64_t> scratch_;
  List<std::int64_t> states_;  ///< elements for each sample
  Shapes further_outputs_;
  std::int64_t task_scratch_ = 0;
  bool shares_input_ = false;
  bool shares_gradient_ = false;
  bool adds_input_gradient_ = false;
  std::optional<std::size_t> left_gradient_;
  std::int64_t fold_ = 1;
  std::int64_t unfold_ = 1;
  BackwardReads reads_;
  AnyRegularizer activity_;
  std::vector<char> integers_;  ///< which inputs are, and which of them the layer takes; none at all where none is
  bool makes_integers_ = false;
  List<std::optional<Shape>> masks_;  ///< of the inputs; none at all where no input has one
  bool reads_masks_ = false;
  std::optional<std::size_t> passed_mask_;
  std::optional<Shape> output_mask_;
  std::optional<std::size_t> ignored_values_;
};

}  // namespace nacre
