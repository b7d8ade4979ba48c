#pragma once
// LossMetric: any loss of rows as a metric, in one piece of code for all: what Keras' metrics of the same names are.

#include <string_view>
#include <utility>
#include <vector>

#include <nacre/losses/loss.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mean of a loss' values over all rows since `reset`, each with its weight: `.metrics = {Poisson()}`. The loss'
/// reduction says nothing here; rows of its ignore_class count nothing.
template <class T>
class LossMetric {
 public:
  static constexpr std::string_view type_name = "LossMetric";  ///< it goes by its loss' name

  /// Throws ValueError for a loss along another axis than the last, since a metric is given rows.
  template <class L>
  LossMetric(L chosen) : factor_(detail::metric_factor<L>()), loss_(std::move(chosen)) {
    validate();
  }

  void validate() const {
    loss_.validate();
    require<ValueError>(loss_.axis() == -1, loss_.class_name(), ": expected the axis -1 in a metric, got ",
                        loss_.axis());
  }

  void fields(Fields& list) { loss_.fields(list); }
  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs.
  void update(const MetricStep<T>& step) {
    const std::int64_t rows = step.predictions.batch();
    const Shape output{step.predictions.sample_size()};
    const Shape target{step.targets.sample_size()};
    const bool alike = loss_.takes_class_numbers() ? target.back() == 1 : target == output;
    if (!alike) loss_.check_shapes(output, target);
    if (static_cast<std::int64_t>(values_.size()) < rows) values_.resize(static_cast<std::size_t>(rows));
    TensorView<T> values(values_.data(), Shape{rows});
    TensorView<T> nothing;
    loss_.evaluate({step.predictions, step.targets, values, nothing, false});
    const auto ignored = loss_.ignore_class();
    for (std::int64_t row = 0; row < rows; ++row) {
      if (ignored && step.targets.elements()[row] == static_cast<T>(*ignored)) continue;
      mean_.add(factor_ * static_cast<double>(values_[static_cast<std::size_t>(row)]), step.sample_weight(row));
    }
  }

  /// Adds what another has gathered.
  void merge(const LossMetric& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

 private:
  double factor_;  ///< -1 for the one loss whose metric is its negative
  AnyLoss<T> loss_;
  Mean mean_;
  std::vector<T> values_;
};

}  // namespace nacre
