#pragma once
// What a loss is: it values each row of predictions against its targets, and says how that value changes.

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/activation.hpp>

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
};

namespace detail {

template <class T>
struct LossClass : HeldClass {
  void (*evaluate)(const void* loss, const LossStep<T>& step) = nullptr;
  bool (*use_logits)(void* loss, Activation activation) = nullptr;
  bool takes_class_numbers = false;
};

template <class T, class L>
constexpr bool check_loss() {
  constexpr bool evaluates = requires(const L& loss, const LossStep<T>& step) { loss.evaluate(step); };
  constexpr int missing = first_missing(HasTypeName<L>, evaluates, is_listed<L>);
  static_assert(missing != 1, "a loss needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "a loss needs: template <class T> void evaluate(const LossStep<T>& step) const;");
  static_assert(missing != 3,
                "a loss with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which it is "
                "saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

template <class T, class L>
constexpr LossClass<T> describe_loss() {
  LossClass<T> table;
  if constexpr (check_loss<T, L>()) {
    describe_class<L>(table);
    table.evaluate = [](const void* loss, const LossStep<T>& step) { static_cast<const L*>(loss)->evaluate(step); };
    if constexpr (requires(L & loss, Activation activation) { loss.use_logits(activation); }) {
      table.use_logits = [](void* loss, Activation activation) -> bool {
        return static_cast<L*>(loss)->use_logits(activation);
      };
    }
    if constexpr (requires { L::takes_class_numbers; }) table.takes_class_numbers = L::takes_class_numbers;
  }
  return table;
}

template <class T, class L>
inline constexpr LossClass<T> loss_class = describe_loss<T, L>();

/// Throws ShapeError unless targets go with outputs for that loss.
[[gnu::cold]] void check_loss_shapes(const std::string& loss, bool takes_class_numbers, const Shape& output,
                                     const Shape& target);

}  // namespace detail

/// Any loss: a copyable class with `type_name`, optional `fields` and `evaluate`. Two more parts are optional:
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
  requires(!std::derived_from<L, AnyValue> && !std::convertible_to<L, std::string_view>) AnyLoss(L loss)
      : Base(compiled_class<L>(), new L(std::move(loss))) {}

  /// No loss: what a model that is compiled without one is refused for.
  AnyLoss() = default;
  using Base::has_value;

  /// Values, and gradients where wanted, of all rows; large batches are cut among the threads.
  void evaluate(const LossStep<T>& step, ThreadPool& pool) const {
    const std::int64_t rows = step.predictions.batch();
    const std::int64_t features = step.predictions.sample_size();
    const std::int64_t pieces = piece_count(rows, 1 + 8192 / std::max<std::int64_t>(features, 1));
    if (pieces == 1) return this->its_class().evaluate(this->held_, step);
    pool.run(pieces, [&](std::int64_t index, int) { evaluate(step, piece(rows, pieces, index)); });
  }

  bool takes_class_numbers() const { return this->its_class().takes_class_numbers; }

  /// Becomes the loss that computes the same from the input of `activation`, if there is one; says whether it did.
  bool use_logits(Activation activation) {
    const auto use = this->its_class().use_logits;
    return use != nullptr && use(this->held_, activation);
  }

  /// Throws ShapeError unless targets of shape `target` go with outputs of shape `output` (both without the batch).
  void check_shapes(const Shape& output, const Shape& target) const {
    detail::check_loss_shapes(this->class_name(), takes_class_numbers(), output, target);
  }

 private:
  friend class Registry<AnyLoss>;
  explicit AnyLoss(AnyValue made) : Base(std::move(made)) {}

  void evaluate(const LossStep<T>& step, Range rows) const {
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
    this->its_class().evaluate(
        this->held_, {predictions, targets, values, gradient, step.wants_gradient, step.first_row + rows.first});
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
