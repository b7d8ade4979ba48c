#pragma once
// A layer's part of a step: the memory that it reads and writes in a forward and in a backward pass.

#include <cstdint>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/function_reference.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/gradient_sink.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/mask.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A layer's part of the planned memory.
template <class T>
struct LayerMemory {
  const LayerNames* names = nullptr;  ///< of what follows, by which the layer asked for it
  List<TensorView<const T>> inputs;
  List<TensorView<T>> outputs;
  List<TensorView<T>> output_gradients;
  List<TensorView<T>> input_gradients;
  std::vector<char> wanted;           ///< of which inputs a gradient is wanted
  std::vector<char> adds;             ///< to which inputs' gradients is to be added
  List<TensorView<const T>> weights;  ///< trainable
  List<TensorView<T>> non_trainable_weights;
  List<TensorView<T>> gradients;      ///< of the trainable weights
  List<std::int64_t> weight_offsets;  ///< of the trainable weights in the model's block
  std::vector<char> whole_gradient;   ///< which gradients this step's backward wrote whole
  std::vector<T*> buffers;
  std::vector<T*> scratch;
  std::vector<T*> states{};
  T* task_scratch = nullptr;
  std::int64_t task_scratch_stride = 0;
  bool trainable = true;         ///< false: frozen
  List<Mask> masks{};            ///< of the inputs, where the layer reads them; otherwise empty
  std::vector<char> integers{};  ///< which inputs are int32 numbers; empty where none is
  MadeMask output_mask{};        ///< of the first output, where the layer makes it

  /// Room for so many tensors, which are not bound to any memory yet.
  [[gnu::cold]] void resize_tensors(std::size_t input_count, std::size_t output_count) {
    inputs = List<TensorView<const T>>(input_count);
    outputs = List<TensorView<T>>(output_count);
    output_gradients = List<TensorView<T>>(output_count);
    input_gradients = List<TensorView<T>>(input_count);
    wanted = std::vector<char>(input_count, char{1});
    adds = std::vector<char>(input_count, char{0});
  }

  /// Room for so many weights, which are not bound to any memory yet.
  [[gnu::cold]] void resize(std::size_t trainable_count, std::size_t other_count) {
    weights = List<TensorView<const T>>(trainable_count);
    gradients = List<TensorView<T>>(trainable_count);
    weight_offsets = List<std::int64_t>(trainable_count);
    whole_gradient = std::vector<char>(trainable_count);
    non_trainable_weights = List<TensorView<T>>(other_count);
  }
};

namespace detail {

/// How many tasks of `step.parallel` this thread is in.
inline constinit thread_local int parallel_depth = 0;

struct ParallelScope {
  ParallelScope() { ++parallel_depth; }
  ~ParallelScope() { --parallel_depth; }
  ParallelScope(const ParallelScope&) = delete;
  ParallelScope& operator=(const ParallelScope&) = delete;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_not_asked_for(const char* what, std::size_t i,
                                                                      std::size_t count) {
  throw StateError(text("step.", what, "(", i, "): expected an index below ", count, ", as many as build asked for"));
}

/// memory[i], if it is there.
template <class Memory>
auto& asked_for(const char* what, Memory& memory, std::size_t i) {
  if (i >= memory.size()) fail_not_asked_for(what, i, memory.size());
  return memory[i];
}

}  // namespace detail

/// What forward and backward have in common.
template <class T>
class LayerStep {
 public:
  LayerStep(LayerMemory<T>& memory, ThreadPool& pool, const RandomStream& stream, bool trains)
      : input(memory.inputs.front()),
        output(memory.outputs.front()),
        inputs(memory.inputs),
        outputs(memory.outputs),
        random(stream),
        training(trains),
        trainable(memory.trainable),
        memory_(memory),
        pool_(pool) {}

  const TensorView<const T>& input;         ///< (batch, input shape...); of several inputs the first
  TensorView<T>& output;                    ///< (batch, output shape...); of several outputs the first
  const List<TensorView<const T>>& inputs;  ///< all inputs
  List<TensorView<T>>& outputs;             ///< all outputs
  const RandomStream random;  ///< this layer's random numbers of this step, the same in forward and backward
  const bool training;        ///< whether dropout drops and batch statistics are used
  const bool trainable;       ///< false: the layer is frozen, no gradients of its weights are wanted

  std::int64_t batch() const { return input.batch(); }

  // What build asked for, by its name there, or by its number: each kind counted by itself, in the order of the calls.
  // Throws StateError for what build did not ask for.

  /// A trainable weight.
  const TensorView<const T>& weight(MemoryName name) const {
    return memory_.weights[memory_.names->weights.find("weight", name)];
  }

  /// A weight that is not trained; to be written in training only.
  TensorView<T>& non_trainable_weight(MemoryName name) const {
    return memory_.non_trainable_weights[memory_.names->non_trainable_weights.find("non_trainable_weight", name)];
  }

