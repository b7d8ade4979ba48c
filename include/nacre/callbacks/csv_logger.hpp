#pragma once
// CSVLogger: writes a line an epoch into a file of comma-separated values.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CSVLogger.
struct CSVLoggerOptions {
  char separator = ',';
  bool append = false;  ///< whether to go on at the end of a file that is there
};

/// Writes `epoch` and all numbers of the logs, a line an epoch, with every digit they have and a decimal point whatever
/// the locale. Each line is in the file when the epoch has ended. A number that an epoch does not have leaves its place
/// empty; one that comes up later, as those of a validation every other epoch, gets a column of its own: the file is
/// then replaced as a whole, so that no line is lost if the program is killed meanwhile or the disk is full. A last
/// line that was cut, as by a power cut, is ended before others are appended.
class CSVLogger {
 public:
  static constexpr bool sets_logs = false;

  explicit CSVLogger(std::filesystem::path filename, CSVLoggerOptions options = {});

  std::filesystem::path filename;
  CSVLoggerOptions options;

  /// Throws FileError where the file cannot be written.
  void on_train_begin(TrainingRun& run);
  /// Throws FileError where the line cannot be written; the lines before it stay.
  void on_epoch_end(TrainingRun& run);

 private:
  bool add_columns(const Logs& logs);
  std::string header() const;
  std::string line(const TrainingRun& run) const;
  void append(std::string_view text) const;
  void replace(std::string_view text) const;

  std::vector<std::string> columns_;  // after `epoch`
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/csv_logger-inl.hpp>
#endif
