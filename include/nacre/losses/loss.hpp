#pragma once
// What a loss is: it values each row of predictions against its targets, and says how that value changes.

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/activation.hpp>
#include <nacre/layers/symbolic_tensor.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Predictions and targets of some rows. A row is a sample, or one position of a sample whose output has more axes than
/// one: all but the last axis count as rows.
template <class T>
struct LossStep {
  const TensorView<const T>& predictions;  ///< (rows, features)
  const TensorView<const T>& targets;      ///< (rows, features), or (rows, 1) for class numbers
  TensorView<T>& values;                   ///< (rows): to be filled with each row's loss
  TensorView<T>& gradient;                 ///< (rows, features): derivative of each row's loss by its predictions
  bool wants_gradient;                     ///< false: leave `gradient` alone
  std::int64_t first_row = 0;              ///< which row of the batch comes first here: for messages
  /// Whether all targets of the batch are 0 or 1; only for losses with `static constexpr bool asks_for_binary_targets =
  /// true`, others are told false.
  bool binary_targets = false;
};

/// A whole batch, for losses that are no sums over rows.
template <class T>
struct BatchLossStep {
  const TensorView<const T>& predictions;  ///< (batch, ...)
  const TensorView<const T>& targets;      ///< (batch, ...)
  T* values;                               ///< as many as the loss has for such predictions
  T* weights;                              ///< of the values
  T* gradient;                             ///< (batch, ...), of the sum of all values, each times its weight
  double* scratch;                         ///< what is written here by `values` is there in `gradient`
  ThreadPool& pool;
};

namespace detail {

template <class T>
struct LossClass : HeldClass {
  void (*evaluate)(const void* loss, const LossStep<T>& step) = nullptr;
  SymbolicTensor (*call)(const void* loss, const SymbolicTensor& y_true, const SymbolicTensor& y_pred) = nullptr;
  bool (*use_logits)(void* loss, Activation activation) = nullptr;
  LossTraits (*traits)(const void* loss) = nullptr;
  bool takes_class_numbers = false;
  bool asks_for_binary_targets = false;