  /// The numbers of input `i` where they are integers, otherwise nullptr; its `elements()` mean nothing then.
  const std::int32_t* integers(std::size_t i = 0) const {
    const bool are = i < memory_.integers.size() && memory_.integers[i];
    return are ? reinterpret_cast<const std::int32_t*>(memory_.inputs[i].elements()) : nullptr;
  }

  /// Where forward writes the output's numbers, where build said that they are integers.
  std::int32_t* output_integers() const { return reinterpret_cast<std::int32_t*>(output.elements()); }

  /// The mask of input `i`, where build asked for it by `read_mask` and there is one.
  Mask mask(std::size_t i = 0) const { return i < memory_.masks.size() ? memory_.masks[i] : Mask{}; }

  /// Where forward writes the mask that build said it makes, (batch, the mask's axes...): 1 where a step counts, 0
  /// elsewhere. Backward may read it.
  const MadeMask& output_mask() const { return memory_.output_mask; }

  T* buffer(MemoryName name) const { return memory_.buffers[memory_.names->buffers.find("buffer", name)]; }
  /// Whether build asked for that buffer: it may ask for less where no backward pass will come.
  bool has_buffer(MemoryName name) const { return memory_.names->buffers.contains(name); }
  T* scratch(MemoryName name) const { return memory_.scratch[memory_.names->scratch.find("scratch", name)]; }
  /// What lives over batches, (batch, elements): forward reads and writes it, backward leaves it alone.
  T* state(MemoryName name) const { return memory_.states[memory_.names->states.find("state", name)]; }

  /// Calls `task(index, scratch)` for every index below `count`, on all threads; `scratch` is the worker's own
  /// memory. How the work is cut may depend on shapes only. A task may call it again: then the inner tasks run one
  /// after another, on memory that is allocated for them.
  void parallel(std::int64_t count, FunctionReference<void(std::int64_t index, T* scratch)> task) const {
    if (detail::parallel_depth > 0) {
      Buffer<T> inner(static_cast<std::size_t>(memory_.task_scratch_stride));
      for (std::int64_t index = 0; index < count; ++index) task(index, inner.data());
      return;
    }
    pool_.run(count, [&](std::int64_t index, int worker) {
      const detail::ParallelScope inside;
      task(index, memory_.task_scratch + worker * memory_.task_scratch_stride);
    });
  }

 protected:
  LayerMemory<T>& memory_;
  ThreadPool& pool_;
};

/// A forward pass through one layer: reads `inputs`, writes `outputs`.
template <class T>
class Forward : public LayerStep<T> {
 public:
  using LayerStep<T>::LayerStep;
};

/// A backward pass through one layer: reads `output_gradients`, writes `input_gradients` and hands over the gradients
/// of the weights.
template <class T>
class Backward : public LayerStep<T> {
 public:
  Backward(LayerMemory<T>& memory, ThreadPool& pool, const RandomStream& stream, bool trains, GradientSink<T>& sink)
      : LayerStep<T>(memory, pool, stream, trains),
        output_gradient(memory.output_gradients.front()),
        input_gradient(memory.input_gradients.front()),
        output_gradients(memory.output_gradients),
        input_gradients(memory.input_gradients),
        wants_input_gradient(memory.wanted.front() != 0),
        sink_(sink) {}

  TensorView<T>& output_gradient;         ///< as `output`; nobody reads it afterwards, so it may be overwritten
  TensorView<T>& input_gradient;          ///< as `input`; to be written whole
  List<TensorView<T>>& output_gradients;  ///< as `outputs`
  List<TensorView<T>>& input_gradients;   ///< as `inputs`; those that are wanted to be written whole
  const bool wants_input_gradient;        ///< false: leave `input_gradient` alone

  /// Whether the gradient of input `i` is wanted; where not, leave it alone.
  bool wants_gradient(std::size_t i) const { return detail::asked_for("wants_gradient", this->memory_.wanted, i) != 0; }

  /// Whether to add to the gradient of input `i`; only where build has said that `backward` can.
  bool adds_gradient(std::size_t i) const { return detail::asked_for("adds_gradient", this->memory_.adds, i) != 0; }

  /// The gradient of a weight as a whole, to be written to: the simple way, `step.gradient(Weights::bias) = ...`.
  TensorView<T>& gradient(MemoryName name) const {
    const std::size_t i = this->memory_.names->weights.find("gradient", name);
    this->memory_.whole_gradient[i] = 1;
    return this->memory_.gradients[i];
  }

  /// Hands over `count` gradients of a weight from its element `first` on: the fast way, a tile at a time, after
  /// which those weights may change. Every element is handed over once a step.
  void sink(MemoryName name, std::int64_t first, T* gradient, std::int64_t count) const {
    sink_.take(this->memory_.weight_offsets[this->memory_.names->weights.find("sink", name)] + first, gradient, count);
  }

 private:
  GradientSink<T>& sink_;
};

}  // namespace nacre
