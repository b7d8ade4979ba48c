#pragma once
// AUC: the area under the curve that a classifier draws as its threshold moves.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/fields.hpp>
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
  [[gnu::cold]] void validate() const;

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

  double result() const;

  /// The area of each output with multi_label; nothing without.
  std::vector<double> per_class() const;

 private:
  using Counts = detail::ThresholdCounts::Counts;

  /// The first is below all predictions, the last above.
  [[gnu::cold]] std::vector<double> all_thresholds() const;

  double area(std::size_t label) const;

  double area_between(const Counts& a, const Counts& b) const;

  static double fallout(const Counts& c);

  /// Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006: between two thresholds,
  /// true positives rise evenly with all positives.
  static double interpolated(const Counts& a, const Counts& b);

  detail::ThresholdCounts counts_;
  std::vector<double> thresholds_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/metrics/auc-inl.hpp>
#endif
