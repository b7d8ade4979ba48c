#pragma once
// SparseCategoricalAccuracy: how often the largest output was that of the right class, for class numbers as targets.

#include <string>

#include <nacre/metrics/categorical_accuracy.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SparseCategoricalAccuracy.
struct SparseCategoricalAccuracyOptions {
  std::string name{};  ///< under which the result appears; by default "sparse_categorical_accuracy"
  void fields(Fields& list) { list("name", name); }
};

/// The part of the rows whose largest output stands at the place that the target names, counted from 0. Targets are
/// (rows, 1); logits serve as well as probabilities.
class SparseCategoricalAccuracy {
 public:
  static constexpr std::string_view type_name = "SparseCategoricalAccuracy";
  static constexpr bool larger_is_better = true;
  SparseCategoricalAccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  SparseCategoricalAccuracy(SparseCategoricalAccuracyOptions options = {});

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not one number a row.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, mean_);
  }

  /// Adds each row of a batch to a mean: what Accuracy does with it, too.
  template <class T>
  static void count(const MetricStep<T>& step, Mean& mean) {
    const std::int64_t classes = step.predictions.sample_size();
    require<ShapeError>(step.targets.sample_size() == 1, type_name, ": expected one class number a row as target, got ",
                        step.targets.sample_size(), "; for one-hot targets use CategoricalAccuracy");
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const auto chosen = detail::largest_index(step.predictions.elements() + row * classes, classes);
      mean.add(static_cast<T>(chosen) == step.targets.elements()[row] ? 1 : 0, step.sample_weight(row));
    }
  }

  /// Adds what another has gathered.
  void merge(const SparseCategoricalAccuracy& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  Mean mean_;
};

inline SparseCategoricalAccuracy::SparseCategoricalAccuracy(SparseCategoricalAccuracyOptions chosen)
    : options(std::move(chosen)) {}

}  // namespace nacre
