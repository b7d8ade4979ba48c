#pragma once
// What an optimizer is: a rule that changes weights by their gradients, on any contiguous part of them.

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/optimizers/segment.hpp>
#include <nacre/optimizers/slot.hpp>
#include <nacre/schedules/learning_rate.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Weights to be updated: a part of the model's trainable block, with the same part of each slot.
template <class T>
struct Update {
  static constexpr std::size_t max_slots = 4;

  T* weights;                       ///< changed in place
  T* gradient;                      ///< of each of these weights; may be overwritten
  std::array<T*, max_slots> slots;  ///< the optimizer's memory for these weights
  std::int64_t count;               ///< of these weights
  const Segment* tensor = nullptr;  ///< where the rule takes whole tensors: which one this is
  T* scratch = nullptr;             ///< as many numbers as the rule's `scratch` asks for this tensor
};

/// What every optimizer does to gradients and weights besides its rule; Keras' base options. At most one of the three
/// kinds of clipping.
struct OptimizerBase {
  std::optional<double> weight_decay;     ///< before the update, weights shrink by learning_rate * weight_decay
  std::optional<double> clipnorm;         ///< each weight tensor's gradient is scaled down to this norm
  std::optional<double> clipvalue;        ///< each gradient is cut at +- this
  std::optional<double> global_clipnorm;  ///< all gradients together are scaled down to this norm
  bool use_ema = false;                   ///< keep running averages of the weights, which training ends with
  double ema_momentum = 0.99;  ///< after an update, average = ema_momentum average + (1 - ema_momentum) weight
  std::optional<std::int64_t> ema_overwrite_frequency;      ///< averages become the weights every so many updates
  std::optional<std::int64_t> gradient_accumulation_steps;  ///< update once in so many steps, by their mean gradient
  bool whole_tensors = false;  ///< no option: whether the rule takes a weight tensor whole, not a part of it

  /// Whether the gradients of a step are needed whole before any weight may change.
  bool needs_whole_gradient() const {
    return clips_by_norm() || gradient_accumulation_steps.has_value() || whole_tensors;
  }
  bool clips_by_norm() const { return clipnorm.has_value() || global_clipnorm.has_value(); }

  /// What is kept for each weight besides the rule's own slots: "average" and "gradient_accumulator", each where it is
  /// asked for, in this order.
  [[gnu::cold]] List<Slot> slots() const;

  /// Throws ValueError for an option outside what is allowed; `optimizer` is named in the message.
  [[gnu::cold]] void validate(std::string_view optimizer) const;
};

/// The base options among an optimizer's own, behind its `weight_decay`. A macro, since designated initializers,
/// `{.clipnorm = 1}`, reach no base class.
#define NACRE_OPTIMIZER_BASE_OPTIONS                                                                               \
  std::optional<double> clipnorm{};        /**< each weight tensor's gradient is scaled down to this norm */       \
  std::optional<double> clipvalue{};       /**< each gradient is cut at +- this */                                 \
  std::optional<double> global_clipnorm{}; /**< all gradients together are scaled down to this norm */             \
  bool use_ema{};                          /**< keep running averages of the weights; by default false */          \
  double ema_momentum{0.99};               /**< how slowly these averages change, from 0 to 1 */                   \
  std::optional<std::int64_t> ema_overwrite_frequency{}; /**< averages become the weights every so many updates */ \
  std::optional<std::int64_t>                                                                                      \
      gradient_accumulation_steps{}; /**< update once in so many steps, by the mean gradient */                    \
  /** Weights do not decay where one of these texts is found in their own name: {"bias", "gamma"}. */              \
  std::vector<std::string> exclude_from_weight_decay {}

/// Lists the base options among an optimizer's own, but for `weight_decay`, which has a place of its own in each.
template <class Options>
[[gnu::cold]] void list_base_options(Fields& list, Options& options) {
  list("clipnorm", options.clipnorm);
  list("clipvalue", options.clipvalue);
  list("global_clipnorm", options.global_clipnorm);
  list("use_ema", options.use_ema);
  list("ema_momentum", options.ema_momentum);
  list("ema_overwrite_frequency", options.ema_overwrite_frequency);
  list("gradient_accumulation_steps", options.gradient_accumulation_steps);
  list("exclude_from_weight_decay", options.exclude_from_weight_decay);
}

