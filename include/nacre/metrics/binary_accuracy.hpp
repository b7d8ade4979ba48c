#pragma once
// BinaryAccuracy: how often a yes or no was right.

#include <string>

#include <nacre/metrics/mean.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of BinaryAccuracy.
struct BinaryAccuracyOptions {
  std::string name{};     ///< under which the result appears; by default "binary_accuracy"
  double threshold{0.5};  ///< predictions above it, strictly, are a yes
  void fields(Fields& list) {
    list("name", name);
    list("threshold", threshold);
  }
};

/// The part of the outputs that, as 1 above the threshold and 0 otherwise, equal their targets. Targets are shaped as
/// the outputs. A sample weight counts for the whole row.
class BinaryAccuracy {
 public:
  static constexpr std::string_view type_name = "BinaryAccuracy";
  static constexpr bool larger_is_better = true;
  BinaryAccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  BinaryAccuracy(BinaryAccuracyOptions options = {});

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, options.threshold, mean_);
  }

  /// Adds each row of a batch to a mean: what Accuracy does with it, too.
  template <class T>
  static void count(const MetricStep<T>& step, double yes_above, Mean& mean) {
    const std::int64_t features = step.predictions.sample_size();
    require<ShapeError>(step.targets.sample_size() == features, type_name, ": expected targets shaped as the outputs, ",
                        features, " a row, got ", step.targets.sample_size());
    const T threshold = static_cast<T>(yes_above);
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* prediction = step.predictions.elements() + row * features;
      const T* target = step.targets.elements() + row * features;
      std::int64_t right = 0;
      for (std::int64_t i = 0; i < features; ++i) right += target[i] == (prediction[i] > threshold ? T(1) : T(0));
      mean.add(static_cast<double>(right) / static_cast<double>(features), step.sample_weight(row));
    }
  }

  /// Adds what another has gathered.
  void merge(const BinaryAccuracy& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  Mean mean_;
};

inline BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
