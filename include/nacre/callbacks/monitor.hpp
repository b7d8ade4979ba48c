#pragma once
// Watches one number of the logs: what EarlyStopping and ModelCheckpoint have in common.

#include <optional>
#include <string>
#include <string_view>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Whether larger values of a number in the logs are better, by its name without "val_" before it and a count such as
/// "_1" behind it: true for Keras' metrics that count successes (accuracy, precision, recall, auc, f1_score...), false
/// for losses and errors (loss, mse, mean_absolute_error, false_positives...). A name may have words of its own before
/// the known one: "digits_accuracy". None where the name does not tell.
std::optional<bool> larger_is_better(std::string_view name);

/// The best value so far of a number in the logs.
class Monitor {
 public:
  /// @param mode "max" or "min", whether larger or smaller is better; "auto": as `larger_is_better` has it.
  /// Throws ValueError for another mode, and for "auto" where the name does not tell.
  Monitor(std::string name, std::string_view mode, double min_delta);

  void reset();

  /// Throws ValueError, with the names there will be and what to do, where it is sure before training that no epoch
  /// will have the number: validation's without a validation, or one that nothing sets.
  void check(const TrainingRun& run) const;

  /// The number in the logs; none for a number of validation in an epoch that skips it. Throws ValueError, with the
  /// names there are, where it is missing otherwise.
  std::optional<double> read(const TrainingRun& run) const;

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
  [[noreturn]] void fail(const std::string& names) const;

  std::string name_;
  double min_delta_;
  bool larger_is_better_ = false;
  double best_ = 0;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/monitor-inl.hpp>
#endif
