#pragma once
// LearningRateScheduler: sets the learning rate of each epoch.

#include <concepts>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>

#include <nacre/callbacks/callback.hpp>
#include <nacre/callbacks/learning_rate_log.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of LearningRateScheduler.
struct LearningRateSchedulerOptions {
  int verbose = 0;  ///< 1: says each epoch's learning rate
};

/// Where an epoch begins, sets the learning rate to what a function says:
///
///     LearningRateScheduler([](std::int64_t epoch) { return epoch < 10 ? 1e-3 : 1e-4; })
///     LearningRateScheduler([](std::int64_t epoch, double rate) { return epoch < 10 ? rate : 0.9 * rate; })
///
/// It writes "learning_rate" into the logs. For a rate that changes from step to step give the optimizer a schedule.
class LearningRateScheduler {
 public:
  static constexpr bool sets_logs = false;  // of its own: "learning_rate" is announced

  /// @param schedule the learning rate by the epoch, counted from 0, or by the epoch and the present learning rate.
  template <class Schedule>
  requires std::is_invocable_r_v<double, Schedule&, std::int64_t> ||
      std::is_invocable_r_v<double, Schedule&, std::int64_t, double>
  explicit LearningRateScheduler(Schedule schedule, LearningRateSchedulerOptions chosen = {}) : options(chosen) {
    if constexpr (std::is_invocable_r_v<double, Schedule&, std::int64_t, double>) {
      schedule_ = std::move(schedule);
    } else {
      schedule_ = [by_epoch = std::function<double(std::int64_t)>(std::move(schedule))](std::int64_t epoch, double) {
        return by_epoch(epoch);
      };
    }
  }

  LearningRateSchedulerOptions options;

  void on_train_begin(TrainingRun& run) { detail::announce_learning_rate(run); }

  /// Throws ValueError for a learning rate below 0 or one that is no number, StateError where the optimizer follows a
  /// schedule of its own.
  void on_epoch_begin(TrainingRun& run) {
    run.set_learning_rate(schedule_(run.epoch, run.learning_rate()));
    if (options.verbose > 0) detail::say_learning_rate(run, "LearningRateScheduler setting");
  }

  void on_epoch_end(TrainingRun& run) { run.logs.set(detail::learning_rate_log, run.learning_rate()); }

 private:
  std::function<double(std::int64_t, double)> schedule_;
};

}  // namespace nacre
