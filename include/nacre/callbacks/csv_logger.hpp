#pragma once
// CSVLogger: writes a line an epoch into a file of comma-separated values.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <nacre/callbacks/callback.hpp>

namespace nacre {

struct CSVLoggerOptions {
  char separator = ',';
  bool append = false;  ///< whether to go on at the end of a file that is there
};

/// Writes `epoch` and all numbers of the logs, a line an epoch, with every digit they have. Each line is in the file when
/// the epoch has ended. A number that an epoch does not have leaves its place empty; one that comes up later, as those of
/// a validation every other epoch, gets a column of its own. Throws FileError where the file cannot be written.
class CSVLogger {
 public:
  explicit CSVLogger(std::filesystem::path file, CSVLoggerOptions chosen = {})
      : filename(std::move(file)), options(chosen) {}

  std::filesystem::path filename;
  CSVLoggerOptions options;

  void on_train_begin(TrainingRun&) {
    columns_ = options.append ? read_columns() : std::vector<std::string>();
    open(options.append ? std::ios::app : std::ios::trunc);
  }

  void on_epoch_end(TrainingRun& run) {
    add_columns(run.logs);
    *stream_ << run.epoch;
    for (const std::string& name : columns_) {
      *stream_ << options.separator;
      const double* value = run.logs.find(name);
      if (value == nullptr) continue;
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.17g", *value);
      *stream_ << digits;
    }
    *stream_ << '\n' << std::flush;
    check();
  }

  void on_train_end(TrainingRun&) { stream_.reset(); }

 private:
  void open(std::ios::openmode mode) {
    stream_ = std::make_shared<std::ofstream>(filename, mode);
    check();
  }

  void check() const {
    require<FileError>(stream_->good(), "CSVLogger: cannot write ", filename.string(),
                       "; does its folder exist, and may this program write there?");
  }

  /// Names of the columns after `epoch` in a file that is there.
  std::vector<std::string> read_columns() const {
    std::vector<std::string> columns;
    std::ifstream file(filename);
    std::string line;
    std::getline(file, line);
    std::istringstream header(line);
    for (std::string name; std::getline(header, name, options.separator);) columns.push_back(name);
    if (!columns.empty()) columns.erase(columns.begin());
    return columns;
  }

  /// Writes the header; where there was one already, the lines before get empty places for what is new.
  void add_columns(const Logs& logs) {
    const std::size_t before = columns_.size();
    for (const auto& [name, value] : logs) {
      if (std::find(columns_.begin(), columns_.end(), name) == columns_.end()) columns_.push_back(name);
    }
    if (columns_.size() == before) return;
    std::string lines;
    {
      std::ifstream file(filename);
      std::string line;
      std::getline(file, line);
      while (std::getline(file, line)) lines += line + std::string(columns_.size() - before, options.separator) + "\n";
    }
    open(std::ios::trunc);
    *stream_ << "epoch";
    for (const std::string& name : columns_) *stream_ << options.separator << name;
    *stream_ << '\n' << lines;
  }

  std::shared_ptr<std::ofstream> stream_;
  std::vector<std::string> columns_;
};

}  // namespace nacre
