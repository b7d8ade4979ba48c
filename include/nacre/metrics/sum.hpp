#pragma once
// Sum: the weighted sum of everything seen since `reset`.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/fields.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Sum.
struct SumOptions {
  std::string name{};  ///< under which the result appears; by default "sum"
  void fields(Fields& list) { list("name", name); }
};

/// sum(weight * value), kept in double. As a metric of a model it is the sum of the outputs.
class Sum {
 public:
  static constexpr std::string_view type_name = "Sum";
  SumOptions options;
  void fields(Fields& list) { options.fields(list); }

  Sum(SumOptions options = {});

  /// Forgets everything.
  void reset() { total_ = 0; }

  /// Adds one value.
  void add(double value, double weight = 1) { total_ += weight * value; }

  /// Adds all predictions of a batch, each with its row's weight; targets are not looked at.
  template <class T>
  void update(const MetricStep<T>& step) {
    const std::int64_t features = step.predictions.sample_size();
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* value = step.predictions.elements() + row * features;
      for (std::int64_t i = 0; i < features; ++i) add(static_cast<double>(value[i]), step.sample_weight(row));
    }
  }

  /// Adds what another has gathered.
  void merge(const Sum& other) { total_ += other.total_; }

  double result() const { return total_; }

 private:
  double total_ = 0;
};

inline Sum::Sum(SumOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
