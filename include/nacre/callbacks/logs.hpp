#pragma once
// Named numbers in order: the losses and metrics of a step, an epoch or an evaluation.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A number that the logs of an epoch will have.
struct LogName {
  std::string name;
  std::optional<bool> larger_is_better{};  ///< none: not known, as for a metric that does not say so

  LogName(const char* log) : name(log) {}
  LogName(std::string log, std::optional<bool> larger = {}) : name(std::move(log)), larger_is_better(larger) {}
};

/// Numbers by name, in the order in which they were first set: `logs["val_loss"]`.
class Logs {
 public:
  using Entry = std::pair<std::string, double>;

  /// The number of that name. Throws ValueError, with the names there are, where there is none.
  double operator[](std::string_view name) const {
    if (const double* value = find(name)) return *value;
    throw ValueError(text("Logs: expected one of ", names(), ", got \"", name, "\""));
  }

  /// The number of that name, or nullptr.
  const double* find(std::string_view name) const {
    for (const Entry& entry : entries_) {
      if (entry.first == name) return &entry.second;
    }
    return nullptr;
  }
  bool contains(std::string_view name) const { return find(name) != nullptr; }

  /// The names there are, for messages: "loss, accuracy".
  [[gnu::cold]] std::string names() const {
    std::string joined;
    for (const Entry& entry : entries_) joined += (joined.empty() ? "" : ", ") + entry.first;
    return joined.empty() ? "(nothing)" : joined;
  }

  /// Sets or adds a number; setting allocates nothing.
  void set(std::string_view name, double value) {
    if (const double* found = find(name)) {
      *const_cast<double*>(found) = value;
    } else {
      entries_.emplace_back(std::string(name), value);
    }
  }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  List<Entry> entries_;
};

}  // namespace nacre
