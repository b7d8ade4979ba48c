#pragma once
// TimeLimit: ends training when its time is over.

#include <chrono>
#include <cstdio>

#include <nacre/callbacks/callback.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Ends training after the batch in which `seconds` have passed since it began, and says so on standard error, unless
/// the run is silent. What the epoch came to so far is in its logs, and it is validated as any other.
class TimeLimit {
 public:
  static constexpr std::string_view type_name = "TimeLimit";
  static constexpr bool sets_logs = false;

  /// Throws ValueError for less than 0 seconds.
  explicit TimeLimit(double seconds);
  /// The same for any duration: `TimeLimit(std::chrono::hours(2))`.
  template <class Number, class Period>
  explicit TimeLimit(std::chrono::duration<Number, Period> limit)
      : TimeLimit(std::chrono::duration<double>(limit).count()) {}

  double seconds;

  void on_train_begin(TrainingRun&) { begin_ = std::chrono::steady_clock::now(); }

  void on_train_batch_end(TrainingRun& run) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
    if (passed.count() < seconds || run.stopped()) return;
    if (run.verbose > 0) {
      std::fprintf(stderr, "Epoch %lld, batch %lld: %g seconds are over, terminating training\n",
                   static_cast<long long>(run.epoch + 1), static_cast<long long>(run.step + 1), seconds);
    }
    run.stop();
  }

 private:
  std::chrono::steady_clock::time_point begin_{};
};

inline TimeLimit::TimeLimit(double limit) : seconds(limit) {
  require<ValueError>(seconds >= 0, "TimeLimit: expected 0 seconds or more, got ", seconds);
}

}  // namespace nacre
