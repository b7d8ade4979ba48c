#pragma once
// What a layer is: a value that says what memory it needs (build) and computes on memory it is given (forward,
// backward).

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/buffer.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/initializers/initializer.hpp>
#include <nacre/kernels/activation.hpp>
#include <nacre/layers/gradient_sink.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A weight that a layer asked for.
struct WeightSpec {
  std::string name;  ///< "kernel", "bias", ...
  Shape shape;
  AnyInitializer initializer;  ///< of its first values
  bool trainable = true;       ///< false: the layer itself writes it in training, as moving averages
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

  /// Asks for memory that lives from a forward pass to the end of the backward pass: `step.buffer(i)`.
  void buffer(std::int64_t elements) { buffers_.push_back(elements); }

  /// Asks for memory that lives during one call, shared with other layers: `step.scratch(i)`.
  void scratch(std::int64_t elements) { scratch_.push_back(elements); }

  /// Asks for memory of each worker of `step.parallel`, uninitialized at each task.
  void task_scratch(std::int64_t elements) { task_scratch_ = std::max(task_scratch_, elements); }

  /// The output is the input under another shape: both share memory, and forward and backward are not called.
  void share_input() { shares_input_ = true; }

  const std::vector<WeightSpec>& weights() const { return weights_; }
  const std::vector<std::int64_t>& buffers() const { return buffers_; }
  const std::vector<std::int64_t>& scratch() const { return scratch_; }
  std::int64_t task_scratch() const { return task_scratch_; }
  bool shares_input() const { return shares_input_; }

 private:
  std::int64_t batch_;
  bool training_;
  std::vector<WeightSpec> weights_;
  std::vector<std::int64_t> buffers_;
  std::vector<std::int64_t> scratch_;
  std::int64_t task_scratch_ = 0;
  bool shares_input_ = false;
};

/// A layer's part of the planned memory.
template <class T>
struct LayerMemory {
  TensorView<const T> input;
  TensorView<T> output;
  TensorView<T> output_gradient;
  TensorView<T> input_gradient;
  std::vector<TensorView<const T>> weights;  ///< trainable
  std::vector<TensorView<T>> non_trainable_weights;
  std::vector<TensorView<T>> gradients;      ///< of the trainable weights
  std::vector<std::int64_t> weight_offsets;  ///< of the trainable weights in the model's block
  std::vector<char> whole_gradient;          ///< which gradients this step's backward wrote whole
  std::vector<T*> buffers;
  std::vector<T*> scratch;
  T* task_scratch = nullptr;
  std::int64_t task_scratch_stride = 0;

