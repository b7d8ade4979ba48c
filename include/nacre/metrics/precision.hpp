#pragma once
// Precision: how many of the positive predictions were right.

#include <string>
#include <vector>

#include <nacre/metrics/confusion_counts.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Precision.
using PrecisionOptions = ConfusionOptions;

/// true positives / (true positives + false positives), accumulated over batches; 0 where nothing was predicted.
///
/// As in Keras, by default all outputs of all classes count as one binary problem with a threshold of 0.5: a row of a
/// softmax has at most one output above it, and may have none. For outputs that are logits, give the threshold 0, or
/// top_k. Besides Keras' options there are averages over the classes and `per_class()`, and one class number a row
/// serves as target as well as a one-hot row.
class Precision {
 public:
  static constexpr std::string_view type_name = "Precision";
  static constexpr bool larger_is_better = true;
  PrecisionOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  Precision(PrecisionOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  void validate() const { options.validate(type_name); }

  void reset() { counts_.reset(); }

  /// Adds a batch. Throws ShapeError or ValueError for targets that do not go with the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    counts_.update(step, options, type_name);
  }

  /// Adds what another has gathered. Throws ShapeError for another number of classes.
  void merge(const Precision& other) { counts_.merge(other.counts_, type_name); }

  double result() const { return counts_.average(options.average, ratio); }

  /// How many outputs, by their weights, the result is a proportion of; 0 where it is a mean of proportions.
  double trials() const {
    if (options.average != "micro") return 0;
    return counts_.average(
        "micro", [](const ConfusionCounts::Counts& counts) { return counts.true_positives + counts.false_positives; });
  }

  /// The precision of each class since `reset`, only that of class_id where it was given; with several thresholds that
  /// at each.
  std::vector<double> per_class() const { return counts_.each(options.average, ratio); }

 private:
  static double ratio(const ConfusionCounts::Counts& counts) {
    return ConfusionCounts::share(counts.true_positives, counts.false_positives);
  }

  ConfusionCounts counts_;
};

inline Precision::Precision(PrecisionOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
