#pragma once
// JSONLogger: writes a line an epoch into a file of JSON lines.

#include <filesystem>
#include <utility>

#include <nacre/callbacks/callback.hpp>
#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of JSONLogger.
struct JSONLoggerOptions {
  bool append = false;  ///< whether to go on at the end of a file that is there
};

/// Writes an object an epoch, a line each: `{"epoch": 0, "loss": 0.5, "val_loss": 0.25}`, with all numbers of the logs
/// in every digit they have; one that is no number, or infinite, is null. Each line is in the file when the epoch has
/// ended. A last line that was cut, as by a power cut, is ended before others are appended.
class JSONLogger {
 public:
  static constexpr std::string_view type_name = "JSONLogger";
  static constexpr bool sets_logs = false;

  explicit JSONLogger(std::filesystem::path filename, JSONLoggerOptions options = {});

  std::filesystem::path filename;
  JSONLoggerOptions options;

  /// Throws FileError where the file cannot be written.
  void on_train_begin(TrainingRun& run);
  /// Throws FileError where the line cannot be written; the lines before it stay.
  void on_epoch_end(TrainingRun& run);
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/callbacks/json_logger-inl.hpp>
#endif
