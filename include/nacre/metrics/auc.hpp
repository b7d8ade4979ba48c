#pragma once
// AUC: the area under the curve that a classifier draws as its threshold moves.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/fields.hpp>
#include <nacre/core/words.hpp>
#include <nacre/metrics/best_at.hpp>
#include <nacre/metrics/thresholds.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of AUC.
struct AUCOptions {
  std::int64_t num_thresholds = 200;  ///< by which the curve is drawn, 2 or more
  std::string curve{"ROC"};           ///< recall over false positive rate; "PR": precision over recall
  /// How the area is summed up between thresholds: "interpolation" by the mean of both heights, and for "PR" by what
  /// counts between them would be (Davis and Goadrich, 2006); "minoring" by the smaller, "majoring" by the larger.
  std::string summation_method{"interpolation"};
  std::string name{};                                  ///< under which the result appears; by default "auc"
  std::optional<std::vector<double>> thresholds{};     ///< in place of evenly spaced ones; 0 and 1 are added
  bool multi_label{};                                  ///< the mean of the areas of all outputs, not one area of all
  std::optional<std::int64_t> num_labels{};            ///< outputs, where they are to be checked
  std::optional<std::vector<double>> label_weights{};  ///< of the outputs, in that mean, or in the counts
  bool from_logits{};                                  ///< predictions are logits of a sigmoid
  void fields(Fields& list) {
    list("num_thresholds", num_thresholds);
    list("curve", curve);
    list("summation_method", summation_method);
    list("name", name);
    list("thresholds", thresholds);
    list("multi_label", multi_label);
    list("num_labels", num_labels);
    list("label_weights", label_weights);
    list("from_logits", from_logits);
  }
};

/// The area under the ROC or precision-recall curve of a classifier, by counts at thresholds from 0 to 1, which merge.
/// Predictions are probabilities, or logits where `from_logits` says so; targets other than 0 are positive and shaped
/// as the outputs. With multi_label `per_class()` has the area of each output. Keras' formulas.
class AUC {
 public:
  static constexpr std::string_view type_name = "AUC";
  static constexpr bool larger_is_better = true;
  AUCOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for options outside what they say.
  AUC(AUCOptions options = {});

  /// Throws ValueError for options outside what they say.
  void validate() const {
    require_one_of(type_name, "curve", options.curve, {"ROC", "PR"});
    require_one_of(type_name, "summation_method", options.summation_method, {"interpolation", "minoring", "majoring"});
    require<ValueError>(options.num_thresholds >= 2, type_name, ": expected num_thresholds of 2 or more, got ",
                        options.num_thresholds);
    if (options.thresholds) Thresholds(*options.thresholds).validate(type_name);
  }

  void reset() { counts_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs, or another number of these.
  template <class T>
  void update(const MetricStep<T>& step) {
    const std::int64_t features = step.predictions.sample_size();
    require<ShapeError>(!options.num_labels || !options.multi_label || *options.num_labels == features, type_name,
                        ": expected num_labels outputs, ", options.num_labels.value_or(0), ", got ", features);
    if (thresholds_.empty()) thresholds_ = all_thresholds();
    counts_.update(step, {type_name, thresholds_, options.multi_label, -1,
                          options.label_weights ? &*options.label_weights : nullptr, options.from_logits});
  }

  /// Adds what another has gathered.
  void merge(const AUC& other) { counts_.merge(other.counts_, type_name); }

  double result() const {
    double sum = 0;
    double weights = 0;
    for (std::size_t label = 0; label < counts_.labels(); ++label) {
      const double weight = options.multi_label && options.label_weights ? (*options.label_weights)[label] : 1;
      sum += weight * area(label);
      weights += weight;
    }
    return weights != 0 ? sum / weights : 0;
  }

  /// The area of each output with multi_label; nothing without.
  std::vector<double> per_class() const {
    std::vector<double> all;
    for (std::size_t label = 0; options.multi_label && label < counts_.labels(); ++label) all.push_back(area(label));
    return all;
  }

 private:
  using Counts = detail::ThresholdCounts::Counts;

  /// The first is below all predictions, the last above.
  [[gnu::cold]] std::vector<double> all_thresholds() const {
    std::vector<double> all = detail::even_thresholds(options.num_thresholds);
    if (options.thresholds) {
      all = *options.thresholds;
      std::sort(all.begin(), all.end());
      all.insert(all.begin(), 0.0);
      all.push_back(1.0);
    }
    all.front() = -1e-7;
    all.back() = 1 + 1e-7;
    return all;
  }

  [[gnu::cold]] double area(std::size_t label) const {
    const std::size_t thresholds =
        options.thresholds ? options.thresholds->size() + 2 : static_cast<std::size_t>(options.num_thresholds);
    const std::vector<Counts> counts = counts_.at_thresholds(thresholds, label);
    double sum = 0;
    for (std::size_t i = 0; i + 1 < counts.size(); ++i) sum += area_between(counts[i], counts[i + 1]);
    return sum;
  }

  double area_between(const Counts& a, const Counts& b) const {
    const bool roc = options.curve == "ROC";
    if (!roc && options.summation_method == "interpolation") return interpolated(a, b);
    const detail::OutcomeShare height = roc ? detail::recall_of : detail::precision_of;
    const double width = roc ? fallout(a) - fallout(b) : detail::recall_of(a) - detail::recall_of(b);
    if (options.summation_method == "minoring") return width * std::min(height(a), height(b));
    if (options.summation_method == "majoring") return width * std::max(height(a), height(b));
    return width * (height(a) + height(b)) / 2;
  }

  static double fallout(const Counts& c) { return detail::ThresholdCounts::share(c.false_positives, c.true_negatives); }

  /// Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006: between two thresholds,
  /// true positives rise evenly with all positives.
  static double interpolated(const Counts& a, const Counts& b) {
    const double rise = a.true_positives - b.true_positives;
    const double p_a = a.true_positives + a.false_positives;
    const double p_b = b.true_positives + b.false_positives;
    const double slope = p_a > p_b ? rise / (p_a - p_b) : 0;
    const double intercept = b.true_positives - slope * p_b;
    const double ratio = p_a > 0 && p_b > 0 ? p_a / p_b : 1;
    const double positives = b.true_positives + b.false_negatives;
    return positives > 0 ? slope * (rise + intercept * std::log(ratio)) / positives : 0;
  }

  detail::ThresholdCounts counts_;
  std::vector<double> thresholds_;
};

inline AUC::AUC(AUCOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
