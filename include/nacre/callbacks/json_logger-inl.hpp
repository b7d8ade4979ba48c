#pragma once
// JSONLogger's bodies.

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/json_logger.hpp>
#include <nacre/core/log_file.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// A text in JSON's quotes.
[[gnu::cold]] NACRE_INLINE void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') out += '\\';
    if (static_cast<unsigned char>(letter) >= 0x20) {
      out += letter;
      continue;
    }
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(letter));
    out += escaped;
  }
  out += '"';
}

}  // namespace detail

NACRE_INLINE JSONLogger::JSONLogger(std::filesystem::path file, JSONLoggerOptions chosen)
    : filename(std::move(file)), options(chosen) {}

[[gnu::cold]] NACRE_INLINE void JSONLogger::on_train_begin(TrainingRun&) {
  const std::string old = detail::begin_log(filename, options.append, "JSONLogger");
  if (!old.empty() && old.back() != '\n') detail::append_to_log(filename, "\n", "JSONLogger");
}

[[gnu::cold]] NACRE_INLINE void JSONLogger::on_epoch_end(TrainingRun& run) {
  std::string line = "{\"epoch\": " + std::to_string(run.epoch);
  for (const auto& [name, value] : run.logs) {
    line += ", ";
    detail::append_json_text(line, name);
    line += ": ";
    if (std::isfinite(value)) {
      detail::append_number(line, value, 'g', 17);
    } else {
      line += "null";
    }
  }
  detail::append_to_log(filename, line + "}\n", "JSONLogger");
}

}  // namespace nacre