/// The base options among an optimizer's own.
template <class Options>
requires requires(const Options& options) { options.gradient_accumulation_steps; }
OptimizerBase base_of(const Options& options) {
  return {options.weight_decay,
          options.clipnorm,
          options.clipvalue,
          options.global_clipnorm,
          options.use_ema,
          options.ema_momentum,
          options.ema_overwrite_frequency,
          options.gradient_accumulation_steps};
}

/// Throws ValueError for a learning rate or a base option outside what is allowed.
template <class Options>
[[gnu::cold]] void validate_base_options(std::string_view optimizer, const Options& options) {
  options.learning_rate.validate(optimizer);
  base_of(options).validate(optimizer);
}

namespace detail {

/// Throws ValueError for a share, as `beta_1`, that is not from 0 to below 1.
[[gnu::cold]] void require_share(std::string_view optimizer, std::string_view option, double value);

/// Throws ValueError for an option that is below 0 or no number.
[[gnu::cold]] void require_at_least_zero(std::string_view optimizer, std::string_view option, double value);

/// Throws ValueError for an epsilon under a root that vanishes in float: numbers below 1.2e-38 are 0 there, and the sum
/// of squares of small gradients is 0, too.
[[gnu::cold]] void require_root_epsilon(std::string_view optimizer, double epsilon);

/// Throws ValueError for a part of names that is empty, or that Keras would read as a pattern; `option` has them.
[[gnu::cold]] void require_parts(std::string_view optimizer, std::string_view option,
                                 const std::vector<std::string>& parts);

/// Whether one of these parts is found in a name.
[[gnu::cold]] bool has_part(std::string_view name, const std::vector<std::string>& parts);

/// Whether none of the texts of the field `exclude_from_weight_decay`, where there is one, is found in the weight's own
/// name. Throws ValueError for a text that is empty, or that Keras would read as a pattern.
[[gnu::cold]] bool decays(const AnyValue& optimizer, std::string_view weight);

/// Throws ValueError for more than `most` slots, and for slots of other extents than the weights' where the rule does
/// not take whole tensors.
[[gnu::cold]] void check_slots(std::string_view optimizer, const List<Slot>& slots, std::size_t most,
                               bool whole_tensors);

/// An optimizer's learning rate, which stands among its options or beside them.
template <class O>
requires requires(const O& rule) {
  { rule.learning_rate } -> std::same_as<const LearningRate&>;
}
const LearningRate& learning_rate_of(const O& rule) { return rule.learning_rate; }
template <class O>
requires requires(const O& rule) {
  { rule.options.learning_rate } -> std::same_as<const LearningRate&>;
}
const LearningRate& learning_rate_of(const O& rule) { return rule.options.learning_rate; }

template <class T>
struct OptimizerClass : HeldClass {
  bool whole_tensors = false;
  OptimizerBase (*base)(const void* held) = nullptr;
  const LearningRate& (*learning_rate)(const void* held) = nullptr;
  List<Slot> (*slots)(const void* held) = nullptr;
  std::int64_t (*scratch)(const void* held, const Segment& weight) = nullptr;
  void (*begin_step)(void* held, double learning_rate, std::int64_t step) = nullptr;
  void (*update)(const void* held, const Update<T>& update) = nullptr;
};

template <class T, class O>
constexpr bool check_optimizer() {
  constexpr bool has_rate = requires(const O& rule) {
    { learning_rate_of(rule) } -> std::same_as<const LearningRate&>;
  };
  constexpr bool names_slots = requires(const O& rule) {
    { rule.slots() } -> std::convertible_to<List<Slot>>;
  };
  constexpr bool updates = requires(const O& rule, const Update<T>& update) {
    rule.update(rule.rates(0.0, std::int64_t{1}), update);
  };
  constexpr int missing = first_missing(HasTypeName<O>, has_rate, names_slots, updates, HasFields<O>);
  static_assert(missing != 1, "an optimizer needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "an optimizer needs: LearningRate learning_rate; itself or among its options");
  static_assert(missing != 3, "an optimizer needs: List<Slot> slots() const;");
  static_assert(missing != 4,
                "an optimizer needs: Rates rates(double learning_rate, std::int64_t step) const, what a step has in "
                "common for all weights, and template <class T> void update(const Rates& rates, const Update<T>& "
                "update) const;");
  static_assert(missing != 5,
                "an optimizer needs: void fields(Fields& list) { list(\"learning_rate\", learning_rate); ... }, "
                "by which it is saved and loaded");
  return missing == 0;
}

/// A rule, and what a step has in common for all weights.
template <class O>
struct RuleWithRates {
  O rule;
  decltype(std::declval<const O&>().rates(0.0, std::int64_t{1})) rates{};
};

/// What a class does, as functions without its name.
template <class T, class O>
struct OptimizerFunctions {
  using Stored = RuleWithRates<O>;
  static const O& of(const void* held) { return *static_cast<const O*>(held); }

  [[gnu::cold]] static OptimizerBase base(const void* held) { return base_of(of(held).options); }
  static const LearningRate& learning_rate(const void* held) { return learning_rate_of(of(held)); }
  [[gnu::cold]] static List<Slot> slots(const void* held) { return of(held).slots(); }
  [[gnu::cold]] static std::int64_t scratch(const void* held, const Segment& weight) {
    return of(held).scratch(weight);
  }
  static void begin_step(void* held, double learning_rate, std::int64_t step) {
    auto& [rule, rates] = *static_cast<Stored*>(held);
    rates = rule.rates(learning_rate, step);
  }
  static void update(const void* held, const Update<T>& update) {
    const auto& [rule, rates] = *static_cast<const Stored*>(held);
    rule.update(rates, update);
  }
};

template <class T, class O>
constexpr OptimizerClass<T> describe_optimizer() {
  OptimizerClass<T> table;
  if constexpr (check_optimizer<T, O>()) {
    using Functions = OptimizerFunctions<T, O>;
    describe_class<O, RuleWithRates<O>>(table);
    if constexpr (requires(const O& rule) { base_of(rule.options); }) {
      table.base = Functions::base;
    }
    if constexpr (requires { O::whole_tensors; }) table.whole_tensors = O::whole_tensors;
    table.learning_rate = Functions::learning_rate;
    table.slots = Functions::slots;
    if constexpr (requires(const O& rule, const Segment& weight) { rule.scratch(weight); }) {
      table.scratch = Functions::scratch;
    }
    table.begin_step = Functions::begin_step;
    table.update = Functions::update;
  }
  return table;
}

/// A rule on the heap; nothing for a class that is no optimizer, of which a static_assert has told.
template <class T, class O>
void* hold_rule(O&& rule) {
  if constexpr (check_optimizer<T, O>()) {
    return new RuleWithRates<O>{std::move(rule)};
  } else {
    return nullptr;
  }
}

template <class T, class O>
inline constexpr OptimizerClass<T> optimizer_class = describe_optimizer<T, O>();

}  // namespace detail

/// Any optimizer: a copyable class with `type_name`, `learning_rate`, `slots`, `rates` and `update`. One that needs a
/// weight tensor whole, for its norm or its rows, says `static constexpr bool whole_tensors = true;`: its `update` is
/// then called once for each tensor, with its shape and name, and with memory to work in where
/// `std::int64_t scratch(const Segment& weight) const` says how many numbers. Others are given any part of the weights.
template <class T>
class AnyOptimizer : public Any<detail::OptimizerClass<T>> {
  using Base = Any<detail::OptimizerClass<T>>;

