#pragma once
// What metrics share that go through a batch row by row.

#include <cstdint>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/metric_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Throws ShapeError for targets that are not shaped as the outputs; `metric` is named in the message.
template <class T>
void require_alike(const MetricStep<T>& step, std::string_view metric) {
  require<ShapeError>(step.targets.sample_size() == step.predictions.sample_size(), metric,
                      ": expected targets shaped as the outputs, ", step.predictions.sample_size(), " a row, got ",
                      step.targets.sample_size());
}

/// Adds `value(targets, predictions, features)` of each row to a mean, with the row's weight.
template <class T, class Value>
void add_rows(const MetricStep<T>& step, Mean& mean, const Value& value) {
  const std::int64_t features = step.predictions.sample_size();
  const std::int64_t columns = step.targets.sample_size();
  for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
    mean.add(value(step.targets.elements() + row * columns, step.predictions.elements() + row * features, features),
             step.sample_weight(row));
  }
}

}  // namespace nacre::detail
