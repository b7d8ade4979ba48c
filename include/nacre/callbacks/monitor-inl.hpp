#pragma once
// Monitor's bodies.

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/monitor.hpp>
#include <nacre/core/words.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// `name` without "val_" before it.
NACRE_INLINE std::string_view without_val(std::string_view name) {
  return name.substr(0, 4) == "val_" ? name.substr(4) : name;
}

}  // namespace detail

[[gnu::cold]] NACRE_INLINE Monitor::Monitor(std::string name, std::string_view mode, double min_delta)
    : name_(std::move(name)), min_delta_(std::abs(min_delta)) {
  require_one_of("monitor", "mode", mode, {"auto", "min", "max"});
  if (mode != "auto") mode_ = mode == "max";
  larger_is_better_ = mode_.value_or(false);
}

[[gnu::cold]] NACRE_INLINE const LogName* Monitor::find(const TrainingRun& run, std::string_view name) const {
  for (const LogName& log : run.log_names) {
    if (log.name == name) return &log;
  }
  return nullptr;
}

[[gnu::cold]] NACRE_INLINE void Monitor::begin(const TrainingRun& run) {
  check(run);
  const LogName* log = find(run, name_);
  const bool known = mode_.has_value() || (log != nullptr && log->larger_is_better.has_value());
  require<ValueError>(known, "monitor: expected mode min or max for \"", name_,
                      "\", of which it is not known whether smaller or larger is better, got mode auto");
  larger_is_better_ = mode_ ? *mode_ : log->larger_is_better.value_or(false);
}

[[gnu::cold]] NACRE_INLINE void Monitor::check(const TrainingRun& run) const {
  if (run.log_names.empty() || find(run, name_) != nullptr) return;
  // A callback may set a number of its own, but not what only a validation can tell.
  if (run.callbacks_set_logs && find(run, detail::without_val(name_)) == nullptr) return;
  std::string names;
  for (const LogName& log : run.log_names) names += (names.empty() ? "" : ", ") + log.name;
  fail(names);
}

NACRE_INLINE std::optional<double> Monitor::read(const TrainingRun& run) const {
  if (const double* value = run.logs.find(name_)) return *value;
  if (!run.validates && name_.rfind("val_", 0) == 0) return std::nullopt;
  fail(run.logs.names());
}

[[noreturn, gnu::cold]] NACRE_INLINE void Monitor::fail(const std::string& names) const {
  throw ValueError(text("monitor: expected one of ", names, ", got \"", name_,
                        name_.rfind("val_", 0) == 0 ? "\"; give fit validation data or a validation_split" : "\""));
}

}  // namespace nacre