 public:
  template <class O>
  using Stored = detail::RuleWithRates<O>;
  template <class O>
  static constexpr const detail::OptimizerClass<T>& class_of() {
    return detail::optimizer_class<T, O>;
  }
  /// The same as a function that is compiled once for nacre's own.
  template <class O>
  static const detail::OptimizerClass<T>& compiled_class();

  /// By Keras' name, with its defaults: "adam". Throws ValueError, with the names there are, for another. It is
  /// optimizers/optimizers.hpp that defines it.
  AnyOptimizer(std::string_view name);
  AnyOptimizer(const std::string& name) : AnyOptimizer(std::string_view(name)) {}
  AnyOptimizer(const char* name) : AnyOptimizer(std::string_view(name)) {}

  template <class O>
  requires(!std::derived_from<O, AnyValue> && !std::convertible_to<O, std::string_view>) AnyOptimizer(O rule)
      : Base(compiled_class<O>(), detail::hold_rule<T>(std::move(rule))) {
    check();
  }

  OptimizerBase base() const {
    OptimizerBase base = this->its_class().base ? this->its_class().base(this->held_) : OptimizerBase();
    base.whole_tensors = this->its_class().whole_tensors;
    return base;
  }

  /// The number, or the schedule, that it goes by.
  const LearningRate& learning_rate() const { return this->its_class().learning_rate(this->held_); }

