#pragma once
// CSVLogger: writes a line an epoch into a file of comma-separated values.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <nacre/callbacks/callback.hpp>

namespace nacre {

struct CSVLoggerOptions {
  char separator = ',';
  bool append = false;  ///< whether to go on at the end of a file that is there
};

/// Writes `epoch` and all numbers of the logs, a line an epoch, with every digit they have. Each line is in the file when the
/// epoch has ended. Throws FileError where the file cannot be written.
class CSVLogger {
 public:
  explicit CSVLogger(std::filesystem::path file, CSVLoggerOptions chosen = {})
      : filename(std::move(file)), options(chosen) {}

  std::filesystem::path filename;
  CSVLoggerOptions options;

  void on_train_begin(TrainingRun&) {
    std::error_code ignored;
    has_header_ = options.append && std::filesystem::file_size(filename, ignored) > 0 && !ignored;
    stream_ = std::make_shared<std::ofstream>(filename, options.append ? std::ios::app : std::ios::trunc);
    check();
  }

  void on_epoch_end(TrainingRun& run) {
    if (!has_header_) {
      *stream_ << "epoch";
      for (const auto& [name, value] : run.logs) *stream_ << options.separator << name;
      *stream_ << '\n';
      has_header_ = true;
    }
    *stream_ << run.epoch;
    for (const auto& [name, value] : run.logs) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.17g", value);
      *stream_ << options.separator << digits;
    }
    *stream_ << '\n' << std::flush;
    check();
  }

  void on_train_end(TrainingRun&) { stream_.reset(); }

 private:
  void check() const {
    require<FileError>(stream_->good(), "CSVLogger: cannot write ", filename.string(),
                       "; does its folder exist, and may this program write there?");
  }

  std::shared_ptr<std::ofstream> stream_;
  bool has_header_ = false;
};

}  // namespace nacre
