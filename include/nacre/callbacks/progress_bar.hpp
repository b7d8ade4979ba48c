#pragma once
// ProgressBar: what fit shows while it trains.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One line an epoch that fills as it goes, as Keras has it: steps, bar, time elapsed and left, time a step and running
/// metrics, cut at the terminal's edge. It is drawn ten times a second. Where standard output is no terminal, or with
/// verbose 2, only the finished line is printed, with the validation's metrics. `fit` adds it by itself, behind all
/// other callbacks, unless verbose is 0.
class ProgressBar {
 public:
  static constexpr bool sets_logs = false;

  void on_epoch_begin(TrainingRun& run) {
    live_ = run.verbose == 1 && is_terminal();
    done_ = 0;
    start_ = shown_ = Clock::now();
    std::printf("Epoch %lld/%lld\n", static_cast<long long>(run.epoch + 1), static_cast<long long>(run.epochs));
    std::fflush(stdout);
  }

  void on_train_batch_end(TrainingRun& run) {
    done_ = run.step + 1;
    if (!live_) return;
    const auto now = Clock::now();
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    compose(run, false);
    cut(terminal_columns());
    show("");
  }

  void on_epoch_end(TrainingRun& run) {
    compose(run, true);
    show("\n");
  }

 private:
  using Clock = std::chrono::steady_clock;

  static bool is_terminal() {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(stdout)) != 0;
#else
    return false;
#endif
  }

  /// 0 where the terminal does not tell.
  static std::size_t terminal_columns() {
#if defined(__unix__) || defined(__APPLE__)
    ::winsize size{};
    if (ioctl(fileno(stdout), TIOCGWINSZ, &size) == 0) return size.ws_col;
#endif
    return 0;
  }

  /// The line after the steps that are done; fewer than there are where something has ended the run.
  void compose(const TrainingRun& run, bool finished) {
    constexpr std::int64_t width = 20;
    const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    const double step = done_ > 0 ? seconds / static_cast<double>(done_) : 0;
    const std::int64_t filled = run.steps > 0 ? width * done_ / run.steps : finished ? width : 0;
    line_.clear();
    if (run.steps > 0) {
      append("%lld/%lld ", static_cast<long long>(done_), static_cast<long long>(run.steps));
    } else {
      append("%lld/Unknown ", static_cast<long long>(done_));
    }
    for (std::int64_t cell = 0; cell < width; ++cell) line_ += cell < filled ? "━" : " ";
    line_ += ' ';
    append_duration(seconds);
    if (!finished && run.steps > 0) {
      line_ += ", ";
      append_duration(step * static_cast<double>(run.steps - done_));
      line_ += " left,";
    }
    append_step(step);
    for (const auto& [name, value] : run.logs) {
      const double size = std::abs(value);
      line_.append(" - ").append(name).append(": ");
      detail::append_number(line_, value, size != 0 && size < 1e-3 ? 'e' : 'f', 4);
    }
  }

  /// Keeps what fits into so many columns, a character of UTF-8 taking one: a longer line would wrap, and could not be
  /// drawn over.
  void cut(std::size_t columns) {
    std::size_t column = 0;
    for (std::size_t byte = 0; columns > 0 && byte < line_.size(); ++byte) {
      const bool begins_character = (static_cast<unsigned char>(line_[byte]) & 0xC0) != 0x80;
      if (begins_character && column++ == columns) line_.resize(byte);
    }
  }

  void show(const char* end) const {
    std::printf("%s%s%s", live_ ? "\r\x1b[K" : "", line_.c_str(), end);
    std::fflush(stdout);
  }

  // Into the one text that is used again and again, so that no step allocates.
  template <class... Values>
  void append(const char* format, Values... values) {
    char digits[64];
    std::snprintf(digits, sizeof digits, format, values...);
    line_ += digits;
  }

  void append_duration(double seconds) {
    const auto whole = static_cast<long long>(seconds + 0.5);
    if (whole < 60) {
      append("%llds", whole);
    } else if (whole < 3600) {
      append("%lld:%02lld", whole / 60, whole % 60);
    } else {
      append("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    }
  }

  void append_step(double seconds) {
    if (seconds >= 1) {
      append(" %.0fs/step", seconds);
    } else if (seconds >= 1e-3) {
      append(" %.0fms/step", seconds * 1e3);
    } else {
      append(" %.0fus/step", seconds * 1e6);
    }
  }

  bool live_ = false;
  std::int64_t done_ = 0;  // steps of the epoch
  Clock::time_point start_;
  Clock::time_point shown_;
  std::string line_;
};

}  // namespace nacre