  // Of losses of whole batches.
  void (*check_shapes)(const void* loss, const Shape& output, const Shape& target) = nullptr;
  std::int64_t (*value_count)(const void* loss, const Shape& predictions) = nullptr;
  std::int64_t (*scratch)(const void* loss, const Shape& predictions, const Shape& targets) = nullptr;
  void (*values)(const void* loss, const BatchLossStep<T>& step) = nullptr;
  void (*gradient)(const void* loss, const BatchLossStep<T>& step) = nullptr;
};

/// Whether a class is a loss of whole batches.
template <class L, class T = float>
concept BatchLoss = requires(const L& loss, const BatchLossStep<T>& step, const Shape& shape) {
  loss.check_shapes(shape, shape);
  { loss.value_count(shape) } -> std::same_as<std::int64_t>;
  { loss.scratch(shape, shape) } -> std::same_as<std::int64_t>;
  loss.values(step);
  loss.gradient(step);
};

/// Whether a class is a loss of rows.
template <class L, class T = float>
concept RowLoss = requires(const L& loss, const LossStep<T>& step) {
  loss.evaluate(step);
};

/// What a loss is multiplied by as a metric: -1 where the metric of its name is its negative.
template <class L>
constexpr double metric_factor() {
  if constexpr (requires { L::metric_factor; }) return L::metric_factor;
  return 1;
}

/// Whether a class, or a function, says what the loss is by operations on symbolic tensors.
template <class L>
concept CallsLoss = requires(const L& loss, const SymbolicTensor& tensor) {
  { loss.call(tensor, tensor) } -> std::same_as<SymbolicTensor>;
};
template <class F>
concept IsLossFunction = requires(const F& function, const SymbolicTensor& tensor) {
  { function(tensor, tensor) } -> std::same_as<SymbolicTensor>;
};

/// What a loss that is a function calls itself. Files cannot hold one.
inline constexpr std::string_view function_loss_name = "FunctionLoss";

/// A function as a loss.
template <IsLossFunction F>
struct FunctionLoss {
  static constexpr std::string_view type_name = function_loss_name;
  F function;
  void fields(Fields&) {}
  SymbolicTensor call(const SymbolicTensor& y_true, const SymbolicTensor& y_pred) const {
    return function(y_true, y_pred);
  }
};

template <class T, class L>
constexpr bool check_loss() {
  constexpr int missing = first_missing(HasTypeName<L>, RowLoss<L, T> || BatchLoss<L, T> || CallsLoss<L>, is_listed<L>);
  static_assert(missing != 1, "a loss needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2,
                "a loss needs: template <class T> void evaluate(const LossStep<T>& step) const; or, written with ops, "
                "SymbolicTensor call(const SymbolicTensor& y_true, const SymbolicTensor& y_pred) const;");
  static_assert(missing != 3,
                "a loss with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which it is "
                "saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

/// What a class does, as functions without its name.
template <class T, class L>
struct LossFunctions {
  [[gnu::cold]] static SymbolicTensor call(const void* loss, const SymbolicTensor& y_true,
                                           const SymbolicTensor& y_pred) {
    return static_cast<const L*>(loss)->call(y_true, y_pred);
  }
  static void evaluate(const void* loss, const LossStep<T>& step) { static_cast<const L*>(loss)->evaluate(step); }
  [[gnu::cold]] static bool use_logits(void* loss, Activation activation) {
    return static_cast<L*>(loss)->use_logits(activation);
  }
  [[gnu::cold]] static void check_shapes(const void* loss, const Shape& output, const Shape& target) {
    static_cast<const L*>(loss)->check_shapes(output, target);
  }
  static std::int64_t value_count(const void* loss, const Shape& predictions) {
    return static_cast<const L*>(loss)->value_count(predictions);
  }
  [[gnu::cold]] static std::int64_t scratch(const void* loss, const Shape& predictions, const Shape& targets) {
    return static_cast<const L*>(loss)->scratch(predictions, targets);
  }
  static void values(const void* loss, const BatchLossStep<T>& step) { static_cast<const L*>(loss)->values(step); }
  static void gradient(const void* loss, const BatchLossStep<T>& step) { static_cast<const L*>(loss)->gradient(step); }
};

template <class T, class L>
constexpr LossClass<T> describe_loss() {
  using Functions = LossFunctions<T, L>;
  LossClass<T> table;
  if constexpr (check_loss<T, L>()) {
    describe_class<L>(table);
    if constexpr (CallsLoss<L>) {
      table.call = Functions::call;
    } else if constexpr (BatchLoss<L, T>) {
      table.check_shapes = Functions::check_shapes;
      table.value_count = Functions::value_count;
      table.scratch = Functions::scratch;
      table.values = Functions::values;
      table.gradient = Functions::gradient;
    } else {
      table.evaluate = Functions::evaluate;
    }
    if constexpr (requires(L & loss, Activation activation) { loss.use_logits(activation); }) {
      table.use_logits = Functions::use_logits;
    }
    if constexpr (requires(const L& loss) { loss.options.reduction; }) {
      table.traits = [](const void* loss) { return loss_traits(static_cast<const L*>(loss)->options); };
    }
    if constexpr (requires { L::takes_class_numbers; }) table.takes_class_numbers = L::takes_class_numbers;
    if constexpr (requires { L::asks_for_binary_targets; }) table.asks_for_binary_targets = L::asks_for_binary_targets;
  }
  return table;
}

template <class T, class L>
inline constexpr LossClass<T> loss_class = describe_loss<T, L>();

/// Throws ShapeError unless targets go with outputs for that loss.
[[gnu::cold]] void check_loss_shapes(const std::string& loss, bool takes_class_numbers, const Shape& output,
                                     const Shape& target);

/// The targets' shape, with the output's last axis of 1 where they lack it.
[[gnu::cold]] Shape target_of_rank(const Shape& output, const Shape& target);

/// A shape, without the batch, with this axis of a batch moved to its end.
[[gnu::cold]] Shape axis_last(const Shape& shape, std::int64_t axis);

/// Throws ShapeError for a loss along an axis that outputs do not have.
[[gnu::cold]] void check_loss_axis(const std::string& loss, std::int64_t axis, const Shape& output);

}  // namespace detail

/// Any loss: a copyable class with `type_name`, optional `fields` and `evaluate`; or with `call(y_true, y_pred)` in its
/// place, which says by operations on symbolic tensors what the loss of a sample, or of each of its positions, is, and
/// is differentiated by the graph; or a function of two such tensors. A loss of whole batches, whose values are no
/// functions of rows, has in place of `evaluate` `check_shapes(output, target)`, `value_count(predictions)`,
/// `scratch(predictions, targets)` (shapes with the batch), `values(const BatchLossStep<T>&)` and
/// `gradient(const BatchLossStep<T>&)`. Two more parts are optional beside `evaluate`:
/// `static constexpr bool takes_class_numbers = true` where targets are class numbers, and
/// `bool use_logits(Activation)`, by which the loss changes to one that computes the same from what goes into that last
/// activation, or stays as it is and says false.
template <class T>
class AnyLoss : public Any<detail::LossClass<T>> {
  using Base = Any<detail::LossClass<T>>;

 public:
  template <class L>
  static constexpr const detail::LossClass<T>& class_of() {
    return detail::loss_class<T, L>;
  }
  /// The same as a function that is compiled once for nacre's own.
  template <class L>
  static const detail::LossClass<T>& compiled_class();

  /// By Keras' name, with its defaults: "mse" or "mean_squared_error". Throws ValueError, with the names there are, for
  /// another. It is losses/losses.hpp that defines it.
  AnyLoss(std::string_view name);
  AnyLoss(const std::string& name) : AnyLoss(std::string_view(name)) {}
  AnyLoss(const char* name) : AnyLoss(std::string_view(name)) {}

  template <class L>
  requires(!std::derived_from<L, AnyValue> && !std::convertible_to<L, std::string_view> && !detail::IsLossFunction<L>)
      AnyLoss(L loss)
      : Base(compiled_class<L>(), new L(std::move(loss))) {}
  template <detail::IsLossFunction F>
  AnyLoss(F function) : AnyLoss(detail::FunctionLoss<F>{std::move(function)}) {}

  /// No loss: what a model that is compiled without one is refused for.
  AnyLoss() = default;
  using Base::has_value;

  /// Values, and gradients where wanted, of all rows; large batches are cut among the threads.
  void evaluate(const LossStep<T>& step, ThreadPool& pool) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t features = step.predictions.sample_size();
    const std::int64_t pieces = piece_count(rows, 1 + 8192 / std::max<std::int64_t>(features, 1));
    if (pieces == 1) return evaluate(step);
    const bool binary = binary_targets(step);
    pool.run(pieces, [&](std::int64_t index, int) { evaluate(step, binary, piece(rows, pieces, index)); });
  }

  /// The same on this thread alone.
  void evaluate(const LossStep<T>& step) const {
    this->its_class().evaluate(this->held_, {step.predictions, step.targets, step.values, step.gradient,
                                             step.wants_gradient, step.first_row, binary_targets(step)});
  }

  /// Whether it is one of whole batches: then `values` and `gradient` have it, and `evaluate` must not be called.
  bool takes_batches() const { return this->its_class().values != nullptr; }
  /// How many values it has for predictions of such a shape, with the batch.
  std::int64_t value_count(const Shape& predictions) const {
    return this->its_class().value_count(this->held_, predictions);
  }
  /// How many numbers it works with for such predictions and targets.
  std::int64_t scratch(const Shape& predictions, const Shape& targets) const {
    return this->its_class().scratch(this->held_, predictions, targets);
  }
  /// Fills in the values, and multiplies the weights of those that count nothing by 0.
  void values(const BatchLossStep<T>& step) const { this->its_class().values(this->held_, step); }
  /// Fills in the gradient of what `values` was called for.
  void gradient(const BatchLossStep<T>& step) const { this->its_class().gradient(this->held_, step); }

  /// How its values become one number: Keras' words, see LossOptions.
  std::string_view reduction() const { return traits().reduction; }
  /// The axis, of a batch of outputs, along which it is computed.
  std::int64_t axis() const { return traits().axis; }
  /// The class number of rows that count nothing, where there is one.
  std::optional<std::int64_t> ignore_class() const { return traits().ignore_class; }

  /// Whether it is written with operations on symbolic tensors: then `call` has it, and `evaluate` must not be called.
  bool is_symbolic() const { return this->its_class().call != nullptr; }
  SymbolicTensor call(const SymbolicTensor& y_true, const SymbolicTensor& y_pred) const {
    return this->its_class().call(this->held_, y_true, y_pred);
  }

  bool takes_class_numbers() const { return this->its_class().takes_class_numbers; }

  /// Becomes the loss that computes the same from the input of `activation`, if there is one; says whether it did.
  bool use_logits(Activation activation) {
    const auto use = this->its_class().use_logits;
    return use != nullptr && use(this->held_, activation);
  }

  /// Throws ShapeError unless targets of shape `target` go with outputs of shape `output` (both without the batch).
  void check_shapes(const Shape& output, const Shape& target) const {
    if (is_symbolic()) return static_cast<void>(symbolic(output, target));
    if (takes_batches()) return this->its_class().check_shapes(this->held_, output, target);
    detail::check_loss_axis(this->class_name(), axis(), output);
    detail::check_loss_shapes(this->class_name(), takes_class_numbers(), detail::axis_last(output, axis()),
                              takes_class_numbers() ? target : detail::axis_last(target, axis()));
  }

  /// A loss written with operations, for outputs and targets of such shapes: y_true, y_pred and what it makes of them.
  /// Targets without the output's last axis of 1 get it, as in Keras. Throws what the operations throw, with the loss'
  /// name in front.
  [[gnu::cold]] SymbolicTensors symbolic(const Shape& output, const Shape& target) const {
    const SymbolicTensor y_true(detail::target_of_rank(output, target), "y_true");
    const SymbolicTensor y_pred(output, "y_pred");
    try {
      return {y_true, y_pred, call(y_true, y_pred)};
    } catch (const ShapeError& error) {
      throw ShapeError(text(this->class_name(), " of targets ", target.to_string_with_batch(), " and outputs ",
                            output.to_string_with_batch(), ": ", error.what()));
    }
  }

 private:
  friend class Registry<AnyLoss>;
  explicit AnyLoss(AnyValue made) : Base(std::move(made)) {}

  detail::LossTraits traits() const {
    const auto traits = this->its_class().traits;
    return traits != nullptr ? traits(this->held_) : detail::LossTraits();
  }

  bool binary_targets(const LossStep<T>& step) const {
    if (!this->its_class().asks_for_binary_targets) return false;
    const T* target = step.targets.elements();
    return std::all_of(target, target + step.targets.extents().size(), [](T t) { return t == T(0) || t == T(1); });
  }

  void evaluate(const LossStep<T>& step, bool binary, Range rows) const {
    auto part = [&](const auto& view) {
      using View = std::decay_t<decltype(view)>;
      if (view.elements() == nullptr) return View();
      Shape shape = view.extents().from(1).with_batch(rows.size());
      return View(view.elements() + rows.first * view.sample_size(), shape);
    };
    const auto predictions = part(step.predictions);
    const auto targets = part(step.targets);
    auto values = part(step.values);
    auto gradient = part(step.gradient);
    this->its_class().evaluate(this->held_, {predictions, targets, values, gradient, step.wants_gradient,
                                             step.first_row + rows.first, binary});
  }
};

template <class T>
template <class L>
const detail::LossClass<T>& AnyLoss<T>::compiled_class() {
  return class_of<L>();
}

/// Makes a loss of your own known to `load`, for models of the scalar types `T`, float where none is named.
template <HasTypeName L, class... T>
void register_loss() {
  if constexpr (sizeof...(T) == 0) {
    Registry<AnyLoss<float>>::template add<L>();
  } else {
    (Registry<AnyLoss<T>>::template add<L>(), ...);
  }
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/losses/loss-inl.hpp>
#endif
