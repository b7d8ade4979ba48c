#pragma once
// Network: a model's layers bound to memory for one batch size, ready to run. All memory is decided and taken here,
// once.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/models/fusion.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/parameters.hpp>
#include <nacre/models/write_checks.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a network is to be used for.
struct NetworkUse {
  bool training = false;        ///< keep what a backward pass needs
  bool logits = false;          ///< leave the last activation out: the loss works on what goes into it
  bool fuse = true;             ///< compute neighbouring layers in one where that is faster
  bool input_gradient = false;  ///< let the backward pass go on to the input
  friend bool operator==(const NetworkUse&, const NetworkUse&) = default;
};

/// The layers of a model on planned memory. Activations, gradients, buffers and scratch lie in one block; weights stay
/// where the model has them. One thread at a time runs a network.
template <class T>
class Network {
 public:
  /// @param layers     the model's layers.
  /// @param input      shape of a sample.
  /// @param batch      the largest batch it must serve.
  /// @param parameters the model's weights; they must outlive the network and stay in place.
  /// @param gradients  a block like the trainable one, for training; otherwise nullptr.
  [[gnu::cold]] Network(const std::vector<AnyLayer<T>>& layers, const Shape& input, std::int64_t batch,
                        Parameters<T>& parameters, T* gradients, NetworkUse use)
      : use_(use), capacity_(batch), input_shape_(input) {
    make_nodes(layers);
    plan();
    bind_weights(parameters, gradients);
    set_batch(batch);
  }

  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const NetworkUse& use() const { return use_; }
  std::int64_t capacity() const { return capacity_; }
  std::int64_t batch() const { return batch_; }

  /// Memory that it holds.
  std::size_t bytes() const { return (block_.size() + task_scratch_.size()) * sizeof(T); }

  /// Where a batch's samples go, one after another.
  T* input() { return block_.data() + input_offset_; }

  /// What comes out, (batch, output shape...).
  const TensorView<T>& output() const { return output_; }
  /// The loss' gradient by the output goes here before `backward`.
  TensorView<T>& output_gradient() { return output_gradient_; }
  /// The loss' gradient by the batch in `input()`, after `backward` of a network used for it.
  TensorView<T> input_gradient() { return {block_.data() + gradient_offsets_[0], input_shape_.with_batch(batch_)}; }

  /// Serves batches of so many samples from now on; at most `capacity()`.
  void set_batch(std::int64_t batch) {
    if (batch == batch_) return;
    batch_ = batch;
    T* base = block_.data();
    T* values = input();
    T* gradient = use_.training ? base + gradient_offsets_[0] : nullptr;
    Shape shape = input_shape_;
    std::size_t tensor = 0;
    for (Node& node : nodes_) {
      LayerMemory<T>& memory = node.memory;
      memory.input.bind(values, shape.with_batch(batch));
      memory.input_gradient.bind(gradient, shape.with_batch(batch));
      if (!node.shares_input) {
        ++tensor;
        values = base + node.output_offset;
        if (use_.training) gradient = base + gradient_offsets_[tensor % 2];
      }
      shape = node.output;
      memory.output.bind(values, shape.with_batch(batch));
      memory.output_gradient.bind(gradient, shape.with_batch(batch));
    }
    output_.bind(values, shape.with_batch(batch));
    output_gradient_.bind(gradient, shape.with_batch(batch));
  }

  /// Computes the output of the batch in `input()`.
  /// @param training whether layers behave as in training.
  /// @param seed, step what random numbers are keyed by.
  void forward(bool training, std::uint64_t seed, std::int64_t step, ThreadPool& pool) {
    give_workers_scratch(pool);
    for (Node& node : nodes_) {
      if (node.shares_input) continue;
      if (detail::checks_writes) detail::mark_unwritten(node.memory.output);
      node.layer.forward(Forward<T>(node.memory, pool, stream(node, seed, step), training));
      if (detail::checks_writes)
        detail::require_written(node.layer, node.index, "forward", "output", node.memory.output);
    }
  }

