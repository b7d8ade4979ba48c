#pragma once
// What an optimizer is: a rule that changes weights by their gradients, on any contiguous part of them.

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Weights to be updated: a part of the model's trainable block, with the same part of each slot.
template <class T>
struct Update {
  static constexpr std::size_t max_slots = 4;

  T* weights;                       ///< changed in place
  const T* gradient;                ///< of each of these weights
  std::array<T*, max_slots> slots;  ///< the optimizer's memory for each weight, zero at first
  std::int64_t count;               ///< of these weights
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

  /// Whether the gradients of a step are needed whole before any weight may change.
  bool needs_whole_gradient() const { return clips_by_norm() || gradient_accumulation_steps.has_value(); }
  bool clips_by_norm() const { return clipnorm.has_value() || global_clipnorm.has_value(); }

  /// What is kept for each weight besides the rule's own slots: "average" and "gradient_accumulator", each where it is
  /// asked for, in this order.
  std::vector<std::string> slot_names() const {
    std::vector<std::string> names;
    if (use_ema) names.push_back("average");
    if (gradient_accumulation_steps) names.push_back("gradient_accumulator");
    return names;
  }

  /// Throws ValueError for an option, or a learning rate, outside what is allowed; `optimizer` is named in the message.
  void validate(std::string_view optimizer, double learning_rate) const {
    require<ValueError>(learning_rate >= 0 && std::isfinite(learning_rate), optimizer,
                        ": expected a learning rate of 0 or more, got ", learning_rate);
    require<ValueError>(clipnorm.has_value() + clipvalue.has_value() + global_clipnorm.has_value() <= 1, optimizer,
                        ": expected at most one of clipnorm, clipvalue and global_clipnorm");
    for (const auto& limit : {clipnorm, clipvalue, global_clipnorm}) {
      require<ValueError>(!limit || *limit > 0, optimizer, ": expected a clipping limit above 0, got ",
                          limit.value_or(0));
    }
    require<ValueError>(!weight_decay || *weight_decay >= 0, optimizer, ": expected weight_decay of 0 or more, got ",
                        weight_decay.value_or(0));
    require<ValueError>(ema_momentum >= 0 && ema_momentum <= 1, optimizer, ": expected ema_momentum from 0 to 1, got ",
                        ema_momentum);
    require<ValueError>(ema_overwrite_frequency.value_or(1) >= 1, optimizer,
                        ": expected ema_overwrite_frequency of 1 or more, got ", ema_overwrite_frequency.value_or(1));
    require<ValueError>(gradient_accumulation_steps.value_or(2) >= 2, optimizer,
                        ": expected gradient_accumulation_steps of 2 or more, got ",
                        gradient_accumulation_steps.value_or(2));
  }
};

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

