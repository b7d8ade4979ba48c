#pragma once
// What a metric is: it gathers something over batches and says what it came to.

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/snake_case.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/metrics/confidence.hpp>
#include <nacre/metrics/loss_metric.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

template <class T>
struct MetricClass : HeldClass {
  void (*reset)(void* metric) = nullptr;
  void (*update)(void* metric, const MetricStep<T>& step) = nullptr;
  double (*result)(const void* metric) = nullptr;
  std::string_view name;                           ///< its default name, where that is not its class's in snake case
  std::optional<bool> larger_is_better;            ///< none where the class does not say
  double (*trials)(const void* metric) = nullptr;  ///< null where the result is no proportion
  void (*merge)(void* metric, const void* other) = nullptr;        ///< null where it cannot
  std::vector<double> (*per_class)(const void* metric) = nullptr;  ///< null where it has no such results
};

/// A loss of rows, which serves as a metric.
template <class M>
concept IsRowLoss = HasTypeName<M> && RowLoss<M>;

template <class T, class M>
constexpr bool check_metric() {
  constexpr bool resets = requires(M & metric) { metric.reset(); };
  constexpr bool updates = requires(M & metric, const MetricStep<T>& step) { metric.update(step); };
  constexpr bool has_result = requires(const M& metric) {
    { metric.result() } -> std::convertible_to<double>;
  };
  constexpr int missing = first_missing(HasTypeName<M>, resets, updates, has_result);
  static_assert(missing != 1, "a metric needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "a metric needs: void reset();");
  static_assert(missing != 3, "a metric needs: template <class T> void update(const MetricStep<T>& step);");
  static_assert(missing != 4, "a metric needs: double result() const;");
  return missing == 0;
}

/// What a class does, as functions without its name.
template <class T, class M>
struct MetricFunctions {
  static void reset(void* metric) { static_cast<M*>(metric)->reset(); }
  static void update(void* metric, const MetricStep<T>& step) { static_cast<M*>(metric)->update(step); }
  static double result(const void* metric) { return static_cast<const M*>(metric)->result(); }
  static void merge(void* metric, const void* other) { static_cast<M*>(metric)->merge(*static_cast<const M*>(other)); }
  static double trials(const void* metric) { return static_cast<const M*>(metric)->trials(); }
  static std::vector<double> per_class(const void* metric) { return static_cast<const M*>(metric)->per_class(); }
};

/// Fills in what a class of metrics does.
template <class T, class M>
constexpr void describe_metric_functions(MetricClass<T>& table) {
  using Functions = MetricFunctions<T, M>;
  table.reset = Functions::reset;
  table.update = Functions::update;
  table.result = Functions::result;
  if constexpr (requires(M & metric, const M& other) { metric.merge(other); }) table.merge = Functions::merge;
  if constexpr (requires(const M& metric) { {metric.trials() + 0.0}; }) table.trials = Functions::trials;
  if constexpr (requires(const M& metric) { std::vector<double>(metric.per_class()); }) {
    table.per_class = Functions::per_class;
  }
}

template <class T, class M>
constexpr MetricClass<T> describe_metric() {
  MetricClass<T> table;
  if constexpr (IsRowLoss<M>) {
    // The functions are the same for all losses; only what they are called differs.
    describe_class<LossMetric<T>>(table);
    table.class_name = M::type_name;
    describe_metric_functions<T, LossMetric<T>>(table);
    table.larger_is_better = metric_factor<M>() < 0;
    if constexpr (requires { M::metric_name; }) table.name = M::metric_name;
  } else if constexpr (check_metric<T, M>()) {
    describe_class<M>(table);
    describe_metric_functions<T, M>(table);
    if constexpr (requires { M::larger_is_better; }) table.larger_is_better = M::larger_is_better;
    if constexpr (requires { M::metric_name; }) table.name = M::metric_name;
  }
  return table;
}

template <class T, class M>
inline constexpr MetricClass<T> metric_class = describe_metric<T, M>();

}  // namespace detail

