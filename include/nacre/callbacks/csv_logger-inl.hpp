#pragma once
// CSVLogger's bodies.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/csv_logger.hpp>
#include <nacre/core/atomic_file.hpp>
#include <nacre/core/log_file.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

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

}  // namespace detail

NACRE_INLINE CSVLogger::CSVLogger(std::filesystem::path file, CSVLoggerOptions chosen)
    : filename(std::move(file)), options(chosen) {}

[[gnu::cold]] NACRE_INLINE void CSVLogger::on_train_begin(TrainingRun&) {
  columns_.clear();
  const std::string old = detail::begin_log(filename, options.append, "CSVLogger");
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

NACRE_INLINE void CSVLogger::append(std::string_view text) const { detail::append_to_log(filename, text, "CSVLogger"); }

[[gnu::cold]] NACRE_INLINE void CSVLogger::replace(std::string_view text) const {
  AtomicFile file(filename);
  file.write(text);
  file.commit();
}

}  // namespace nacre