namespace detail {

template <class T>
struct OptimizerClass : HeldClass {
  OptimizerBase (*base)(const void* held) = nullptr;
  double (*learning_rate)(const void* held) = nullptr;
  void (*set_learning_rate)(void* held, double rate) = nullptr;
  std::vector<std::string> (*slot_names)(const void* held) = nullptr;
  void (*begin_step)(void* held, std::int64_t step) = nullptr;
  void (*update)(const void* held, const Update<T>& update) = nullptr;
};

template <class T, class O>
constexpr bool check_optimizer() {
  constexpr bool has_rate = requires(const O& rule) {
    { rule.learning_rate } -> std::convertible_to<double>;
  };
  constexpr bool names_slots = requires(const O& rule) {
    { rule.slot_names() } -> std::convertible_to<std::vector<std::string>>;
  };
  constexpr bool updates = requires(const O& rule, const Update<T>& update) {
    rule.update(rule.rates(std::int64_t{1}), update);
  };
  constexpr int missing = first_missing(HasTypeName<O>, has_rate, names_slots, updates, HasFields<O>);
  static_assert(missing != 1, "an optimizer needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "an optimizer needs: double learning_rate;");
  static_assert(missing != 3, "an optimizer needs: std::vector<std::string> slot_names() const;");
  static_assert(missing != 4,
                "an optimizer needs: Rates rates(std::int64_t step) const, what a step has in common for all weights, "
                "and template <class T> void update(const Rates& rates, const Update<T>& update) const;");
  static_assert(missing != 5,
                "an optimizer needs: void fields(Fields& list) { list(\"learning_rate\", learning_rate); ... }, "
                "by which it is saved and loaded");
  return missing == 0;
}

/// A rule, and what a step has in common for all weights.
template <class O>
struct RuleWithRates {
  O rule;
  decltype(std::declval<const O&>().rates(std::int64_t{1})) rates{};
};

template <class T, class O>
constexpr OptimizerClass<T> describe_optimizer() {
  OptimizerClass<T> table;
  if constexpr (check_optimizer<T, O>()) {
    using Stored = RuleWithRates<O>;
    describe_class<O, Stored>(table);
    if constexpr (requires(const O& rule) { base_of(rule.options); }) {
      table.base = [](const void* held) { return base_of(static_cast<const O*>(held)->options); };
    }
    table.learning_rate = [](const void* held) -> double { return static_cast<const O*>(held)->learning_rate; };
    table.set_learning_rate = [](void* held, double rate) { static_cast<O*>(held)->learning_rate = rate; };
    table.slot_names = [](const void* held) -> std::vector<std::string> {
      return static_cast<const O*>(held)->slot_names();
    };
    table.begin_step = [](void* held, std::int64_t step) {
      auto& [rule, rates] = *static_cast<Stored*>(held);
      rates = rule.rates(step);
    };
    table.update = [](const void* held, const Update<T>& update) {
      const auto& [rule, rates] = *static_cast<const Stored*>(held);
      rule.update(rates, update);
    };
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

/// Any optimizer: a copyable class with `type_name`, `learning_rate`, `slot_names`, `rates` and `update`.
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

  /// By Keras' name, with its defaults: "adam". Throws ValueError, with the names there are, for another. It is
  /// optimizers/optimizers.hpp that defines it.
  AnyOptimizer(std::string_view name);
  AnyOptimizer(const std::string& name) : AnyOptimizer(std::string_view(name)) {}
  AnyOptimizer(const char* name) : AnyOptimizer(std::string_view(name)) {}

  template <class O>
  requires(!std::derived_from<O, AnyValue> && !std::convertible_to<O, std::string_view>) AnyOptimizer(O rule)
      : Base(class_of<O>(), detail::hold_rule<T>(std::move(rule))) {
    check();
  }

  OptimizerBase base() const { return this->its_class().base ? this->its_class().base(this->held_) : OptimizerBase(); }
  double learning_rate() const { return this->its_class().learning_rate(this->held_); }

  /// Throws ValueError for a rate below 0 or one that is no number.
  void set_learning_rate(double rate) {
    base().validate(this->class_name(), rate);
    this->its_class().set_learning_rate(this->held_, rate);
  }

  /// Names of the numbers that are kept for each weight: the rule's, as "momentum" and "velocity", then those of its
  /// base options.
  std::vector<std::string> slot_names() const {
    std::vector<std::string> names = this->its_class().slot_names(this->held_);
    for (std::string& name : base().slot_names()) names.push_back(std::move(name));
    return names;
  }

  /// Computes what step number `step`, counted from 1, has in common for all weights.
  void begin_step(std::int64_t step) { this->its_class().begin_step(this->held_, step); }

  /// Applies the rule; may be called from several threads for different weights.
  void update(const Update<T>& update) const { this->its_class().update(this->held_, update); }

 private:
  friend class Registry<AnyOptimizer>;
  explicit AnyOptimizer(AnyValue made) : Base(std::move(made)) { check(); }

  [[gnu::cold]] void check() const {
    base().validate(this->class_name(), learning_rate());
    require<ValueError>(this->its_class().slot_names(this->held_).size() <= Update<T>::max_slots, this->class_name(),
                        ": expected at most ", Update<T>::max_slots, " slots");
  }
};

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
