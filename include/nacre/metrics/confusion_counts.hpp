#pragma once
// ConfusionCounts: for each class, how many predictions were right and wrong; what Precision and Recall are made of.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/words.hpp>
#include <nacre/metrics/metric.hpp>
#include <nacre/metrics/thresholds.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Precision and Recall.
struct ConfusionOptions {
  /// Outputs above it, strictly, are positive; by default 0.5, or none where top_k is given. Of several, the first
  /// gives the result, and `per_class()` has the results of all.
  Thresholds thresholds{};
  std::optional<std::int64_t> top_k{};     ///< only the k largest outputs of a row can be positive
  std::optional<std::int64_t> class_id{};  ///< look at this class only
  std::string name{};                      ///< under which the result appears; by default the class's in snake case

  /// How the classes are put together, as Keras' F1Score names it: "micro" counts all outputs as one binary problem,
  /// which is what Keras' Precision and Recall do; "macro" is the mean of all classes' results; "weighted" the mean
  /// weighted by how often each class is the right one.
  std::string average{"micro"};
  void fields(Fields& list) {
    list("thresholds", thresholds);
    list.only_read("threshold", thresholds);
    list("top_k", top_k);
    list("class_id", class_id);
    list("name", name);
    list("average", average);
  }

  /// Throws ValueError for an option outside what is listed; `metric` is named in the message.
  void validate(std::string_view metric) const {
    require<ValueError>(!top_k || *top_k >= 1, metric, ": expected top_k of 1 or more, got ", top_k.value_or(0));
    require<ValueError>(!class_id || *class_id >= 0, metric, ": expected class_id of 0 or more, got ",
                        class_id.value_or(0));
    require_one_of(metric, "average", average, {"micro", "macro", "weighted"});
  }
};

namespace detail {

/// What was counted for one class.
struct ClassCounts {
  double true_positives = 0;
  double false_positives = 0;
  double false_negatives = 0;

  ClassCounts& operator+=(const ClassCounts& other) {
    true_positives += other.true_positives;
    false_positives += other.false_positives;
    false_negatives += other.false_negatives;
    return *this;
  }
};

/// `ratio(counts)` of the classes put together as `average` says; 0 where nothing was counted.
template <class Ratio>
double average_counts(const List<ClassCounts>& classes, const std::string& average, Ratio ratio) {
  ClassCounts all;
  double sum = 0;
  double weighted = 0;
  for (const ClassCounts& counts : classes) {
    all += counts;
    sum += ratio(counts);
    weighted += ratio(counts) * (counts.true_positives + counts.false_negatives);
  }
  if (classes.empty()) return 0;
  if (average == "macro") return sum / static_cast<double>(classes.size());
  const double support = all.true_positives + all.false_negatives;
  if (average == "weighted") return support != 0 ? weighted / support : 0;
  return ratio(all);
}

}  // namespace detail

/// Sums of sample weights of true positives, false positives and false negatives for each class, kept in double.
class ConfusionCounts {
 public:
  using Counts = detail::ClassCounts;

  /// Forgets everything.
  void reset() {
    for (List<Counts>& classes : by_threshold_) classes.clear();  // whose memory the next epoch uses
  }

