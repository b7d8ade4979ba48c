#pragma once
// Bodies of models/search.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/core/words.hpp>
#include <nacre/models/model_state.hpp>
#include <nacre/models/search.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP std::string SettingValue::to_string() const { return is_word_ ? word_ : text(number_); }

// ---- choices --------------------------------------------------------------------------------------------------------

NACRE_SETUP Choices::Choices(Kind kind, double low, double high) : kind_(kind), low_(low), high_(high) {
  require<ValueError>(std::isfinite(low) && std::isfinite(high) && low <= high,
                      "Choices: expected a range from a number to a larger one, got ", low, " to ", high);
}
NACRE_SETUP Choices Choices::uniform(double low, double high) { return Choices(Kind::uniform, low, high); }
NACRE_SETUP Choices Choices::log_uniform(double low, double high) {
  require<ValueError>(low > 0, "Choices::log_uniform: expected a range above 0, got ", low, " to ", high);
  return Choices(Kind::log_uniform, low, high);
}
NACRE_SETUP Choices Choices::integers(std::int64_t low, std::int64_t high) {
  return Choices(Kind::integers, static_cast<double>(low), static_cast<double>(high));
}

NACRE_SETUP SettingValue Choices::at(double uniform) const {
  switch (kind_) {
    case Kind::listed:
      return values_[static_cast<std::size_t>(uniform * static_cast<double>(values_.size()))];
    case Kind::uniform:
      return low_ + (high_ - low_) * uniform;
    case Kind::log_uniform:
      return low_ * std::exp(std::log(high_ / low_) * uniform);
    case Kind::integers:
      break;
  }
  return low_ + std::floor((high_ - low_ + 1) * uniform);
}

// ---- settings -------------------------------------------------------------------------------------------------------

NACRE_SETUP const SettingValue& Settings::find(std::string_view name) const {
  std::string known;
  for (const Entry& entry : entries_) {
    if (entry.first == name) return entry.second;
    known += (known.empty() ? "" : ", ") + entry.first;
  }
  throw ValueError(text("Settings: expected one of ", known.empty() ? "(nothing)" : known, ", got \"", name, "\""));
}

NACRE_SETUP double Settings::number(std::string_view name) const {
  const SettingValue& value = find(name);
  require<ValueError>(!value.is_word(), "Settings: expected a number of \"", name, "\", got \"", value.word(), "\"");
  return value.number();
}

NACRE_SETUP std::int64_t Settings::integer(std::string_view name) const {
  const double found = number(name);
  require<ValueError>(found == std::floor(found) && std::abs(found) < 0x1p53, "Settings: expected a whole number of \"",
                      name, "\", got ", found);
  return static_cast<std::int64_t>(found);
}

NACRE_SETUP const std::string& Settings::word(std::string_view name) const {
  const SettingValue& value = find(name);
  require<ValueError>(value.is_word(), "Settings: expected a word of \"", name, "\", got ", value.number());
  return value.word();
}

NACRE_SETUP std::string Settings::to_string() const {
  std::string joined;
  for (const Entry& entry : entries_) {
    joined += text(joined.empty() ? "" : ", ", entry.first, "=", entry.second.to_string());
  }
  return joined;
}

// ---- results --------------------------------------------------------------------------------------------------------

NACRE_SETUP bool SearchResult::better(const Trial& a, const Trial& b) const {
  if (std::isnan(a.score) || std::isnan(b.score)) return !std::isnan(a.score) && std::isnan(b.score);
  return larger_ ? a.score > b.score : a.score < b.score;
}

NACRE_SETUP const Trial& SearchResult::best() const {
  require<ValueError>(!trials_.empty(), "SearchResult: expected at least one trial, got none");
  const Trial* found = trials_.begin();
  for (const Trial& trial : trials_) {
    if (better(trial, *found)) found = &trial;
  }
  return *found;
}

NACRE_SETUP std::string SearchResult::to_string() const {
  List<const Trial*> order;
  for (const Trial& trial : trials_) order.push_back(&trial);
  std::stable_sort(order.begin(), order.end(), [&](const Trial* a, const Trial* b) { return better(*a, *b); });
  std::string lines;
  for (const Trial* trial : order) lines += text(trial->score, "  ", trial->settings.to_string(), "\n");
  return lines;
}

namespace detail {

/// The settings of all trials. Throws as `grid_search` and `random_search` do.
NACRE_SETUP List<Trial> plan_trials(const SearchSpace& space, const SearchOptions& options, bool grid) {
  constexpr std::int64_t most = 1'000'000;
  const char* place = grid ? "grid_search" : "random_search";
  std::int64_t count = grid ? 1 : options.trials;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& [name, choices] = space[i];
    for (std::size_t other = 0; other < i; ++other) {
      require<ValueError>(space[other].name != name, place, ": expected settings of different names, got \"", name,
                          "\" twice");
    }
    require<ValueError>(choices.is_range() || !choices.values().empty(), place, ": expected values of \"", name,
                        "\", got none");
    require<ValueError>(!grid || !choices.is_range(), place, ": expected listed values of \"", name,
                        "\", got a range; list some of its values, or call random_search");
    const std::int64_t values = grid ? static_cast<std::int64_t>(choices.values().size()) : 1;
    require<ValueError>(count <= most / values, place, ": expected at most ", most,
                        " combinations of values, got more");
    count *= values;
  }
  require<ValueError>(count >= 1 && count <= most, place, ": expected 1 to ", most, " trials, got ", count);
  List<Trial> trials;
  for (std::int64_t index = 0; index < count; ++index) {
    Settings settings;
    settings.trial = index;
    const RandomStream random(options.seed, Purpose::search, 0, static_cast<std::uint64_t>(index));
    settings.seed = std::uint64_t{random.bits(0)} << 32 | random.bits(1);
    std::int64_t rest = count;
    for (std::size_t i = 0; i < space.size(); ++i) {
      const auto& [name, choices] = space[i];
      if (grid) {
        rest /= static_cast<std::int64_t>(choices.values().size());
        const auto values = static_cast<std::int64_t>(choices.values().size());
        settings.add(name, choices.values()[static_cast<std::size_t>(index / rest % values)]);
      } else {
        settings.add(name, choices.at(random.uniform(i + 2)));
      }
    }
    trials.push_back({std::move(settings)});
  }
  return trials;
}

NACRE_SETUP SearchResult search(const SearchSpace& space, TrialReference function, const SearchOptions& options,
                                bool grid) {
  require_one_of(grid ? "grid_search" : "random_search", "mode", options.mode, {"min", "max"});
  List<Trial> trials = plan_trials(space, options, grid);
  const auto run = [&](std::int64_t index, int) {
    const ComputeScope scope;  // on every thread alike
    Trial& trial = trials[static_cast<std::size_t>(index)];
    trial.logs = function(trial.settings);
    const double* score = trial.logs.find("score");
    trial.score = score != nullptr && trial.logs.size() == 1 ? *score : trial.logs[options.objective];
  };
  const auto count = static_cast<std::int64_t>(trials.size());
  if (options.parallel) {
    thread_pool()->run(count, run);  // a task that uses the pool itself computes alone
  } else {
    for (std::int64_t index = 0; index < count; ++index) run(index, 0);
  }
  return SearchResult(std::move(trials), options.mode == "max");
}

}  // namespace detail

}  // namespace nacre
