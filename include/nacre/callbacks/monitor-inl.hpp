#pragma once
// Monitor's bodies.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/monitor.hpp>

namespace nacre {
namespace detail {

/// `name` without "val_" before it.
NACRE_INLINE std::string_view without_val(std::string_view name) {
  return name.substr(0, 4) == "val_" ? name.substr(4) : name;
}

/// Whether `name` is `known`, or ends in it as words of their own: "digits_accuracy" in "accuracy".
NACRE_INLINE bool ends_in(std::string_view name, std::string_view known) {
  if (name.size() < known.size() || name.substr(name.size() - known.size()) != known) return false;
  return name.size() == known.size() || name[name.size() - known.size() - 1] == '_';
}

}  // namespace detail

[[gnu::cold]] NACRE_INLINE std::optional<bool> larger_is_better(std::string_view name) {
  // Keras' names, its short ones too.
  static constexpr std::string_view larger[] = {
      "accuracy",      "acc",           "auc",           "precision",        "precision_at_recall",
      "recall",        "recall_at_precision", "sensitivity_at_specificity", "specificity_at_sensitivity",
      "f1",            "f1_score",      "fbeta",         "fbeta_score",      "iou",
      "io_u",          "mean_iou",      "r2",            "r2_score",         "true_positives",
      "true_negatives", "cosine_similarity"};
  static constexpr std::string_view smaller[] = {
      "loss",  "error",   "crossentropy", "mse",   "mean_squared_error",  "mae",      "mean_absolute_error",
      "rmse",  "msle",    "mape",         "hinge", "kl_divergence",       "poisson",  "logcosh",
      "log_cosh", "huber", "perplexity",  "mean_squared_logarithmic_error", "mean_absolute_percentage_error",
      "false_positives", "false_negatives"};
  name = detail::without_val(name);
  // The second metric of a name is called "auc_1".
  const std::size_t digits = name.size() - std::min(name.find_last_not_of("0123456789") + 1, name.size());
  if (digits > 0 && digits + 1 < name.size() && name[name.size() - digits - 1] == '_') {
    name.remove_suffix(digits + 1);
  }
  const auto is = [name](std::string_view known) { return detail::ends_in(name, known); };
  if (std::any_of(std::begin(larger), std::end(larger), is)) return true;
  if (std::any_of(std::begin(smaller), std::end(smaller), is)) return false;
  return std::nullopt;
}

[[gnu::cold]] NACRE_INLINE Monitor::Monitor(std::string name, std::string_view mode, double min_delta)
    : name_(std::move(name)), min_delta_(std::abs(min_delta)) {
  require<ValueError>(mode == "auto" || mode == "min" || mode == "max", "monitor: expected mode auto, min or max, got \"",
                      mode, "\"");
  const std::optional<bool> known = larger_is_better(name_);
  require<ValueError>(mode != "auto" || known.has_value(), "monitor: expected mode min or max for \"", name_,
                      "\", whose name does not tell whether smaller or larger is better, got mode auto");
  larger_is_better_ = mode == "max" || (mode == "auto" && *known);
  reset();
}

NACRE_INLINE void Monitor::reset() {
  best_ = larger_is_better_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

[[gnu::cold]] NACRE_INLINE void Monitor::check(const TrainingRun& run) const {
  const auto known = [&run](std::string_view name) {
    return std::find(run.log_names.begin(), run.log_names.end(), name) != run.log_names.end();
  };
  if (run.log_names.empty() || known(name_)) return;
  // A callback may set a number of its own, but not what only a validation can tell.
  if (run.callbacks_set_logs && !known(detail::without_val(name_))) return;
  std::string names;
  for (const std::string& name : run.log_names) names += (names.empty() ? "" : ", ") + name;
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
