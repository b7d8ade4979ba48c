#pragma once
// ProgressBar: what fit shows while it trains.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

#include <nacre/callbacks/callback.hpp>

namespace nacre {

/// One line an epoch that fills as it goes: steps, bar, time, time a step and running metrics. Where standard output is no
/// terminal, or with verbose 2, only the finished line is printed. `fit` adds it by itself unless verbose is 0.
class ProgressBar {
 public:
  void on_epoch_begin(TrainingRun& run) {
    live_ = run.verbose == 1 && is_terminal();
    start_ = shown_ = Clock::now();
    std::printf("Epoch %lld/%lld\n", static_cast<long long>(run.epoch + 1), static_cast<long long>(run.epochs));
    std::fflush(stdout);
  }

  void on_train_batch_end(TrainingRun& run) {
    if (!live_) return;
    const auto now = Clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    print(run, run.step + 1, false);
  }

  void on_epoch_end(TrainingRun& run) { print(run, run.steps, true); }

 private:
  using Clock = std::chrono::steady_clock;

  static bool is_terminal() {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(stdout)) != 0;
#else
    return false;
#endif
  }

  void print(const TrainingRun& run, std::int64_t done, bool finished) const {
    constexpr std::int64_t width = 20;
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const std::int64_t filled = run.steps > 0 ? width * done / run.steps : width;
    std::string line = text(done, "/", run.steps, " ");
    for (std::int64_t cell = 0; cell < width; ++cell) line += cell < filled ? "━" : " ";
    const double step_seconds = done > 0 ? seconds / static_cast<double>(done) : 0;
    if (finished) {
      line += " " + duration(seconds) + " " + small_duration(step_seconds) + "/step";
    } else {
      line += " " + duration(step_seconds * static_cast<double>(run.steps - done)) + " " + small_duration(step_seconds) + "/step";
    }
    for (const auto& [name, value] : run.logs) {
      const double size = std::abs(value);
      char number[32];
      std::snprintf(number, sizeof number, size != 0 && size < 1e-3 ? "%.4e" : "%.4f", value);
      line += " - " + name + ": " + number;
    }
    std::printf("%s%s%s", live_ ? "\r\x1b[K" : "", line.c_str(), finished ? "\n" : "");
    std::fflush(stdout);
  }

  static std::string duration(double seconds) {
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 60) return text(whole, "s");
    char digits[32];
    if (whole < 3600) {
      std::snprintf(digits, sizeof digits, "%lld:%02lld", whole / 60, whole % 60);
    } else {
      std::snprintf(digits, sizeof digits, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    }
    return digits;
  }

  static std::string small_duration(double seconds) {
    char digits[32];
    if (seconds >= 1) {
      std::snprintf(digits, sizeof digits, "%.0fs", seconds);
    } else if (seconds >= 1e-3) {
      std::snprintf(digits, sizeof digits, "%.0fms", seconds * 1e3);
    } else {
      std::snprintf(digits, sizeof digits, "%.0fus", seconds * 1e6);
    }
    return digits;
  }

  bool live_ = false;
  Clock::time_point start_;
  Clock::time_point shown_;
};
NACRE_CALLBACK(ProgressBar);

}  // namespace nacre
