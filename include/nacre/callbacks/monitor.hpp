#pragma once
// Watches one number of the logs: what EarlyStopping and ModelCheckpoint have in common.

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The best value so far of a number in the logs.
class Monitor {
 public:
  /// @param mode "max" or "min", whether larger or smaller is better; "auto": as the loss or the metric has it, which
  ///             `begin` finds out.
  /// Throws ValueError for another mode.
  Monitor(std::string name, std::string_view mode, double min_delta);

  /// Where training begins: learns which direction is better. Throws ValueError, with the
  /// names there will be and what to do, where it is sure that no epoch will have the number: validation's without a
  /// validation, or one that nobody sets. Throws ValueError for the mode "auto" where nothing tells the direction: for
  /// a metric that does not say, and for a number that a callback sets.
  void begin(const TrainingRun& run);

  /// Forgets the best value.
  void reset() { best_.reset(); }

  /// The number in the logs; none for a number of validation in an epoch that skips it. Throws ValueError, with the
  /// names there are, where it is missing otherwise.
  std::optional<double> read(const TrainingRun& run) const;

  /// Whether `value` is better than the best by more than min_delta; then it is the best from now on.
  bool improves(double value) {
    const bool better = is_better(value, best());
    if (better) best_ = value;
    return better;
  }

  /// Whether `value` is better than `reference` by more than min_delta.
  bool is_better(double value, double reference) const {
    return larger_is_better_ ? value - min_delta_ > reference : value + min_delta_ < reference;
  }

  /// What it has gathered.
  void state(CallbackState& list) { list("best", best_); }

  /// Infinity, the worst there is, where there was none.
  double best() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return best_.value_or(larger_is_better_ ? -infinity : infinity);
  }
  void set_best(double value) { best_ = value; }
  const std::string& name() const { return name_; }

 private:
  const LogName* find(const TrainingRun& run, std::string_view name) const;
  void check(const TrainingRun& run) const;
  [[noreturn]] void fail(const std::string& names) const;

  std::string name_;
  std::optional<bool> mode_;  // as it was given; none for "auto"
  double min_delta_;
  bool larger_is_better_ = false;
  std::optional<double> best_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/monitor-inl.hpp>
#endif