  /// Computes the gradients of all weights from `output_gradient()`, last layer first, and hands them to `sink`.
  /// @param training, seed, step as in the forward pass before.
  void backward(bool training, std::uint64_t seed, std::int64_t step, GradientSink<T>& sink, ThreadPool& pool) {
    const std::size_t first = use_.input_gradient ? 0 : first_with_weights_;
    for (std::size_t i = nodes_.size(); i-- > first;) {
      Node& node = nodes_[i];
      if (node.shares_input) continue;
      const bool wants_input = use_.input_gradient || i > first;
      std::fill(node.memory.whole_gradient.begin(), node.memory.whole_gradient.end(), char{0});
      if (detail::checks_writes && wants_input) detail::mark_unwritten(node.memory.input_gradient);
      detail::CountingSink<T> counted(sink);
      GradientSink<T>& taker = detail::checks_writes ? counted : sink;
      node.layer.backward(Backward<T>(node.memory, pool, stream(node, seed, step), training, wants_input, taker));
      hand_over_whole_gradients(node.memory, taker, pool);
      if (!detail::checks_writes) continue;
      if (wants_input)
        detail::require_written(node.layer, node.index, "backward", "input_gradient", node.memory.input_gradient);
      detail::require_all_gradients(node.layer, node.index, counted.count(), node.memory.gradients);
    }
  }

 private:
  struct Node {
    AnyLayer<T> layer;
    std::size_t index = 0;  ///< of the (first) layer in the model
    Shape output{};
    bool shares_input = false;
    std::int64_t output_offset = 0;
    std::vector<std::int64_t> buffer_offsets{};
    std::vector<std::int64_t> scratch_offsets{};
    LayerMemory<T> memory{};
  };

  static RandomStream stream(const Node& node, std::uint64_t seed, std::int64_t step) {
    return RandomStream(seed, Purpose::layer, node.index, static_cast<std::uint64_t>(step));
  }

  [[gnu::cold]] void make_nodes(const std::vector<AnyLayer<T>>& layers) {
    std::vector<AnyLayer<T>> used(layers);
    if (use_.logits && !used.empty()) used.back() = used.back().without_activation();
    std::vector<PlannedLayer<T>> planned = use_.fuse ? fuse(used, input_shape_) : one_by_one(used);
    nodes_ = std::vector<Node>(planned.size());
    for (std::size_t i = 0; i < planned.size(); ++i) {
      nodes_[i].layer = std::move(planned[i].layer);
      nodes_[i].index = planned[i].index;
    }
  }