  /// The learning rate of step number `step`, counted from 0. Throws ValueError where a schedule comes to less than 0
  /// or to no number.
  double learning_rate_at(std::int64_t step) const { return learning_rate().at(step, this->its_class().class_name); }

  /// Throws ValueError for a rate below 0 or one that is no number, StateError for a number where it follows a
  /// schedule.
  [[gnu::cold]] void set_learning_rate(LearningRate rate) {
    const_cast<LearningRate&>(learning_rate()).set(std::move(rate), this->its_class().class_name);
  }

  /// What is kept for each weight tensor: the rule's own, as "momentum" and "velocity", then what its base options
  /// need.
  [[gnu::cold]] List<Slot> slots() const {
    List<Slot> all = this->its_class().slots(this->held_);
    const List<Slot> of_base = base().slots();
    all.insert(all.end(), of_base.begin(), of_base.end());
    return all;
  }

  /// Numbers that the update of that weight tensor works with, and does not keep.
  [[gnu::cold]] std::int64_t scratch(const Segment& weight) const {
    return this->its_class().scratch == nullptr ? 0 : this->its_class().scratch(this->held_, weight);
  }

  /// The names of these.
  [[gnu::cold]] std::vector<std::string> slot_names() const {
    std::vector<std::string> names;
    for (const Slot& slot : slots()) names.emplace_back(slot.name);
    return names;
  }

  /// Whether the weight of that name ("dense/bias") decays, where there is decay: whether none of the texts of
  /// `exclude_from_weight_decay` is found in its own name ("bias").
  [[gnu::cold]] bool decays(std::string_view weight) const { return detail::decays(*this, weight); }

  /// Computes what update number `step`, counted from 1, has in common for all weights.
  void begin_step(double learning_rate, std::int64_t step) {
    this->its_class().begin_step(this->held_, learning_rate, step);
  }

  /// Applies the rule; may be called from several threads for different weights.
  void update(const Update<T>& update) const { this->its_class().update(this->held_, update); }

 private:
  friend class Registry<AnyOptimizer>;
  explicit AnyOptimizer(AnyValue made) : Base(std::move(made)) { check(); }

  [[gnu::cold]] void check() const {
    const std::string_view name = this->its_class().class_name;
    learning_rate().validate(name);
    base().validate(name);
    static_cast<void>(decays(""));
    detail::check_slots(name, this->its_class().slots(this->held_), Update<T>::max_slots, base().whole_tensors);
  }
};

template <class T>
template <class O>
const detail::OptimizerClass<T>& AnyOptimizer<T>::compiled_class() {
  return class_of<O>();
}

/// Makes an optimizer of your own known to `load`, for models of the scalar types `T`, float where none is named.
template <HasTypeName O, class... T>
void register_optimizer() {
  if constexpr (sizeof...(T) == 0) {
    Registry<AnyOptimizer<float>>::template add<O>();
  } else {
    (Registry<AnyOptimizer<T>>::template add<O>(), ...);
  }
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/optimizers/optimizer-inl.hpp>
#endif
