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
#include <nacre/core/words.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// `name` without "val_" before it.
NACRE_INLINE std::string_view without_val(std::string_view name) {
  return name.substr(0, 4) == "val_" ? name.substr(4) : name;
}

/// Whether `name`, or what stands behind one of its underscores, is a word of `list`: "digits_accuracy" in " loss
/// accuracy ".
NACRE_INLINE bool ends_in_one_of(std::string_view name, std::string_view list) {
  while (!name.empty()) {
    if (list.find(text(" ", name, " ")) != list.npos) return true;
    name.remove_prefix(std::min(name.find('_'), name.size() - 1) + 1);
  }
  return false;
}

}  // namespace detail

[[gnu::cold]] NACRE_INLINE std::optional<bool> larger_is_better(std::string_view name) {
  // Keras' names, its short ones too.
  static constexpr std::string_view larger =
      " accuracy acc auc precision precision_at_recall recall recall_at_precision sensitivity_at_specificity"
      " specificity_at_sensitivity f1 f1_score fbeta fbeta_score iou io_u mean_iou r2 r2_score true_positives"
      " true_negatives cosine_similarity ";
  static constexpr std::string_view smaller =
      " loss error crossentropy mse mean_squared_error mae mean_absolute_error rmse msle mean_squared_logarithmic_error"
      " mape mean_absolute_percentage_error hinge kl_divergence poisson logcosh log_cosh huber perplexity"
      " false_positives false_negatives ";
  name = detail::without_val(name);
  // The second metric of a name is called "auc_1".
  const std::size_t digits = name.size() - std::min(name.find_last_not_of("0123456789") + 1, name.size());
  if (digits > 0 && digits + 1 < name.size() && name[name.size() - digits - 1] == '_') {
    name.remove_suffix(digits + 1);
  }
  if (detail::ends_in_one_of(name, larger)) return true;
  if (detail::ends_in_one_of(name, smaller)) return false;
  return std::nullopt;
}

[[gnu::cold]] NACRE_INLINE Monitor::Monitor(std::string name, std::string_view mode, double min_delta)
    : name_(std::move(name)), min_delta_(std::abs(min_delta)) {
  require_one_of("monitor", "mode", mode, {"auto", "min", "max"});
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