  /// Room for so many weights, which are not bound to any memory yet.
  [[gnu::cold]] void resize(std::size_t trainable, std::size_t other) {
    weights = std::vector<TensorView<const T>>(trainable);
    gradients = std::vector<TensorView<T>>(trainable);
    weight_offsets = std::vector<std::int64_t>(trainable);
    whole_gradient = std::vector<char>(trainable);
    non_trainable_weights = std::vector<TensorView<T>>(other);
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
      : input(memory.input), output(memory.output), random(stream), training(trains), memory_(memory), pool_(pool) {}

  const TensorView<const T>& input;  ///< (batch, input shape...)
  TensorView<T>& output;             ///< (batch, output shape...)
  const RandomStream random;         ///< this layer's random numbers of this step, the same in forward and backward
  const bool training;               ///< whether dropout drops and batch statistics are used

  std::int64_t batch() const { return input.batch(); }

  // What build asked for, each kind counted by itself, in the order of the calls. Throws StateError for an index that
  // build did not ask for.

  /// Trainable weight `i`.
  const TensorView<const T>& weight(std::size_t i) const { return detail::asked_for("weight", memory_.weights, i); }

  /// Non-trainable weight `i`; to be written in training only.
  TensorView<T>& non_trainable_weight(std::size_t i) const {
    return detail::asked_for("non-trainable weight", memory_.non_trainable_weights, i);
  }

  T* buffer(std::size_t i) const { return detail::asked_for("buffer", memory_.buffers, i); }
  /// Whether build asked for buffer `i`: it may ask for less where no backward pass will come.
  bool has_buffer(std::size_t i) const { return i < memory_.buffers.size(); }
  T* scratch(std::size_t i) const { return detail::asked_for("scratch", memory_.scratch, i); }

  /// Calls `task(index, scratch)` for every index below `count`, on all threads; `scratch` is the worker's own
  /// memory. How the work is cut may depend on shapes only. A task may call it again: then the inner tasks run one
  /// after another, on memory that is allocated for them.
  template <class Task>
  void parallel(std::int64_t count, Task&& task) const {
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

/// A forward pass through one layer: reads `input`, writes `output`.
template <class T>
class Forward : public LayerStep<T> {
 public:
  using LayerStep<T>::LayerStep;
};

/// A backward pass through one layer: reads `output_gradient`, writes `input_gradient` and hands over the gradients of
/// the weights.
template <class T>
class Backward : public LayerStep<T> {
 public:
  Backward(LayerMemory<T>& memory, ThreadPool& pool, const RandomStream& stream, bool trains, bool wants_input,
           GradientSink<T>& sink)
      : LayerStep<T>(memory, pool, stream, trains),
        output_gradient(memory.output_gradient),
        input_gradient(memory.input_gradient),
        wants_input_gradient(wants_input),
        sink_(sink) {}

  TensorView<T>& output_gradient;   ///< as `output`; nobody reads it afterwards, so it may be overwritten
  TensorView<T>& input_gradient;    ///< as `input`; to be written whole
  const bool wants_input_gradient;  ///< false for the first layer: leave `input_gradient` alone

  /// The gradient of weight `i` as a whole, to be written to: the simple way, `step.gradient(0) = ...`.
  TensorView<T>& gradient(std::size_t i) const {
    detail::asked_for("gradient", this->memory_.whole_gradient, i) = 1;
    return this->memory_.gradients[i];
  }

  /// Hands over `count` gradients of weight `i` from its element `first` on: the fast way, a tile at a time, after
  /// which those weights may change. Every element is handed over once a step.
  void sink(std::size_t i, std::int64_t first, T* gradient, std::int64_t count) const {
    sink_.take(detail::asked_for("sink", this->memory_.weight_offsets, i) + first, gradient, count);
  }

 private:
  GradientSink<T>& sink_;
};

template <class T>
class AnyLayer;

namespace detail {

template <class T>
struct LayerInterface : Held {
  virtual Shape build(const Shape& input, LayerBuilder& builder) const = 0;
  virtual void forward(const Forward<T>& step) const = 0;
  virtual void backward(const Backward<T>& step) const = 0;
  virtual Activation final_activation() const = 0;
  virtual Held* without_activation() const = 0;
  virtual Held* join(const AnyLayer<T>& next, const Shape& input) const = 0;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_untrainable(std::string_view class_name) {
  throw StateError(text(class_name,
                        ": expected a model that can be trained, but it was loaded for inference; load(path) "
                        "without `inference` loads it for training, too"));
}

/// @tparam trains whether backward is compiled, or a layer for inference held.
template <class T, class L, bool trains = true>
struct LayerHolder final : HoldValue<LayerInterface<T>, LayerHolder<T, L, trains>, L> {
  using HoldValue<LayerInterface<T>, LayerHolder<T, L, trains>, L>::HoldValue;

  Shape build(const Shape& input, LayerBuilder& builder) const override { return this->value.build(input, builder); }
  void forward(const Forward<T>& step) const override { this->value.forward(step); }
  void backward(const Backward<T>& step) const override {
    if constexpr (trains) {
      this->value.backward(step);
    } else {
      fail_untrainable(L::type_name);
    }
  }
  Activation final_activation() const override {
    if constexpr (requires(const L& layer) { layer.final_activation(); }) {
      return this->value.final_activation();
    } else {
      return linear;
    }
  }
  Held* without_activation() const override {
    if constexpr (requires(const L& layer) { layer.without_activation(); }) {
      return new LayerHolder<T, decltype(this->value.without_activation()), trains>(this->value.without_activation());
    } else {
      return this->clone();
    }
  }
  Held* join(const AnyLayer<T>& next, const Shape& input) const override {
    if constexpr (requires(const L& layer) { layer.join(next, input); }) {
      if (auto joined = this->value.join(next, input)) {
        return new LayerHolder<T, std::remove_cvref_t<decltype(*joined)>, trains>(*std::move(joined));
      }
    }
    return nullptr;
  }
};

/// Whether a class is a layer; otherwise says in one error which part it lacks.
template <class T, class L>
constexpr bool check_layer() {
  constexpr bool builds = requires(const L& layer, const Shape& input, LayerBuilder& builder) {
    { layer.build(input, builder) } -> std::convertible_to<Shape>;
  };
  constexpr bool computes = requires(const L& layer, const Forward<T>& step) { layer.forward(step); };
  constexpr bool differentiates = requires(const L& layer, const Backward<T>& step) { layer.backward(step); };
  constexpr int missing = first_missing(HasTypeName<L>, builds, computes, differentiates, is_listed<L>);
  static_assert(missing != 1, "a layer needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "a layer needs: Shape build(const Shape& input, LayerBuilder& builder) const;");
  static_assert(missing != 3, "a layer needs: template <class T> void forward(const Forward<T>& step) const;");
  static_assert(missing != 4, "a layer needs: template <class T> void backward(const Backward<T>& step) const;");
  static_assert(missing != 5,
                "a layer with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which it is "
                "saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

/// A class that is no layer for AnyLayer's constructor, so that `Sequential copy{model}` copies.
template <class L>
concept IsModel = requires {
  typename L::IsModel;
};

}  // namespace detail

/// Any layer: a copyable class with `type_name`, optional `fields`, `build`, `forward` and `backward`. Two more parts
/// are optional:
///
/// - A layer whose last act is an activation may have `Activation final_activation() const` and `without_activation()
/// const`,
///   which returns a layer without it: then a loss can work on the logits, which is exact where probabilities have been
///   rounded to 0 or 1.
/// - `template <class T> std::optional<Joined> join(const AnyLayer<T>& next, const Shape& input) const`: a layer that
/// computes
///   this one and the next in one pass, with this one's weights, where that is faster for such an input.
template <class T>
class AnyLayer : public Any<detail::LayerInterface<T>> {
  using Base = Any<detail::LayerInterface<T>>;

 public:
  template <class L>
  using Holder = detail::LayerHolder<T, L>;

  /// The layer of that config, for inference alone. Throws as Registry::make does.
  static AnyLayer make_for_inference(const Config& config) {
    const ClassTable& known = inference_classes();
    return known.contains(config.class_name) ? AnyLayer(known.make(config)) : Registry<AnyLayer>::make(config);
  }

  /// Layers that `make_for_inference` knows. Those that are registered otherwise it knows, too.
  static ClassTable& inference_classes() {
    static ClassTable known;
    return known;
  }

  template <class L>
  requires(!std::derived_from<L, AnyValue> && !detail::IsModel<L>) AnyLayer(L layer) : Base(hold(std::move(layer))) {}

  /// No layer, until one is assigned.
  AnyLayer() : Base(nullptr) {}

  /// The name that the layer was given, or an empty one.
  std::string name() const { return this->given_name(); }
  Shape build(const Shape& input, LayerBuilder& builder) const { return this->self().build(input, builder); }
  void forward(const Forward<T>& step) const { this->self().forward(step); }
  void backward(const Backward<T>& step) const { this->self().backward(step); }
  Activation final_activation() const { return this->self().final_activation(); }
  AnyLayer without_activation() const { return AnyLayer(this->self().without_activation()); }

  /// The layer that computes this one and `next` in one, if there is one for samples of shape `input`.
  std::optional<AnyLayer> join(const AnyLayer& next, const Shape& input) const {
    Held* joined = this->self().join(next, input);
    return joined ? std::optional(AnyLayer(joined)) : std::nullopt;
  }

 private:
  friend class Registry<AnyLayer>;
  explicit AnyLayer(Held* held) : Base(held) {}

  // A value that is no layer itself may stand for one: `relu` for the layer that applies it.
  template <class L>
  static Held* hold(L&& layer) {
    if constexpr (requires { as_layer(layer); }) {
      return hold(as_layer(layer));
    } else {
      return detail::make_held<Holder<L>, detail::check_layer<T, L>()>(std::move(layer));
    }
  }
};

/// Makes a layer of your own known to `load`, for models of the scalar types `T`: `register_layer<Scale>()`, or
/// `register_layer<Scale, float, double>()`.
template <HasTypeName L, class... T>
void register_layer() {
  if constexpr (sizeof...(T) == 0) {
    Registry<AnyLayer<float>>::template add<L>();
  } else {
    (Registry<AnyLayer<T>>::template add<L>(), ...);
  }
}

}  // namespace nacre
