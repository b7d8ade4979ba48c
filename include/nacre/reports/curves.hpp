#pragma once
// What a chart of a training run shows: the curves of its history, and the best epoch.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/monitor.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/models/history.hpp>
#include <nacre/reports/axis.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

namespace detail {

/// The numbers of one name in each epoch that has it: not all need to, as validation may be less frequent.
using Curve = List<std::optional<double>>;

inline bool drawable(const std::optional<double>& value) { return value && drawable(*value); }

inline Curve curve_of(const History& history, std::string_view name) {
  Curve curve;
  for (const Logs& logs : history.logs()) {
    const double* value = logs.find(name);
    curve.push_back(value ? std::optional(*value) : std::nullopt);
  }
  return curve;
}

/// What one panel shows.
struct Panel {
  std::string name;
  Curve training;
  Curve validation;
  Axis axis{};
};

inline constexpr std::string_view learning_rate_name = "learning_rate";
inline constexpr std::string_view validation_prefix = "val_";

/// Names in a history, without "val_", in the order in which they came up; the learning rate comes last.
inline std::vector<std::string> panel_names(const History& history) {
  std::vector<std::string> names;
  for (const Logs& logs : history.logs()) {
    for (const auto& [name, value] : logs) {
      const bool validation = name.starts_with(validation_prefix);
      const std::string panel = validation ? name.substr(validation_prefix.size()) : name;
      if (std::find(names.begin(), names.end(), panel) == names.end()) names.push_back(panel);
    }
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name != learning_rate_name; });
  return names;
}

/// The axis of a panel: logarithmic where the numbers span so much that the small ones would lie on the ground, which
/// for the learning rate, lowered by whole factors, is sooner.
inline Axis panel_axis(const Panel& panel) {
  std::vector<double> values;
  for (const Curve* curve : {&panel.training, &panel.validation}) {
    for (const auto& value : *curve) {
      if (drawable(value)) values.push_back(*value);
    }
  }
  if (values.empty()) return linear_axis(0, 1);
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  const double span = panel.name == learning_rate_name ? 10 : 1000;
  return *min > 1e-100 && *max / *min >= span * (1 - 1e-9) ? logarithmic_axis(*min, *max) : linear_axis(*min, *max);
}

/// The panels of the names that were `asked` for. Without any: all, the learning rate only if it changes.
inline List<Panel> panels_of(const History& history, const std::vector<std::string>& asked) {
  const std::vector<std::string> known = panel_names(history);
  const std::vector<std::string> names = asked.empty() ? known : asked;
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
  List<Panel> panels;
  for (const std::string& name : names) {
    require<ValueError>(std::find(known.begin(), known.end(), name) != known.end(),
                        "learning_curves: expected metrics of ", all, ", got \"", name, "\"");
    Panel panel{name, curve_of(history, name), curve_of(history, std::string(validation_prefix) + name)};
    const bool changes =
        std::adjacent_find(panel.training.begin(), panel.training.end(), std::not_equal_to<>()) != panel.training.end();
    if (asked.empty() && name == learning_rate_name && !changes) continue;
    panel.axis = panel_axis(panel);
    panels.push_back(std::move(panel));
  }
  require<ValueError>(!panels.empty(), "learning_curves: expected a history with numbers in it, got one without");
  return panels;
}

/// The best epoch, and why it is that.
struct BestEpoch {
  std::size_t index;
  std::string monitor;
  double value;
};

/// The epoch in which `monitor` is best; without such a number, that in which it is best in training: "loss" instead of
/// "val_loss". None where all of its numbers are NaN or infinite, or a history has no loss. Throws ValueError for
/// another name that no epoch has.
inline std::optional<BestEpoch> best_epoch(const History& history, std::string monitor) {
  const auto logged = [&] {
    return std::any_of(history.logs().begin(), history.logs().end(),
                       [&](const Logs& l) { return l.contains(monitor); });
  };
  if (!logged() && monitor.starts_with(validation_prefix)) monitor.erase(0, validation_prefix.size());
  if (!logged()) {
    require<ValueError>(monitor == "loss", "learning_curves: expected a monitor that the history has, got \"", monitor,
                        "\"");
    return std::nullopt;
  }
  std::optional<BestEpoch> best;
  Monitor watch(monitor, history.larger_is_better(monitor).value_or(false) ? "max" : "min", 0);
  const Curve curve = curve_of(history, monitor);
  for (std::size_t epoch = 0; epoch < curve.size(); ++epoch) {
    if (drawable(curve[epoch]) && watch.improves(*curve[epoch])) best = BestEpoch{epoch, monitor, *curve[epoch]};
  }
  return best;
}

}  // namespace detail
}  // namespace nacre::reports
