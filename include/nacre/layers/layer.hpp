#pragma once
// What a layer is: a value that says what memory it needs (build) and computes on memory it is given (forward,
// backward), or that is made of other layers (call).

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/kernels/activation.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/layer_step.hpp>
#include <nacre/layers/symbolic_tensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

class Layer;
struct SequenceOptions;

namespace detail {

/// What a layer does. nullptr stands for what it does not have.
struct LayerClass : HeldClass {
  Shape (*build)(const void* layer, const Shapes& inputs, LayerBuilder& builder) = nullptr;
  void (*forward_float)(const void* layer, const Forward<float>& step) = nullptr;
  void (*backward_float)(const void* layer, const Backward<float>& step) = nullptr;
  void (*forward_double)(const void* layer, const Forward<double>& step) = nullptr;
  void (*backward_double)(const void* layer, const Backward<double>& step) = nullptr;
  Activation (*final_activation)(const void* layer) = nullptr;
  AnyValue (*without_activation)(const void* layer) = nullptr;
  AnyValue (*join)(const void* layer, const Layer& next, const Shape& input) = nullptr;
  AnyValue (*join_previous)(const void* layer, const Layer& previous, const Shape& input) = nullptr;
  SymbolicTensors (*call)(const void* layer, const SymbolicTensors& inputs) = nullptr;
  Shapes (*state_size)(const void* layer) = nullptr;
  AnyValue (*over_sequence)(const void* layer, const SequenceOptions& options) = nullptr;
  AnyValue (*each_step)(const void* layer) = nullptr;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_untrainable(std::string_view class_name) {
  throw StateError(text(class_name,
                        ": expected a model that can be trained, but it was loaded for inference; load(path) "
                        "without `inference` loads it for training, too"));
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_scalar(std::string_view class_name, std::string_view scalar) {
  throw StateError(text(class_name, ": expected a layer that computes in ", scalar,
                        ", but this one is not compiled for it; define NACRE_DOUBLE before including nacre, or give it "
                        "a forward and a backward that are templates"));
}

[[gnu::cold]] inline const Shape& only_input(const Shapes& inputs) {
  require<ShapeError>(inputs.size() == 1, "expected one input, got ", inputs.size());
  return inputs[0];
}

template <class L>
inline constexpr bool builds_one = requires(const L& layer, const Shape& input, LayerBuilder& builder) {
  { layer.build(input, builder) } -> std::convertible_to<Shape>;
};
template <class L>
inline constexpr bool builds_many = requires(const L& layer, const Shapes& inputs, LayerBuilder& builder) {
  { layer.build(inputs, builder) } -> std::convertible_to<Shape>;
};
template <class L, class T>
inline constexpr bool computes_forward = requires(const L& layer, const Forward<T>& step) {
  layer.forward(step);
};
template <class L, class T>
inline constexpr bool computes_backward = requires(const L& layer, const Backward<T>& step) {
  layer.backward(step);
};

/// Whether a layer is made of others, and how its `call` is written: for one tensor, or for a list of them.
template <class L>
inline constexpr bool calls_one = requires(const L& layer, const SymbolicTensor& input) {
  { layer.call(input) } -> std::convertible_to<SymbolicTensor>;
};
template <class L>
inline constexpr bool calls_many = requires(const L& layer, const SymbolicTensors& inputs) {
  { layer.call(inputs) } -> std::convertible_to<SymbolicTensors>;
};
template <class L>
inline constexpr bool is_composite = calls_one<L> || calls_many<L>;

/// Whether a class is a layer; otherwise says in one error which part it lacks.
template <class L>
constexpr bool check_layer() {
  constexpr bool builds = builds_one<L> || builds_many<L> || is_composite<L>;
  constexpr bool computes = computes_forward<L, float> || computes_forward<L, double> || is_composite<L>;
  constexpr bool differentiates = computes_backward<L, float> || computes_backward<L, double> || is_composite<L>;
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

/// What layers are compiled for that a program only predicts with: composites of nacre's own pass it on to the layers
/// that they are made of. `void` stands for all that a layer can do.
struct ForInference {};

/// @tparam S      the scalar types that it is compiled for.
/// @tparam trains whether backward is compiled, or a layer for inference held.
template <class L, class S, bool trains>
constexpr LayerClass describe_layer();

template <class L, class S = Scalars, bool trains = true>
inline constexpr LayerClass layer_class = describe_layer<L, S, trains>();

/// Holds what a layer's `join` or `join_previous` made, compiled for what the layer is compiled for.
template <class S, bool trains, class Joined>
[[gnu::cold]] AnyValue hold_joined(std::optional<Joined> joined) {
  return joined ? AnyValue(layer_class<Joined, S, trains>, new Joined(*std::move(joined))) : AnyValue();
}

/// What a class does, as functions without its name. All but `forward` and `backward` are called while a model is made.
template <class L>
struct LayerFunctions {
  static const L& of(const void* layer) { return *static_cast<const L*>(layer); }

  [[gnu::cold]] static Shape build(const void* layer, const Shapes& inputs, LayerBuilder& builder) {
    if constexpr (builds_many<L>) {
      return of(layer).build(inputs, builder);
    } else {
      return of(layer).build(only_input(inputs), builder);
    }
  }
  template <class T, bool trains>
  static void forward(const void* layer, const Forward<T>& step) {
    if constexpr (!trains && requires(const L& l, const Forward<T>& s) { l.predict(s); }) {
      of(layer).predict(step);
    } else {
      of(layer).forward(step);
    }
  }
  template <class T>
  static void backward(const void* layer, const Backward<T>& step) {
    of(layer).backward(step);
  }
  [[gnu::cold]] static Activation final_activation(const void* layer) { return of(layer).final_activation(); }
  template <class Use>
  [[gnu::cold]] static SymbolicTensors call(const void* layer, const SymbolicTensors& inputs) {
    if constexpr (requires(const L& l) { l.template call<Use>(inputs); }) {
      return of(layer).template call<Use>(inputs);
    } else if constexpr (requires(const L& l) { l.template call<Use>(inputs[0]); }) {
      return {of(layer).template call<Use>(only_tensor(inputs))};
    } else if constexpr (calls_many<L>) {
      return of(layer).call(inputs);
    } else {
      return {of(layer).call(only_tensor(inputs))};
    }
  }
  template <class S, bool trains>
  [[gnu::cold]] static AnyValue without_activation(const void* layer) {
    using Without = decltype(of(layer).without_activation());
    return AnyValue(layer_class<Without, S, trains>, new Without(of(layer).without_activation()));
  }
  template <class S, bool trains>
  [[gnu::cold]] static AnyValue join(const void* layer, const Layer& next, const Shape& input) {
    return hold_joined<S, trains>(of(layer).join(next, input));
  }
  template <class S, bool trains>
  [[gnu::cold]] static AnyValue join_previous(const void* layer, const Layer& previous, const Shape& input) {
    return hold_joined<S, trains>(of(layer).join_previous(previous, input));
  }
};

template <class L, class S, bool trains>
constexpr LayerClass describe_layer() {
  using F = LayerFunctions<L>;
  LayerClass table;
  if constexpr (check_layer<L>()) {
    describe_class<L>(table);
    if constexpr (builds_one<L> || builds_many<L>) table.build = F::build;
    if constexpr (S::template contains<float> && computes_forward<L, float>) {
      table.forward_float = F::template forward<float, trains>;
      if constexpr (trains && computes_backward<L, float>) table.backward_float = F::template backward<float>;
    }
    if constexpr (S::template contains<double> && computes_forward<L, double>) {
      table.forward_double = F::template forward<double, trains>;
      if constexpr (trains && computes_backward<L, double>) table.backward_double = F::template backward<double>;
    }
    if constexpr (requires(const L& layer) { layer.final_activation(); }) table.final_activation = F::final_activation;
    if constexpr (requires(const L& layer) { layer.without_activation(); }) {
      table.without_activation = F::template without_activation<S, trains>;
    }
    if constexpr (requires(const L& layer, const Layer& next, const Shape& input) { layer.join(next, input); }) {
      table.join = F::template join<S, trains>;
    }
    if constexpr (requires(const L& layer, const Layer& other, const Shape& input) {
                    layer.join_previous(other, input);
                  }) {
      table.join_previous = F::template join_previous<S, trains>;
    }
    if constexpr (requires(const L& layer) { layer.state_size(); }) {
      table.state_size = [](const void* layer) -> Shapes { return F::of(layer).state_size(); };
    }
    if constexpr (requires(const L& layer, const SequenceOptions& options) { layer.over_sequence(options); }) {
      table.over_sequence = [](const void* layer, const SequenceOptions& options) {
        using Over = decltype(F::of(layer).over_sequence(options));
        return AnyValue(layer_class<Over, S, trains>, new Over(F::of(layer).over_sequence(options)));
      };
    }
    if constexpr (requires(const L& layer) { layer.each_step(); }) {
      table.each_step = [](const void* layer) {
        using Step = decltype(F::of(layer).each_step());
        return AnyValue(layer_class<Step, S, trains>, new Step(F::of(layer).each_step()));
      };
    }
    if constexpr (is_composite<L>) {
      table.call = F::template call<std::conditional_t<trains, void, ForInference>>;
    }
  }
  return table;
}

/// A class that is no layer for Layer's constructor, so that `Sequential copy{model}` copies.
template <class L>
concept IsModel = requires {
  typename L::IsModel;
};

}  // namespace detail

/// Any layer: a copyable class with `type_name`, optional `fields`, and one of two sets of functions.
///
/// - `build`, `forward` and `backward`: what it computes itself. `build` takes the input's Shape, or Shapes where it
/// has
///   several inputs.
/// - `call`, from SymbolicTensor to SymbolicTensor, or from SymbolicTensors to SymbolicTensors: what it is made of.
///   A model has these layers in its place, under names that begin with its own: "residual/conv2d".
///
/// Three more parts are optional for layers of the first kind:
///
/// - `template <class T> void predict(const Forward<T>& step) const`: what forward does where `step.training` is false.
///   Programs that `load(path, inference)` compile it in place of forward.
/// - A layer whose last act is an activation may have `Activation final_activation() const` and `without_activation()
///   const`, which returns a layer without it: then a loss can work on the logits, which is exact where probabilities
///   have been rounded to 0 or 1.
/// - `std::optional<Joined> join(const Layer& next, const Shape& input) const`: a layer that computes this one and the
///   next in one pass, with the weights of both, this one's first, where that is faster for such an input. Or
///   `join_previous(const Layer& previous, const Shape& input) const` of the second of the two: it stands where a
///   program that has only one of both classes does not compile the joined one.
///
/// A layer that is the cell of an RNN has `Shapes state_size() const`: see rnn.hpp. One of sequences that does not
/// treat each step alone, but knows how to go on step by step, has `each_step() const`, which returns the layer that
/// does, with the same weights.
///
/// A layer is a value. Called on a symbolic tensor, or added to a model, it is copied: `dense(a)` and `dense(b)` are
/// two layers with weights of their own. What is to have one set of weights is said to be shared: see `shared`.
class Layer : public Any<detail::LayerClass>, public Callable<Layer> {
  using Base = Any<detail::LayerClass>;

 public:
  template <class L>
  static constexpr const detail::LayerClass& class_of() {
    return detail::layer_class<L>;
  }
  /// The same as a function that is compiled once for nacre's own layers.
  template <class L>
  static const detail::LayerClass& compiled_class();

  /// The layer of that config, for inference alone. Throws as Registry::make does.
  static Layer make_for_inference(const Config& config) {
    const ClassTable& known = inference_classes();
    return known.contains(config.class_name) ? Layer(known.make(config)) : Registry<Layer>::make(config);
  }

  /// Layers that `make_for_inference` knows. Those that are registered otherwise it knows, too.
  static ClassTable& inference_classes() {
    static ClassTable known;
    return known;
  }

  template <class L>
  requires(!std::derived_from<L, AnyValue> && !detail::IsModel<L> && !std::is_same_v<L, SymbolicTensor>) Layer(L layer)
      : Base(hold(std::move(layer))) {}

  /// No layer, until one is assigned.
  Layer() = default;

  /// A layer that computes in double, too, whatever the program has chosen: for tests.
  template <class L>
  static Layer with_double(L layer) {
    if constexpr (std::derived_from<L, AnyValue>) {
      return layer;
    } else if constexpr (requires { as_layer(layer); }) {
      return with_double(as_layer(layer));
    } else {
      return Layer(AnyValue(detail::layer_class<L, detail::ScalarList<float, double>>, new L(std::move(layer))));
    }
  }

  /// A layer that is compiled for that use alone: see detail::ForInference.
  template <class Use, class L>
  static Layer for_use(L layer) {
    constexpr bool trains = std::is_void_v<Use>;
    return Layer(AnyValue(detail::layer_class<L, detail::Scalars, trains>, new L(std::move(layer))));
  }

  /// The name that the layer was given, or an empty one.
  std::string name() const { return given_name(); }

  /// Whether it is made of other layers, by `call`.
  bool is_composite() const { return its_class().call != nullptr; }
  SymbolicTensors call(const SymbolicTensors& inputs) const { return its_class().call(held_, inputs); }

  /// Shape of the (first) output. Throws what the layer throws.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const { return its_class().build(held_, inputs, builder); }
  Shape build(const Shape& input, LayerBuilder& builder) const { return build(Shapes{input}, builder); }

  void forward(const Forward<float>& step) const { its_class().forward_float(held_, step); }
  void forward(const Forward<double>& step) const { its_class().forward_double(held_, step); }
  void backward(const Backward<float>& step) const { its_class().backward_float(held_, step); }
  void backward(const Backward<double>& step) const { its_class().backward_double(held_, step); }

  /// Throws StateError where forward, or with `training` backward, is not compiled for `T`.
  template <class T>
  void require_compiled(bool training) const {
    const detail::LayerClass& its = its_class();
    const bool is_float = std::is_same_v<T, float>;
    const bool forward = is_float ? its.forward_float != nullptr : its.forward_double != nullptr;
    const bool backward = is_float ? its.backward_float != nullptr : its.backward_double != nullptr;
    if (!forward) detail::fail_scalar(its.class_name, is_float ? "float" : "double");
    if (training && !backward) detail::fail_untrainable(its.class_name);
  }

  Activation final_activation() const {
    return its_class().final_activation ? its_class().final_activation(held_) : Activation(linear);
  }
  Layer without_activation() const {
    return its_class().without_activation ? Layer(its_class().without_activation(held_)) : *this;
  }

  /// The shapes of what the cell of an RNN keeps from step to step; none where this layer is no such cell.
  Shapes state_size() const { return its_class().state_size ? its_class().state_size(held_) : Shapes(); }
  /// The layer that runs this cell over a sequence, if there is one.
  std::optional<Layer> over_sequence(const SequenceOptions& options) const {
    if (its_class().over_sequence == nullptr) return std::nullopt;
    return Layer(its_class().over_sequence(held_, options));
  }

  /// The layer that is given the steps of a sequence one by one, in place of this one, and keeps in its state what it
  /// needs of those before, if there is one: for Stepper.
  std::optional<Layer> each_step() const {
    if (its_class().each_step == nullptr) return std::nullopt;
    return Layer(its_class().each_step(held_));
  }

  /// The layer that computes this one and `next` in one, if there is one for samples of shape `input`.
  std::optional<Layer> join(const Layer& next, const Shape& input) const {
    Layer joined;
    if (its_class().join != nullptr) joined = Layer(its_class().join(held_, next, input));
    const auto join_previous = next.its_class().join_previous;
    if (!joined.has_value() && join_previous != nullptr) joined = Layer(join_previous(next.held_, *this, input));
    return joined.has_value() ? std::optional(std::move(joined)) : std::nullopt;
  }

 private:
  friend class Registry<Layer>;
  explicit Layer(AnyValue made) : Base(std::move(made)) {}

  // A value that is no layer itself may stand for one: `relu` for the layer that applies it.
  template <class L>
  static AnyValue hold(L&& layer) {
    if constexpr (requires { as_layer(layer); }) {
      return hold(as_layer(layer));
    } else {
      return AnyValue(compiled_class<L>(), new L(std::move(layer)));
    }
  }
};

template <class L>
const detail::LayerClass& Layer::compiled_class() {
  return class_of<L>();
}

namespace detail {

/// Calls a layer that is compiled for `Use` alone.
template <class Use, class L>
SymbolicTensor call_for(L layer, const SymbolicTensors& inputs) {
  return call_layer(Layer::for_use<Use>(std::move(layer)), inputs);
}

}  // namespace detail

template <class L>
SymbolicTensor Callable<L>::operator()(const SymbolicTensor& input) const {
  return call_layer(Layer(static_cast<const L&>(*this)), {input});
}
template <class L>
SymbolicTensor Callable<L>::operator()(const SymbolicTensors& inputs) const {
  return call_layer(Layer(static_cast<const L&>(*this)), inputs);
}

/// Makes a layer of your own known to `load`: `register_layer<Scale>()`.
template <HasTypeName L>
void register_layer() {
  Registry<Layer>::add<L>();
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/symbolic_tensor-inl.hpp>
#endif
