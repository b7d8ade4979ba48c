#pragma once
// History: what fit returns.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/callbacks/logs.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Scores of a data set by name: "loss" and the metrics.
using Evaluation = Logs;

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
  const std::vector<std::int64_t>& epoch() const { return epochs_; }
  /// The logs of each epoch that ran.
  const std::vector<Logs>& logs() const { return logs_; }
  /// How many epochs ran.
  std::size_t size() const { return logs_.size(); }
  bool empty() const { return logs_.empty(); }

  void add(std::int64_t epoch, Logs logs) {
    epochs_.push_back(epoch);
    logs_.push_back(std::move(logs));
  }

 private:
  std::vector<std::int64_t> epochs_;
  std::vector<Logs> logs_;
};

}  // namespace nacre