  /// Asks each layer what it needs and gives everything its place in the block.
  [[gnu::cold]] void plan() {
    std::int64_t size = 0;
    const auto take = [&size](std::int64_t elements) {
      const std::int64_t offset = size;
      size += static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(elements)));
      return offset;
    };
    input_offset_ = take(capacity_ * input_shape_.size());
    std::int64_t scratch_size = 0;
    std::int64_t sizes[2] = {input_shape_.size(), 0};  // the largest of the even and of the odd tensors
    std::size_t tensor = 0;
    Shape shape = input_shape_;
    for (Node& node : nodes_) {
      LayerBuilder builder(capacity_, use_.training);
      shape = node.output = node.layer.build(shape, builder);
      node.shares_input = builder.shares_input();
      for (std::int64_t elements : builder.buffers()) node.buffer_offsets.push_back(take(elements));
      std::int64_t scratch = 0;
      for (std::int64_t elements : builder.scratch()) {
        node.scratch_offsets.push_back(scratch);
        scratch += static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(elements)));
      }
      scratch_size = std::max(scratch_size, scratch);
      task_scratch_size_ = std::max(task_scratch_size_, builder.task_scratch());
      if (node.shares_input) continue;
      ++tensor;
      sizes[tensor % 2] = std::max(sizes[tensor % 2], shape.size());
      // A backward pass needs all outputs; without one, each is done with when the next is there.
      if (use_.training) node.output_offset = take(capacity_ * shape.size());
    }
    const std::int64_t scratch_offset = take(scratch_size);
    const std::int64_t pair[2] = {take(capacity_ * sizes[0]), take(capacity_ * sizes[1])};
    gradient_offsets_[0] = pair[0];
    gradient_offsets_[1] = pair[1];
    block_ = Buffer<T>(static_cast<std::size_t>(size));
    tensor = 0;
    for (Node& node : nodes_) {
      if (!use_.training && !node.shares_input) {
        ++tensor;
        node.output_offset = pair[tensor % 2];
      }
      for (std::int64_t offset : node.buffer_offsets) node.memory.buffers.push_back(block_.data() + offset);
      for (std::int64_t offset : node.scratch_offsets) {
        node.memory.scratch.push_back(block_.data() + scratch_offset + offset);
      }
    }
  }

  [[gnu::cold]] void bind_weights(Parameters<T>& parameters, T* gradients) {
    first_with_weights_ = nodes_.size();
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      Node& node = nodes_[i];
      std::size_t counts[2] = {0, 0};
      for (const Weight& weight : parameters.weights()) {
        if (weight.layer == node.index) ++counts[weight.spec.trainable];
      }
      LayerMemory<T>& memory = node.memory;
      memory.resize(counts[true], counts[false]);
      if (counts[true] > 0) first_with_weights_ = i;
      std::size_t next[2] = {0, 0};
      for (const Weight& weight : parameters.weights()) {
        if (weight.layer != node.index) continue;
        T* data = parameters.data(weight);
        const std::size_t at = next[weight.spec.trainable]++;
        if (!weight.spec.trainable) {
          memory.non_trainable_weights[at].bind(data, weight.spec.shape);
          continue;
        }
        memory.weights[at].bind(data, weight.spec.shape);
        memory.weight_offsets[at] = weight.offset;
        memory.gradients[at].bind(gradients ? gradients + weight.offset : nullptr, weight.spec.shape);
      }
    }
  }

  /// Each worker's scratch; taken anew only where there are more threads than ever before.
  void give_workers_scratch(const ThreadPool& pool) {
    const auto stride = static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(task_scratch_size_)));
    const auto needed = static_cast<std::size_t>(stride) * static_cast<std::size_t>(pool.threads());
    if (needed == 0 || task_scratch_.size() >= needed) return;
    task_scratch_ = Buffer<T>(needed);
    for (Node& node : nodes_) {
      node.memory.task_scratch = task_scratch_.data();
      node.memory.task_scratch_stride = stride;
    }
  }

  static void hand_over_whole_gradients(LayerMemory<T>& memory, GradientSink<T>& sink, ThreadPool& pool) {
    for (std::size_t w = 0; w < memory.whole_gradient.size(); ++w) {
      if (!memory.whole_gradient[w]) continue;
      const auto size = static_cast<std::int64_t>(memory.gradients[w].size());
      const std::int64_t pieces = piece_count(size, 16384);
      pool.run(pieces, [&](std::int64_t index, int) {
        const Range range = piece(size, pieces, index);
        sink.take(memory.weight_offsets[w] + range.first, memory.gradients[w].elements() + range.first, range.size());
      });
    }
  }

  NetworkUse use_;
  std::int64_t capacity_;
  std::int64_t batch_ = 0;
  Shape input_shape_;
  std::vector<Node> nodes_;
  std::size_t first_with_weights_ = 0;
  std::int64_t input_offset_ = 0;
  std::int64_t gradient_offsets_[2] = {0, 0};
  std::int64_t task_scratch_size_ = 0;
  Buffer<T> block_;
  Buffer<T> task_scratch_;
  TensorView<T> output_;
  TensorView<T> output_gradient_;
};

/// A built model's layers on its weights, for batches of at most that size.
/// @param gradients a block like the trainable one, where the network is used for training.
template <class T>
std::unique_ptr<Network<T>> make_network(ModelState<T>& state, std::int64_t batch, NetworkUse use,
                                         T* gradients = nullptr) {
  return std::make_unique<Network<T>>(state.layers, *state.input_shape, batch, state.parameters, gradients, use);
}

}  // namespace nacre
