#pragma once
// History: what fit returns.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Scores of a data set by name: "loss" and the metrics.
class Evaluation : public Logs {
 public:
  /// The results of each class of the metric of that name, Precision or Recall: `score.per_class("recall")[3]`. Throws
  /// ValueError for a name that is none of a metric with such results.
  [[gnu::cold]] const std::vector<double>& per_class(std::string_view metric) const {
    std::string names;
    for (const auto& [name, results] : per_class_) {
      if (name == metric) return results;
      names += (names.empty() ? "" : ", ") + name;
    }
    throw ValueError(text("per_class: expected a metric with results for each class, one of ",
                          names.empty() ? "(none)" : names, ", got \"", metric, "\""));
  }

  /// Sets what `per_class` gives, where there is something.
  [[gnu::cold]] void set_per_class(std::string metric, std::vector<double> results) {
    if (!results.empty()) per_class_.emplace_back(std::move(metric), std::move(results));
  }

 private:
  List<std::pair<std::string, std::vector<double>>> per_class_;
};

/// The logs of each epoch: `history["val_loss"]` is a number an epoch.
class History {
 public:
  /// One number of every epoch that has it. Throws ValueError where none has.
  std::vector<double> operator[](std::string_view name) const {
    std::vector<double> values;
    for (const Logs& logs : logs_) {
      if (const double* value = logs.find(name)) values.push_back(*value);
    }
    if (values.empty()) static_cast<void>(logs_.empty() ? Logs()[name] : logs_.front()[name]);
    return values;
  }

  /// Numbers of the epochs that ran, counted from 0.
  const List<std::int64_t>& epoch() const { return epochs_; }
  /// The logs of each epoch that ran.
  const List<Logs>& logs() const { return logs_; }
  /// How many epochs ran.
  std::size_t size() const { return logs_.size(); }
  bool empty() const { return logs_.empty(); }

  /// Whether larger values of the number of that name are better; none where that is not known.
  std::optional<bool> larger_is_better(std::string_view name) const {
    for (const LogName& log : names_) {
      if (log.name == name) return log.larger_is_better;
    }
    return std::nullopt;
  }
  /// Says so.
  void set_names(List<LogName> names) { names_ = std::move(names); }

  void add(std::int64_t epoch, Logs logs) {
    epochs_.push_back(epoch);
    logs_.push_back(std::move(logs));
  }

 private:
  List<std::int64_t> epochs_;
  List<Logs> logs_;
  List<LogName> names_;
};

}  // namespace nacre
