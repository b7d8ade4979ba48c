#pragma once
// Mean: the weighted mean of everything seen since `reset`.

#include <cstdint>
#include <string>

#include <nacre/core/fields.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Mean.
struct MeanOptions {
  std::string name{};  ///< under which the result appears; by default "mean"
  void fields(Fields& list) { list("name", name); }
};

/// sum(weight * value) / sum(weight), kept in double; 0 where the weights sum to 0. As a metric of a model it is the
/// mean of the outputs.
class Mean {
 public:
  static constexpr std::string_view type_name = "Mean";
  MeanOptions options;
  void fields(Fields& list) { options.fields(list); }

  Mean(MeanOptions options = {});

  /// Forgets everything.
  void reset() { total_ = weight_ = 0; }

  /// Adds one value.
  void add(double value, double weight = 1) {
    total_ += weight * value;
    weight_ += weight;
  }

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
  void merge(const Mean& other) {
    total_ += other.total_;
    weight_ += other.weight_;
  }

  /// The sum of the weights.
  double weight() const { return weight_; }

  double result() const { return weight_ != 0 ? total_ / weight_ : 0; }

 private:
  double total_ = 0;
  double weight_ = 0;
};

inline Mean::Mean(MeanOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
