#pragma once
// Network: a model's layers bound to memory for one batch size, ready to run. All memory is decided and taken here,
// once.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/models/fusion.hpp>
#include <nacre/models/memory_plan.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/parameters.hpp>
#include <nacre/models/shared_gradients.hpp>
#include <nacre/models/write_checks.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What a network is to be used for.
struct NetworkUse {
  bool training = false;        ///< keep what a backward pass needs
  std::vector<char> logits{};   ///< for each output, whether to leave its last activation out: the loss works on what
                                ///< goes into it. Empty: for none
  bool fuse = true;             ///< compute neighbouring layers in one where that is faster
  bool input_gradient = false;  ///< let the backward pass go on to the inputs
};

/// The layers of a model on planned memory. Activations, gradients, buffers and scratch lie in one block, in which
/// memory is used again as soon as nobody reads it any more; weights stay where the model has them. One thread at a
/// time runs a network.
template <class T>
class Network {
 public:
  /// @param built      the model's layers.
  /// @param batch      the largest batch it must serve.
  /// @param parameters the model's weights; they must outlive the network and stay in place.
  /// @param gradients  a block like the trainable one, for training; otherwise nullptr.
  /// @param states     what the model's layers keep over batches, which must outlive the network and stay in place.
  [[gnu::cold]] Network(const BuiltGraph& built, std::int64_t batch, const Parameters<T>& parameters, T* gradients,
                        NetworkUse use, LayerStates<T>& states)
      : use_(std::move(use)), capacity_(batch), inputs_(built.inputs.size()), states_(states) {
    make_nodes(built);
    connect(built, parameters);
    plan();
    bind_weights(built, parameters, gradients);
    find_states(built);
    set_batch(batch);
  }

  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  std::int64_t capacity() const { return capacity_; }
  std::int64_t batch() const { return batch_; }

  /// Memory that it holds.
  std::size_t bytes() const { return (block_.size() + task_scratch_.size()) * sizeof(T); }

  /// Where a batch's samples go, one after another. Where the input is one of integers, they are int32 numbers.
  T* input(std::size_t index = 0) { return values_of(tensors_[index]); }

  /// Whether input `index` is one of integers.
  bool takes_integers(std::size_t index) const { return tensors_[index].spec.integers; }

  /// What comes out, (batch, output shape...).
  const TensorView<T>& output(std::size_t index = 0) const { return outputs_[index]; }
  /// Which of its rows count: the output's mask, where it has one.
  Mask output_mask(std::size_t index = 0) const { return mask_of(tensors_[output_tensors_[index]]); }
  /// The loss' gradient by that output goes here before `backward`.
  TensorView<T>& output_gradient(std::size_t index = 0) { return output_gradients_[index]; }
  /// The loss' gradient by the batch in `input(index)`, after `backward` of a network used for it.
  TensorView<T> input_gradient(std::size_t index = 0) {
    return {gradient_of(tensors_[index]), extents(tensors_[index])};
  }