  /// Adds a batch. Targets are either shaped as the outputs, where all but 0 is positive, or one class number a row for
  /// outputs of several classes. Throws ShapeError for other shapes, or for another number of classes than before, and
  /// ValueError for a class number that is none; `metric` is named in the message.
  template <class T>
  void update(const MetricStep<T>& step, const ConfusionOptions& options, std::string_view metric) {
    const std::int64_t features = step.predictions.sample_size();
    const Range chosen = range(features, options, metric);
    const std::int64_t columns = step.targets.sample_size();
    const bool numbers = columns == 1 && features > 1;
    require<ShapeError>(numbers || columns == features, metric, ": expected targets shaped as the outputs, ", features,
                        " a row, or one class number a row, got ", columns, " a row");
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const T* prediction = step.predictions.elements() + row * features;
      const T* target = step.targets.elements() + row * columns;
      if (numbers) {
        const bool known = *target >= T(0) && *target < static_cast<T>(features) && *target == std::floor(*target);
        require<ValueError>(known, metric, ": row ", row, ": expected the number of a class from 0 to ", features - 1,
                            ", got ", *target);
      }
      if (options.top_k) mark_largest(prediction, features, *options.top_k);
      const double weight = step.sample_weight(row);
      for (std::int64_t c = chosen.first; c < chosen.last; ++c) {
        const bool positive = numbers ? *target == static_cast<T>(c) : target[c] != T(0);
        const bool eligible = !options.top_k || among_largest_[static_cast<std::size_t>(c)] != 0;
        for (std::size_t t = 0; t < thresholds_.size(); ++t) {
          const bool predicted = eligible && prediction[c] > static_cast<T>(thresholds_[t]);
          Counts& counts = by_threshold_[t][static_cast<std::size_t>(c - chosen.first)];
          if (positive && predicted) counts.true_positives += weight;
          if (!positive && predicted) counts.false_positives += weight;
          if (positive && !predicted) counts.false_negatives += weight;
        }
      }
    }
  }

  /// Adds what another has counted. Throws ShapeError for another number of classes; `metric` is named in the message.
  void merge(const ConfusionCounts& other, std::string_view metric) {
    if (other.is_empty()) return;
    if (is_empty()) return static_cast<void>(by_threshold_ = other.by_threshold_);
    const std::size_t classes = by_threshold_[0].size();
    require<ShapeError>(classes == other.by_threshold_[0].size(), metric, ": expected a metric of ", classes,
                        " classes to merge with, got ", other.by_threshold_[0].size());
    for (std::size_t t = 0; t < by_threshold_.size(); ++t) {
      for (std::size_t c = 0; c < classes; ++c) by_threshold_[t][c] += other.by_threshold_[t][c];
    }
  }

  /// `ratio(counts)` at the first threshold, of the classes put together as `average` says; 0 where nothing was
  /// counted.
  template <class Ratio>
  double average(const std::string& average, Ratio ratio) const {
    return is_empty() ? 0 : detail::average_counts(by_threshold_[0], average, ratio);
  }

  /// `ratio(counts)` of each class, only that of `class_id` where it was given; with several thresholds what the
  /// classes come to at each.
  template <class Ratio>
  std::vector<double> each(const std::string& average, Ratio ratio) const {
    std::vector<double> results;
    if (is_empty()) return results;
    if (by_threshold_.size() == 1) {
      for (const Counts& counts : by_threshold_[0]) results.push_back(ratio(counts));
    } else {
      for (const auto& classes : by_threshold_) results.push_back(detail::average_counts(classes, average, ratio));
    }
    return results;
  }

  /// part / (part + rest), 0 where there was nothing: Keras' divide_no_nan.
  static double share(double part, double rest) { return part + rest != 0 ? part / (part + rest) : 0; }

 private:
  bool is_empty() const { return by_threshold_.empty() || by_threshold_[0].empty(); }

  Range range(std::int64_t features, const ConfusionOptions& options, std::string_view metric) {
    Range chosen{0, features};
    if (options.class_id) {
      require<ValueError>(*options.class_id < features, metric, ": expected class_id below the ", features,
                          " outputs, got ", *options.class_id);
      chosen = {*options.class_id, *options.class_id + 1};
    }
    const auto size = static_cast<std::size_t>(chosen.size());
    const double none = -std::numeric_limits<double>::infinity();
    if (thresholds_.empty()) thresholds_ = options.thresholds.value_or(options.top_k ? none : 0.5);
    by_threshold_.resize(thresholds_.size());
    for (List<Counts>& classes : by_threshold_) {
      if (classes.empty()) classes.resize(size);
    }
    require<ShapeError>(by_threshold_[0].size() == size, metric, ": expected ", by_threshold_[0].size(),
                        " outputs as in the batches before, got ", size);
    return chosen;
  }

  template <class T>
  void mark_largest(const T* values, std::int64_t count, std::int64_t k) {
    const auto size = static_cast<std::size_t>(count);
    among_largest_.assign(size, k >= count ? 1 : 0);
    if (k >= count) return;
    order_.resize(size);
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    // Of equal outputs the first counts as larger, so that exactly k are marked, always the same ones.
    std::nth_element(order_.begin(), order_.begin() + k, order_.end(), [values](std::int64_t a, std::int64_t b) {
      return values[a] > values[b] || (values[a] == values[b] && a < b);
    });
    for (std::int64_t i = 0; i < k; ++i)
      among_largest_[static_cast<std::size_t>(order_[static_cast<std::size_t>(i)])] = 1;
  }

  std::vector<double> thresholds_;
  List<List<Counts>> by_threshold_;
  List<std::int64_t> order_;
  std::vector<char> among_largest_;
};

}  // namespace nacre
