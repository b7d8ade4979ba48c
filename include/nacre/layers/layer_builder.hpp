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
#include <nacre/regularizers/regularizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Shapes of several tensors, the batch not counted.
using Shapes = List<Shape>;

/// A tensor of a model: the shape of a sample, and how many such samples there are for each of the batch. More than one
/// are what a layer sees that works on each step of a sequence alone.
struct TensorSpec {
  Shape shape;
  std::int64_t fold = 1;
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

/// Takes a layer's requests while the model is built. Sizes are in elements of the model's scalar type.
class LayerBuilder {
 public:
  /// @param batch    samples in the largest batch that the memory must serve.
  /// @param training whether backward passes will follow forward passes.
  explicit LayerBuilder(std::int64_t batch = 1, bool training = true) : batch_(batch), training_(training) {}

  std::int64_t batch() const { return batch_; }
  bool training() const { return training_; }

  /// Asks for a weight; `step.weight(i)` in the order of the calls. Non-trainable ones are
  /// `step.non_trainable_weight(i)`, counted separately. Throws ShapeError for more elements than any machine has room
  /// for.
  void weight(std::string name, const Shape& shape, AnyInitializer initializer, bool trainable = true) {
    require_addressable(shape);
    weights_.push_back({std::move(name), shape, std::move(initializer), trainable});
  }

  /// The same for a trainable weight with a penalty and a constraint, each of which may be none.
  void weight(std::string name, const Shape& shape, AnyInitializer initializer, AnyRegularizer regularizer,
              AnyConstraint constraint) {
    weight(std::move(name), shape, std::move(initializer));
    weights_.back().regularizer = std::move(regularizer);
    weights_.back().constraint = std::move(constraint);
  }

  /// A penalty for the (first) output's values, over the whole batch, which is part of the loss; it may be none.
  void activity_regularizer(AnyRegularizer regularizer) { activity_ = std::move(regularizer); }

  /// Asks for memory that lives from a forward pass to the end of the backward pass: `step.buffer(i)`.
  void buffer(std::int64_t elements) { buffers_.push_back(elements); }

  /// Asks for memory that lives during one call, shared with other layers: `step.scratch(i)`.
  void scratch(std::int64_t elements) { scratch_.push_back(elements); }

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

  const List<WeightSpec>& weights() const { return weights_; }
  const List<std::int64_t>& buffers() const { return buffers_; }
  const List<std::int64_t>& scratch() const { return scratch_; }
  const Shapes& further_outputs() const { return further_outputs_; }
  std::int64_t task_scratch() const { return task_scratch_; }
  bool shares_input() const { return shares_input_; }
  bool shares_gradient() const { return shares_gradient_; }
  const AnyRegularizer& activity_regularizer() const { return activity_; }
  const BackwardReads& backward_reads() const { return reads_; }
  const std::optional<std::size_t>& left_gradient() const { return left_gradient_; }
  bool adds_input_gradient() const { return adds_input_gradient_; }
  std::int64_t folded(std::int64_t input_fold) const { return input_fold * fold_ / unfold_; }

 private:
  std::int64_t batch_;
  bool training_;
  List<WeightSpec> weights_;
  List<std::int64_t> buffers_;
  List<std::int64_t> scratch_;
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
};

}  // namespace nacre
