#pragma once
// Watches one number of the logs: what EarlyStopping and ModelCheckpoint have in common.

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <nacre/callbacks/callback.hpp>

namespace nacre {

/// The best value so far of a number in the logs. Keras' rule: with mode "auto" a number whose name ends in a metric that
/// counts successes (accuracy, precision, recall, auc, f1...) is better when larger, all others when smaller.
class Monitor {
 public:
  /// Throws ValueError for a mode other than "auto", "min" and "max".
  Monitor(std::string name, std::string_view mode, double min_delta) : name_(std::move(name)), min_delta_(std::abs(min_delta)) {
    require<ValueError>(mode == "auto" || mode == "min" || mode == "max", "monitor: expected mode auto, min or max, got \"",
                        mode, "\"");
    larger_is_better_ = mode == "max" || (mode == "auto" && counts_successes(name_));
    reset();
  }

  void reset() {
    best_ = larger_is_better_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }

  /// The number in the logs; none for a number of validation in an epoch that skips it. Throws ValueError, with the names
  /// there are, where it is missing otherwise.
  std::optional<double> read(const TrainingRun& run) const {
    if (const double* value = run.logs.find(name_)) return *value;
    if (!run.validates && name_.rfind("val_", 0) == 0) return std::nullopt;
    std::string names;
    for (const auto& entry : run.logs) names += (names.empty() ? "" : ", ") + entry.first;
    throw ValueError(text("monitor: expected one of ", names, ", got \"", name_,
                          name_.rfind("val_", 0) == 0 ? "\"; give fit validation data or a validation_split" : "\""));
  }

  /// Whether `value` is better than the best by more than min_delta; then it is the best from now on.
  bool improves(double value) {
    const bool better = is_better(value, best_);
    if (better) best_ = value;
    return better;
  }

  /// Whether `value` is better than `reference` by more than min_delta.
  bool is_better(double value, double reference) const {
    return larger_is_better_ ? value - min_delta_ > reference : value + min_delta_ < reference;
  }

  double best() const { return best_; }
  void set_best(double value) { best_ = value; }
  const std::string& name() const { return name_; }

 private:
  static bool counts_successes(std::string_view name) {
    for (std::string_view part : {"acc", "precision", "recall", "auc", "f1", "fbeta", "iou", "r2", "true_positives",
                                  "true_negatives"}) {
      if (name.find(part) != std::string_view::npos) return true;
    }
    return false;
  }

  std::string name_;
  double min_delta_;
  bool larger_is_better_ = false;
  double best_ = 0;
};

}  // namespace nacre