/// Any metric: a loss of rows, whose mean it is then, or a copyable class with `type_name`, optional `fields`, `reset`,
/// `update` and `result`. It may have more: `static constexpr std::string_view metric_name`, under which its results
/// appear in place of its class's name, `static constexpr bool larger_is_better`, by which EarlyStopping and its like
/// know what an improvement is, `void merge(const M& other)`, which adds what another gathered, `std::vector<double>
/// per_class() const`, and `double trials() const`, how many trials the result is a proportion of, by which `interval`
/// has its confidence.
template <class T>
class AnyMetric : public Any<detail::MetricClass<T>> {
  using Base = Any<detail::MetricClass<T>>;

 public:
  /// A loss of rows is held as the metric that it serves as.
  template <class M>
  using Stored = std::conditional_t<detail::IsRowLoss<M>, LossMetric<T>, M>;
  template <class M>
  static constexpr const detail::MetricClass<T>& class_of() {
    return detail::metric_class<T, M>;
  }
  /// The same as a function that is compiled once for nacre's own.
  template <class M>
  static const detail::MetricClass<T>& compiled_class();

  /// By Keras' name, with its defaults: "accuracy". Throws ValueError, with the names there are, for another. It is
  /// metrics/metrics.hpp that defines it.
  AnyMetric(std::string_view name);
  AnyMetric(const std::string& name) : AnyMetric(std::string_view(name)) {}
  AnyMetric(const char* name) : AnyMetric(std::string_view(name)) {}

  template <class M>
  requires(!std::derived_from<M, AnyValue> && !std::convertible_to<M, std::string_view>) AnyMetric(M metric)
      : Base(compiled_class<M>(), new Stored<M>(std::move(metric))) {}

  /// The name under which results appear: the one it was given, or its class's in snake case.
  std::string name() const {
    std::string given = this->given_name();
    if (!given.empty()) return given;
    const std::string_view name = this->its_class().name;
    return name.empty() ? snake_case(this->class_name()) : std::string(name);
  }
  void reset() { this->its_class().reset(this->held_); }
  void update(const MetricStep<T>& step) { this->its_class().update(this->held_, step); }

  /// What has been gathered since `reset`; 0 where there was nothing to gather.
  double result() const { return this->its_class().result(this->held_); }

  /// Whether larger results are better; none where its class does not say.
  std::optional<bool> larger_is_better() const { return this->its_class().larger_is_better; }

  /// Adds what another of the same class and options has gathered: the result is then that of one metric which saw both
  /// their batches. Throws ValueError for another class or other options, StateError for a class without `merge`.
  [[gnu::cold]] void merge(const AnyMetric& other) {
    require<ValueError>(*this == other, "merge: expected two metrics of one class and options, got ", this->to_string(),
                        " and ", other.to_string());
    require<StateError>(this->its_class().merge != nullptr, this->class_name(),
                        ": cannot be merged; it lacks void merge(const ", this->class_name(), "& other)");
    this->its_class().merge(this->held_, other.held_);
  }

  /// The result of each class, for metrics that have such results; empty for others.
  [[gnu::cold]] std::vector<double> per_class() const {
    return this->its_class().per_class != nullptr ? this->its_class().per_class(this->held_) : std::vector<double>();
  }

  /// The 95 % confidence interval (Wilson's) of a result that is a proportion, as an accuracy is: how far it may be
  /// from that of all data there could be, taking rows as drawn independently. None for other metrics, and where
  /// nothing was gathered.
  [[gnu::cold]] std::optional<Interval> interval() const {
    const double trials = this->its_class().trials != nullptr ? this->its_class().trials(this->held_) : 0;
    if (!(trials > 0)) return std::nullopt;
    return wilson_interval(std::clamp(result(), 0.0, 1.0) * trials, trials);
  }

 private:
  friend class Registry<AnyMetric>;
  explicit AnyMetric(AnyValue made) : Base(std::move(made)) {}
};

template <class T>
template <class M>
const detail::MetricClass<T>& AnyMetric<T>::compiled_class() {
  return class_of<M>();
}

/// Makes a metric of your own known to `load`, for models of the scalar types `T`, float where none is named.
template <HasTypeName M, class... T>
void register_metric() {
  if constexpr (sizeof...(T) == 0) {
    Registry<AnyMetric<float>>::template add<M>();
  } else {
    (Registry<AnyMetric<T>>::template add<M>(), ...);
  }
}

}  // namespace nacre
