#pragma once
// What a metric is: it gathers something over batches and says what it came to.

#include <cctype>
#include <memory>
#include <string>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/tensor.hpp>

namespace nacre {

/// One batch of predictions and targets. All axes but the last count as rows.
template <class T>
struct MetricStep {
  const TensorView<const T>& predictions;  ///< (rows, features)
  const TensorView<const T>& targets;      ///< (rows, features), or (rows, 1) for class numbers
  const T* sample_weight = nullptr;        ///< a weight for each row, or none

  /// The weight of a row.
  double weight(std::int64_t row) const { return sample_weight ? static_cast<double>(sample_weight[row]) : 1.0; }
};

/// "CategoricalAccuracy" as "categorical_accuracy": how Keras names things that were given no name.
inline std::string snake_case(std::string_view class_name) {
  std::string name;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const char letter = class_name[i];
    const bool upper = std::isupper(static_cast<unsigned char>(letter)) != 0;
    const bool after_lower = i > 0 && std::isupper(static_cast<unsigned char>(class_name[i - 1])) == 0;
    const bool before_lower = i + 1 < class_name.size() && std::islower(static_cast<unsigned char>(class_name[i + 1])) != 0;
    const bool after_digit = i > 0 && std::isdigit(static_cast<unsigned char>(class_name[i - 1])) != 0;
    if (upper && i > 0 && !after_digit && (after_lower || before_lower)) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return name;
}

namespace detail {

template <class T>
struct MetricInterface : Held<MetricInterface<T>> {
  virtual std::string name() const = 0;
  virtual void reset() = 0;
  virtual void update(const MetricStep<T>& step) = 0;
  virtual double result() const = 0;
};

template <class T, class M>
struct MetricHolder final : HoldValue<MetricInterface<T>, MetricHolder<T, M>, M> {
  using HoldValue<MetricInterface<T>, MetricHolder<T, M>, M>::HoldValue;

  std::string name() const override {
    std::string given;
    if constexpr (requires(const M& metric) { std::string(metric.options.name); }) {
      given = this->value.options.name;
    } else if constexpr (requires(const M& metric) { std::string(metric.name); }) {
      given = this->value.name;
    }
    return given.empty() ? snake_case(M::type_name) : given;
  }
  void reset() override { this->value.reset(); }
  void update(const MetricStep<T>& step) override { this->value.update(step); }
  double result() const override { return this->value.result(); }
};

template <class T, class M>
constexpr bool check_metric() {
  static_assert(HasTypeName<M>, "a metric needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(requires(M& metric) { metric.reset(); }, "a metric needs: void reset();");
  static_assert(requires(M& metric, const MetricStep<T>& step) { metric.update(step); },
                "a metric needs: template <class T> void update(const MetricStep<T>& step);");
  static_assert(requires(const M& metric) {
    { metric.result() } -> std::convertible_to<double>;
  }, "a metric needs: double result() const;");
  return true;
}

}  // namespace detail

/// Any metric: a copyable class with `type_name`, optional `fields`, `reset`, `update` and `result`.
template <class T>
class AnyMetric : public Any<detail::MetricInterface<T>> {
  using Base = Any<detail::MetricInterface<T>>;

 public:
  template <class M>
  requires(!std::derived_from<M, Base>) AnyMetric(M metric)
      : Base(hold<detail::MetricInterface<T>, detail::MetricHolder<T, M>>(std::move(metric))) {
    static_assert(detail::check_metric<T, M>());
  }

  /// The name under which results appear: the one it was given, or its class's in snake case.
  std::string name() const { return this->self().name(); }
  void reset() { this->self().reset(); }
  void update(const MetricStep<T>& step) { this->self().update(step); }

  /// What has been gathered since `reset`; 0 where there was nothing to gather.
  double result() const { return this->self().result(); }
};

/// After a metric of nacre's own: nacre::compiled has it built.
#define NACRE_METRIC(Class)                                                                            \
  NACRE_INSTANCE(std::unique_ptr<detail::MetricInterface<float>>                                       \
                     hold<detail::MetricInterface<float>, detail::MetricHolder<float, Class>>(Class)); \
  NACRE_INSTANCE(std::unique_ptr<detail::MetricInterface<double>>                                      \
                     hold<detail::MetricInterface<double>, detail::MetricHolder<double, Class>>(Class))

/// Makes a metric of one's own known to `load`.
template <HasTypeName M>
void register_metric() {
  Registry<AnyMetric<float>>::template add<M>();
  Registry<AnyMetric<double>>::template add<M>();
}

}  // namespace nacre