  /// Serves batches of so many samples from now on; at most `capacity()`.
  void set_batch(std::int64_t batch) {
    if (batch == batch_) return;
    batch_ = batch;
    for (Node& node : nodes_) {
      LayerMemory<T>& memory = node.memory;
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        const Tensor& input = tensors_[node.inputs[k]];
        memory.inputs[k].bind(values_of(input), extents(input));
        T* gradient = node.partial[k] ? block_.data() + plan_.offset(*node.partial[k]) : gradient_of(input);
        memory.input_gradients[k].bind(gradient, extents(input));
      }
      for (std::size_t k = 0; k < node.outputs.size(); ++k) {
        const Tensor& output = tensors_[node.outputs[k]];
        memory.outputs[k].bind(values_of(output), extents(output));
        memory.output_gradients[k].bind(gradient_of(output), extents(output));
      }
    }
    for (std::size_t k = 0; k < outputs_.size(); ++k) {
      const Tensor& output = tensors_[output_tensors_[k]];
      outputs_[k].bind(values_of(output), extents(output));
      output_gradients_[k].bind(gradient_of(output), extents(output));
    }
  }

  /// Computes the outputs of the batch in `input()`.
  /// @param training whether layers behave as in training.
  /// @param seed, step what random numbers are keyed by.
  void forward(bool training, std::uint64_t seed, std::int64_t step, ThreadPool& pool) {
    give_workers_scratch(pool);
    bind_states();
    for (Node& node : nodes_) {
      if (node.shares_input) continue;
      const bool checks = detail::checks_writes && !node.builder.makes_integers();
      if (checks) detail::mark_unwritten(node.memory.outputs.front());
      node.layer.forward(Forward<T>(node.memory, pool, stream(node, seed, step), training));
      if (checks) detail::require_written(node.layer, node.index, "forward", "output", node.memory.outputs.front());
    }
  }

  /// The sum of all penalties for outputs, after `forward`.
  double activity_penalty() const {
    double total = 0;
    for (std::size_t i : penalized_) {
      const Node& node = nodes_[i];
      const TensorView<T>& output = node.memory.outputs.front();
      total += node.builder.activity_regularizer().penalty(static_cast<const T*>(output.elements()),
                                                           output.extents().size());
    }
    return total;
  }

  /// Computes the gradients of all weights from the output gradients, last layer first, and hands them to `sink`.
  /// @param training, seed, step as in the forward pass before.
  void backward(bool training, std::uint64_t seed, std::int64_t step, GradientSink<T>& sink, ThreadPool& pool) {
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      Node& node = nodes_[i];
      if (!node.differentiated) continue;
      for (std::size_t output : node.unread) clear(tensors_[output]);
      add_penalty_gradient(node);
      if (node.shares_input || node.shares_gradient) {
        pass_on(node, pool);
      } else {
        backward(node, RandomStream(stream(node, seed, step)), training, sink, pool);
      }
    }
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// A tensor of the model.
  struct Tensor {
    TensorSpec spec;
    std::size_t values = none;    ///< its piece of the memory
    std::size_t gradient = none;  ///< the piece of its gradient, where one is needed
    bool needs_gradient = false;
    bool is_output = false;
    std::size_t producer = none;
    std::size_t mask = none;      ///< the piece of its mask, which several tensors may have
    List<std::size_t> readers{};  ///< nodes, one entry for each input that it is
  };

  struct Node {
    Layer layer;
    List<std::size_t> members{};  ///< nodes of the flat graph
    std::size_t index = 0;        ///< of the first of them
    List<TensorRef> sources{};    ///< its inputs in the flat graph
    List<std::size_t> inputs{};   ///< tensors
    List<std::size_t> outputs{};
    LayerBuilder builder{};
    bool shares_input = false;
    bool shares_gradient = false;
    bool differentiated = false;                 ///< whether a backward pass goes through it
    List<std::optional<std::size_t>> partial{};  ///< for each input, memory of a gradient that is to be added
    List<std::size_t> unread{};                  ///< outputs that nobody reads: their gradient is zero
    List<std::size_t> buffers{};                 ///< pieces of the memory
    SharedGradients<T> shared{};
    LayerMemory<T> memory{};
  };

  static RandomStream stream(const Node& node, std::uint64_t seed, std::int64_t step) {
    return RandomStream(seed, Purpose::layer, node.index, static_cast<std::uint64_t>(step));
  }

  T* values_of(const Tensor& tensor) { return block_.data() + plan_.offset(tensor.values); }
  T* gradient_of(const Tensor& tensor) {
    return tensor.gradient == none ? nullptr : block_.data() + plan_.offset(tensor.gradient);
  }
  Mask mask_of(const Tensor& tensor) const {
    if (tensor.mask == none) return {};
    return {reinterpret_cast<const std::uint8_t*>(block_.data() + plan_.offset(tensor.mask)),
            tensor.spec.shape.size() / tensor.spec.mask->size()};
  }
  Shape extents(const Tensor& tensor) const { return tensor.spec.shape.with_batch(batch_ * tensor.spec.fold); }
  std::int64_t elements(const Tensor& tensor) const {
    return aligned(capacity_ * tensor.spec.fold * tensor.spec.shape.size());
  }
  static std::int64_t aligned(std::int64_t count) {
    return static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(count)));
  }

  // ---- running ------------------------------------------------------------------------------------------------------

  void backward(Node& node, const RandomStream& random, bool training, GradientSink<T>& sink, ThreadPool& pool) {
    LayerMemory<T>& memory = node.memory;
    std::fill(memory.whole_gradient.begin(), memory.whole_gradient.end(), char{0});
    if (detail::checks_writes) {
      for (std::size_t k = 0; k < memory.wanted.size(); ++k) {
        if (is_written(node, k)) detail::mark_unwritten(memory.input_gradients[k]);
      }
    }
    GradientSink<T>& taker = node.shared.active() || !memory.trainable ? node.shared : sink;
    detail::CountingSink<T> counted(taker);
    GradientSink<T>& used = detail::checks_writes ? counted : taker;
    node.layer.backward(Backward<T>(memory, pool, random, training, used));
    if (memory.trainable) hand_over_whole_gradients(memory, used, pool);
    node.shared.hand_over(sink, pool);
    if (detail::checks_writes) {
      for (std::size_t k = 0; k < memory.wanted.size(); ++k) {
        if (!is_written(node, k)) continue;
        detail::require_written(node.layer, node.index, "backward", "input_gradient", memory.input_gradients[k]);
      }
      if (memory.trainable)
        detail::require_all_gradients(node.layer, node.index, counted.count(), node.memory.gradients);
    }
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      if (node.partial[k]) add(memory.input_gradients[k], gradient_of(tensors_[node.inputs[k]]), pool);
    }
  }

  /// Whether backward writes the gradient of input `k` whole, rather than add to it, or leave it in the output's.
  static bool is_written(const Node& node, std::size_t k) {
    return node.memory.wanted[k] && !node.memory.adds[k] && node.builder.left_gradient() != k;
  }

  /// The gradients of inputs that are the output's gradient.
  void pass_on(Node& node, ThreadPool& pool) {
    const TensorView<T>& gradient = node.memory.output_gradients.front();
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      if (!node.memory.wanted[k]) continue;
      T* target = gradient_of(tensors_[node.inputs[k]]);
      if (node.partial[k]) {
        add(gradient, target, pool);
      } else if (target != gradient.elements()) {
        detail::for_each_piece(gradient.extents().size(), pool, [&](Range range) {
          std::copy_n(gradient.elements() + range.first, range.size(), target + range.first);
        });
      }
    }
  }

  static void add(const TensorView<T>& gradient, T* sum, ThreadPool& pool) {
    detail::for_each_piece(gradient.extents().size(), pool, [&](Range range) {
      kernels::accumulate(range.size(), sum + range.first, static_cast<const T*>(gradient.elements() + range.first));
    });
  }

  static void add_penalty_gradient(Node& node) {
    const AnyRegularizer& regularizer = node.builder.activity_regularizer();
    if (!regularizer.has_value()) return;
    const TensorView<T>& output = node.memory.outputs.front();
    regularizer.add_gradient(static_cast<const T*>(output.elements()), node.memory.output_gradients.front().elements(),
                             output.extents().size());
  }

  void clear(const Tensor& tensor) { std::fill_n(gradient_of(tensor), extents(tensor).size(), T{}); }

  static void hand_over_whole_gradients(LayerMemory<T>& memory, GradientSink<T>& sink, ThreadPool& pool) {
    for (std::size_t w = 0; w < memory.whole_gradient.size(); ++w) {
      if (!memory.whole_gradient[w]) continue;
      detail::hand_over(sink, memory.weight_offsets[w], memory.gradients[w].elements(),
                        memory.gradients[w].extents().size(), pool);
    }
  }

  /// Where the states of a batch of this size lie.
  void bind_states() {
    if (!states_.any()) return;
    states_.begin(batch_);
    for (Node& node : nodes_) node.memory.states.clear();
    states_.each([&](std::size_t owner, T* place) {
      for (std::size_t node : stateful_[owner]) nodes_[node].memory.states.push_back(place);
    });
  }

  /// Each worker's scratch; taken again only where there are more threads than ever before.
  void give_workers_scratch(const ThreadPool& pool) {
    const std::int64_t stride = aligned(task_scratch_size_);
    const auto needed = static_cast<std::size_t>(stride) * static_cast<std::size_t>(pool.threads());
    if (needed == 0 || task_scratch_.size() >= needed) return;
    task_scratch_ = Buffer<T>(needed);
    for (Node& node : nodes_) {
      node.memory.task_scratch = task_scratch_.data();
      node.memory.task_scratch_stride = stride;
    }
  }

  // ---- planning -----------------------------------------------------------------------------------------------------

  [[gnu::cold]] void make_nodes(const BuiltGraph& built) {
    BuiltGraph used = built;
    for (std::size_t k = 0; k < use_.logits.size(); ++k) {
      Layer& layer = used.flat.nodes[used.flat.outputs[k].node_index()].layer;
      if (use_.logits[k]) layer = layer.without_activation();
    }
    List<PlannedLayer> planned = use_.fuse ? fuse(used) : one_by_one(used);
    nodes_ = List<Node>(planned.size());
    for (std::size_t i = 0; i < planned.size(); ++i) {
      planned[i].layer.template require_compiled<T>(use_.training);
      nodes_[i].layer = std::move(planned[i].layer);
      nodes_[i].members = std::move(planned[i].members);
      nodes_[i].sources = std::move(planned[i].inputs);
      nodes_[i].index = nodes_[i].members.front();
    }
  }

  /// Gives tensors numbers, asks each layer what it needs, and finds out where the backward pass goes.
  [[gnu::cold]] void connect(const BuiltGraph& built, const Parameters<T>& parameters) {
    for (const TensorSpec& input : built.inputs) tensors_.push_back({input});
    for (std::size_t k = 0; k < inputs_; ++k) {
      tensors_[k].needs_gradient = use_.training && use_.input_gradient && !tensors_[k].spec.integers;
    }
    List<std::size_t> first_output(built.flat.nodes.size(), none);
    const auto tensor_of = [&](const TensorRef& ref) {
      return ref.is_input() ? ref.input() : first_output[ref.node_index()] + static_cast<std::size_t>(ref.output);
    };
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      List<TensorSpec> specs;
      for (const TensorRef& ref : node.sources) {
        node.inputs.push_back(tensor_of(ref));
        specs.push_back(tensors_[node.inputs.back()].spec);
      }
      node.builder = LayerBuilder(capacity_ * specs[0].fold, use_.training);
      const List<TensorSpec> outputs = detail::outputs_of(node.layer, specs, node.builder);
      if (node.builder.activity_regularizer().has_value()) penalized_.push_back(i);
      node.shares_input = node.builder.shares_input();
      node.shares_gradient = node.builder.shares_gradient();
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        if (!node.builder.ignores_values(k)) tensors_[node.inputs[k]].readers.push_back(i);
      }
      const bool differentiated =
          use_.training &&
          (trains(built, parameters, node) || std::any_of(node.inputs.begin(), node.inputs.end(),
                                                          [&](std::size_t t) { return tensors_[t].needs_gradient; }));
      node.differentiated = differentiated;
      first_output[node.members.back()] = tensors_.size();
      for (const TensorSpec& output : outputs) {
        node.outputs.push_back(tensors_.size());
        tensors_.push_back({output});
        tensors_.back().producer = i;
        tensors_.back().needs_gradient = differentiated;
      }
      connect_mask(i);
      for (std::size_t k = 0; k < specs.size(); ++k) {
        if (!specs[k].integers) continue;
        node.memory.integers.resize(specs.size());
        node.memory.integers[k] = 1;
      }
      node.memory.resize_tensors(node.inputs.size(), node.outputs.size());
      node.memory.names = &node.builder.names();
      node.partial.resize(node.inputs.size());
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        node.memory.wanted[k] = tensors_[node.inputs[k]].needs_gradient && !node.builder.ignores_values(k);
      }
    }
    for (const TensorRef& output : built.flat.outputs) {
      output_tensors_.push_back(tensor_of(output));
      tensors_[output_tensors_.back()].is_output = true;
    }
    outputs_ = List<TensorView<T>>(output_tensors_.size());
    output_gradients_ = List<TensorView<T>>(output_tensors_.size());
  }

  /// The mask of a node's output: that of an input, or one of its own.
  [[gnu::cold]] void connect_mask(std::size_t i) {
    const Node& node = nodes_[i];
    Tensor& output = tensors_[node.outputs.front()];
    if (!output.spec.mask) return;
    if (const auto passed = node.builder.passed_mask()) {
      output.mask = tensors_[node.inputs[*passed]].mask;
      return;
    }
    const auto bytes = static_cast<std::size_t>(capacity_ * output.spec.fold * output.spec.mask->size());
    const std::int64_t last = node.differentiated ? backward_time(i) : forward_time(i);
    output.mask =
        plan_.add(aligned(static_cast<std::int64_t>((bytes + sizeof(T) - 1) / sizeof(T))), forward_time(i), last);
  }

  /// From when to when masks are needed, by whom.
  [[gnu::cold]] void plan_masks() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i].builder.reads_masks()) continue;
      for (std::size_t input : nodes_[i].inputs) {
        if (tensors_[input].mask == none) continue;
        plan_.extend(tensors_[input].mask, nodes_[i].differentiated ? backward_time(i) : forward_time(i));
      }
    }
    for (std::size_t output : output_tensors_) {
      if (tensors_[output].mask != none) plan_.extend(tensors_[output].mask, loss_time());
    }
  }

  [[gnu::cold]] void bind_masks(Node& node) {
    if (node.builder.reads_masks()) {
      for (std::size_t input : node.inputs) node.memory.masks.push_back(mask_of(tensors_[input]));
    }
    if (!node.builder.output_mask() || node.builder.passed_mask()) return;
    const Mask made = mask_of(tensors_[node.outputs.front()]);
    node.memory.output_mask = {const_cast<std::uint8_t*>(made.values), made.inner};
  }

  static bool trains(const BuiltGraph& built, const Parameters<T>& parameters, const Node& node) {
    for (std::size_t member : node.members) {
      for (const Weight& weight : parameters.weights()) {
        if (weight.trainable && weight.layer == built.flat.nodes[member].owner && built.flat.nodes[member].trainable)
          return true;
      }
    }
    return false;
  }

  // Times: the inputs are written at 0, node i runs at i + 1, the loss at loss_time(), node i backward behind it.
  std::int64_t forward_time(std::size_t node) const { return static_cast<std::int64_t>(node) + 1; }
  std::int64_t loss_time() const { return static_cast<std::int64_t>(nodes_.size()) + 1; }
  std::int64_t backward_time(std::size_t node) const { return 2 * loss_time() - forward_time(node); }
  std::int64_t end_time() const { return 2 * loss_time(); }

  /// Gives everything its place in the block.
  [[gnu::cold]] void plan() {
    for (std::size_t t = 0; t < tensors_.size(); ++t) plan_values(t);
    if (use_.training) plan_gradients();
    plan_masks();
    std::int64_t scratch_size = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      const std::int64_t last = node.differentiated ? backward_time(i) : forward_time(i);
      for (std::int64_t size : node.builder.buffers())
        node.buffers.push_back(plan_.add(aligned(size), forward_time(i), last));
      std::int64_t scratch = 0;
      for (std::int64_t size : node.builder.scratch()) scratch += aligned(size);
      scratch_size = std::max(scratch_size, scratch);
      task_scratch_size_ = std::max(task_scratch_size_, node.builder.task_scratch());
    }
    const std::size_t shared_scratch = plan_.add(scratch_size, 0, end_time());
    block_ = Buffer<T>(static_cast<std::size_t>(plan_.place()));
    for (Node& node : nodes_) {
      for (std::size_t piece : node.buffers) node.memory.buffers.push_back(block_.data() + plan_.offset(piece));
      T* scratch = block_.data() + plan_.offset(shared_scratch);
      for (std::int64_t size : node.builder.scratch()) {
        node.memory.scratch.push_back(scratch);
        scratch += aligned(size);
      }
      bind_masks(node);
    }
  }

  static BackwardReads reads(const Node& node) {
    if (node.shares_input || node.shares_gradient) return {false, false};
    return node.builder.backward_reads();
  }

  /// From when to when a tensor's values are needed.
  [[gnu::cold]] void plan_values(std::size_t index) {
    Tensor& tensor = tensors_[index];
    const bool made = tensor.producer != none;
    const std::int64_t first = made ? forward_time(tensor.producer) : 0;
    if (made && nodes_[tensor.producer].shares_input && index == nodes_[tensor.producer].outputs.front()) {
      tensor.values = tensors_[nodes_[tensor.producer].inputs.front()].values;
    } else {
      tensor.values = plan_.add(elements(tensor), first, first);
    }
    if (made && nodes_[tensor.producer].differentiated && reads(nodes_[tensor.producer]).output)
      plan_.extend(tensor.values, backward_time(tensor.producer));
    if (tensor.is_output) plan_.extend(tensor.values, loss_time());
    if (made && nodes_[tensor.producer].builder.activity_regularizer().has_value()) {
      const bool differentiated = nodes_[tensor.producer].differentiated;
      plan_.extend(tensor.values, differentiated ? backward_time(tensor.producer) : loss_time());
    }
    for (std::size_t reader : tensor.readers) {
      plan_.extend(tensor.values, forward_time(reader));
      if (nodes_[reader].differentiated && reads(nodes_[reader]).inputs)
        plan_.extend(tensor.values, backward_time(reader));
    }
  }

  [[gnu::cold]] void plan_gradients() {
    for (std::size_t k = 0; k < output_tensors_.size(); ++k) {
      Tensor& tensor = tensors_[output_tensors_[k]];
      if (tensor.gradient == none) tensor.gradient = plan_.add(elements(tensor), loss_time(), loss_time());
    }
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      Node& node = nodes_[i];
      if (!node.differentiated) continue;
      for (std::size_t t : node.outputs) {
        if (tensors_[t].gradient == none) {
          tensors_[t].gradient = plan_.add(elements(tensors_[t]), backward_time(i), backward_time(i));
          node.unread.push_back(t);
        }
        plan_.extend(tensors_[t].gradient, backward_time(i));
      }
      const auto left = node.builder.left_gradient();
      if (left) plan_input_gradient(i, *left);
      for (std::size_t k = 0; k < node.inputs.size(); ++k) {
        if (k != left) plan_input_gradient(i, k);
      }
    }
  }

  /// The gradient of input `k` of node `i`: the first that reads a tensor backward writes it, the others add to it.
  [[gnu::cold]] void plan_input_gradient(std::size_t i, std::size_t k) {
    Node& node = nodes_[i];
    Tensor& tensor = tensors_[node.inputs[k]];
    if (!node.memory.wanted[k]) return;
    const bool passes_on = node.shares_input || node.shares_gradient;
    const bool is_left = node.builder.left_gradient() == k;
    const std::size_t passed = tensors_[node.outputs.front()].gradient;
    const std::int64_t now = backward_time(i);
    if (tensor.gradient != none) {
      node.memory.adds[k] = k == 0 && !is_left && node.builder.adds_input_gradient();
      if (node.memory.adds[k]) return;
      node.partial[k] = is_left ? passed : passes_on ? tensor.gradient : plan_.add(elements(tensor), now, now);
      return;
    }
    const bool once = std::count(tensor.readers.begin(), tensor.readers.end(), i) == 1;
    if ((passes_on && once && k == 0) || is_left) {
      tensor.gradient = passed;
    } else {
      tensor.gradient = plan_.add(elements(tensor), now, now);
    }
    plan_.extend(tensor.gradient, tensor.producer == none ? end_time() : backward_time(tensor.producer));
  }

  [[gnu::cold]] void bind_weights(const BuiltGraph& built, const Parameters<T>& parameters, T* gradients) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      Node& node = nodes_[i];
      LayerMemory<T>& memory = node.memory;
      memory.trainable = built.flat.nodes[node.members.front()].trainable;
      List<const Weight*> own[2];
      for (std::size_t member : node.members) {
        for (const Weight& weight : parameters.weights()) {
          if (weight.layer == built.flat.nodes[member].owner) own[weight.spec.trainable].push_back(&weight);
        }
      }
      memory.resize(own[true].size(), own[false].size());
      for (std::size_t w = 0; w < own[false].size(); ++w) {
        memory.non_trainable_weights[w].bind(mutable_data(parameters, *own[false][w]), own[false][w]->spec.shape);
      }
      for (std::size_t w = 0; w < own[true].size(); ++w) {
        const Weight& weight = *own[true][w];
        memory.weights[w].bind(parameters.data(weight), weight.spec.shape);
        memory.weight_offsets[w] = weight.offset;
        memory.gradients[w].bind(gradients ? gradients + weight.offset : nullptr, weight.spec.shape);
      }
      if (node.differentiated) share_gradients(built, i, gradients);
    }
  }

  /// Which nodes keep states, by the flat nodes that own them.
  [[gnu::cold]] void find_states(const BuiltGraph& built) {
    if (!states_.any()) return;
    stateful_.resize(built.flat.nodes.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].memory.states.reserve(nodes_[i].builder.states().size());
      for (std::size_t member : nodes_[i].members) stateful_[built.flat.nodes[member].owner].push_back(i);
    }
  }

  /// Weights of several layers, and those of frozen ones: their gradients go elsewhere at first.
  [[gnu::cold]] void share_gradients(const BuiltGraph& built, std::size_t i, T* gradients) {
    Node& node = nodes_[i];
    const std::size_t owner = built.flat.nodes[node.members.front()].owner;
    bool first = true;
    bool last = true;
    for (std::size_t other = 0; other < nodes_.size(); ++other) {
      if (other == i || !nodes_[other].differentiated) continue;
      if (built.flat.nodes[nodes_[other].members.front()].owner != owner) continue;
      (other > i ? first : last) = false;
    }
    const bool alone = first && last;
    if (alone && node.memory.trainable) return;
    node.shared = SharedGradients<T>(node.memory, alone ? nullptr : gradients, first, last);
  }

  // Layers write their averages, and nobody else does; that happens only where the model may be changed.
  static T* mutable_data(const Parameters<T>& parameters, const Weight& weight) {
    return const_cast<T*>(parameters.data(weight));
  }

  NetworkUse use_;
  std::int64_t capacity_;
  std::int64_t batch_ = 0;
  std::size_t inputs_;
  LayerStates<T>& states_;
  List<List<std::size_t>> stateful_;  ///< nodes, by the flat node whose states they have
  List<Node> nodes_;
  List<std::size_t> penalized_;  ///< nodes with a penalty for their output
  List<Tensor> tensors_;         ///< the inputs first
  List<std::size_t> output_tensors_;
  List<TensorView<T>> outputs_;
  List<TensorView<T>> output_gradients_;
  MemoryPlan plan_;
  std::int64_t task_scratch_size_ = 0;
  Buffer<T> block_;
  Buffer<T> task_scratch_;
};

/// A built model's layers on its weights, for batches of at most that size.
/// @param gradients a block like the trainable one, where the network is used for training.
template <class T>
std::unique_ptr<Network<T>> make_network(const ModelState<T>& state, std::int64_t batch, NetworkUse use,
                                         T* gradients = nullptr) {
  return std::make_unique<Network<T>>(*state.built_graph, batch, state.parameters, gradients, std::move(use),
                                      state.layer_states);
}

}  // namespace nacre
