#pragma once
// CSVLogger's bodies.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <nacre/callbacks/csv_logger.hpp>
#include <nacre/core/atomic_file.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// The whole file; empty where there is none, and for devices, which may have no end.
[[gnu::cold]] NACRE_INLINE std::string whole_text(const std::filesystem::path& path) {
  std::string content;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return content;
  if (std::FILE* const file = std::fopen(path.c_str(), "rbe")) {
    char bytes[4096];
    for (std::size_t size; (size = std::fread(bytes, 1, sizeof bytes, file)) > 0;) content.append(bytes, size);
    std::fclose(file);
  }
  return content;
}

/// What stands before each `end`, and behind the last one where there is something.
[[gnu::cold]] NACRE_INLINE std::vector<std::string> split(std::string_view text, char end) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find(end), text.size());
    parts.emplace_back(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return parts;
}

[[noreturn, gnu::cold]] NACRE_INLINE void cannot_write_csv(const std::filesystem::path& path) {
  throw FileError(text("CSVLogger: cannot write ", path.string(),
                       "; does its folder exist, may this program write there, and is the disk full?"));
}

}  // namespace detail

NACRE_INLINE CSVLogger::CSVLogger(std::filesystem::path file, CSVLoggerOptions chosen)
    : filename(std::move(file)), options(chosen) {}

[[gnu::cold]] NACRE_INLINE void CSVLogger::on_train_begin(TrainingRun&) {
  columns_.clear();
  const int created = ::open(filename.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (options.append ? 0 : O_TRUNC), 0666);
  if (created < 0) detail::cannot_write_csv(filename);
  ::close(created);
  const std::string old = detail::whole_text(filename);
  if (old.empty()) return;
  columns_ = detail::split(std::string_view(old).substr(0, old.find('\n')), options.separator);
  if (!columns_.empty()) columns_.erase(columns_.begin());
  if (old.back() != '\n') append("\n");
}

[[gnu::cold]] NACRE_INLINE void CSVLogger::on_epoch_end(TrainingRun& run) {
  if (!add_columns(run.logs)) {
    append(line(run));
    return;
  }
  const std::vector<std::string> lines = detail::split(detail::whole_text(filename), '\n');
  if (lines.empty()) {
    append(header() + line(run));
    return;
  }
  // The lines before get empty places for what is new.
  std::string content = header();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto places = static_cast<std::size_t>(std::count(lines[i].begin(), lines[i].end(), options.separator));
    const std::size_t missing = columns_.size() - std::min(places, columns_.size());
    content += lines[i] + std::string(missing, options.separator) + "\n";
  }
  replace(content + line(run));
}

/// Whether there are numbers that have no column yet; then they have one.
NACRE_INLINE bool CSVLogger::add_columns(const Logs& logs) {
  const std::size_t before = columns_.size();
  for (const auto& entry : logs) {
    if (std::find(columns_.begin(), columns_.end(), entry.first) == columns_.end()) columns_.push_back(entry.first);
  }
  return columns_.size() > before;
}

NACRE_INLINE std::string CSVLogger::header() const {
  std::string names = "epoch";
  for (const std::string& name : columns_) names.append(1, options.separator).append(name);
  return names + "\n";
}

NACRE_INLINE std::string CSVLogger::line(const TrainingRun& run) const {
  std::string numbers = std::to_string(run.epoch);
  for (const std::string& name : columns_) {
    numbers += options.separator;
    if (const double* value = run.logs.find(name)) detail::append_number(numbers, *value, 'g', 17);
  }
  return numbers + "\n";
}

/// Adds `text` to the file; where not all of it can be written, nothing is added.
NACRE_INLINE void CSVLogger::append(std::string_view text) const {
  const int file = ::open(filename.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) detail::cannot_write_csv(filename);
  const ::off_t size = ::lseek(file, 0, SEEK_END);
  const ::ssize_t written = ::write(file, text.data(), text.size());
  const bool complete = written == static_cast<::ssize_t>(text.size());
  if (!complete && written > 0 && size >= 0) static_cast<void>(::ftruncate(file, size) == 0);
  const bool closed = ::close(file) == 0;
  if (!complete || !closed) detail::cannot_write_csv(filename);
}

[[gnu::cold]] NACRE_INLINE void CSVLogger::replace(std::string_view text) const {
  AtomicFile file(filename);
  file.write(text);
  file.commit();
}

}  // namespace nacre
