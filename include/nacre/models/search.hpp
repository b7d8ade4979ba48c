#pragma once
// Search over settings: a model is trained with each of many settings, at once on all cores, and the best is found.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One value of a setting: a number or a word.
class SettingValue {
 public:
  SettingValue() = default;
  template <class Number>
  requires std::is_arithmetic_v<Number> SettingValue(Number number) : number_(static_cast<double>(number)) {}
  SettingValue(const char* word) : word_(word), is_word_(true) {}
  SettingValue(std::string word) : word_(std::move(word)), is_word_(true) {}

  bool is_word() const { return is_word_; }
  double number() const { return number_; }
  const std::string& word() const { return word_; }
  /// "0.001", "relu".
  std::string to_string() const;

  friend bool operator==(const SettingValue&, const SettingValue&) = default;

 private:
  double number_ = 0;
  std::string word_;
  bool is_word_ = false;
};

/// The values that a setting may have: some, `{16, 32, 64}` or `{"relu", "tanh"}`, or all of a range.
class Choices {
 public:
  Choices(std::initializer_list<SettingValue> values) : values_(values) {}
  Choices(List<SettingValue> values) : values_(std::move(values)) {}

  /// Any number from `low` to below `high`. For a random search.
  static Choices uniform(double low, double high);
  /// The same, drawn so that its logarithm is uniform: for learning rates. Throws ValueError unless 0 < low.
  static Choices log_uniform(double low, double high);
  /// Any whole number from `low` to `high`.
  static Choices integers(std::int64_t low, std::int64_t high);

  /// The values, where they are listed.
  const List<SettingValue>& values() const { return values_; }
  bool is_range() const { return kind_ != Kind::listed; }

  /// The value that a uniform number from 0 to below 1 stands for.
  SettingValue at(double uniform) const;

 private:
  enum class Kind : unsigned char { listed, uniform, log_uniform, integers };
  Choices(Kind kind, double low, double high);

  List<SettingValue> values_;
  Kind kind_ = Kind::listed;
  double low_ = 0;
  double high_ = 0;
};

/// A setting that a search tries values of.
struct SearchSetting {
  std::string name;
  Choices choices;
};

/// What a search tries: `{{"units", {16, 32}}, {"learning_rate", Choices::log_uniform(1e-4, 1e-1)}}`.
using SearchSpace = List<SearchSetting>;

/// The settings of one trial.
class Settings {
 public:
  using Entry = std::pair<std::string, SettingValue>;

  /// The value of that setting as a number, a whole number or a word. Throws ValueError for a name that the search
  /// space does not have, and for a value of another kind.
  double number(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  const std::string& word(std::string_view name) const;

  std::uint64_t seed = 0;  ///< of this trial, for `model.set_seed`: of the search's seed and the trial's number
  std::int64_t trial = 0;  ///< its number, from 0

  void add(std::string name, SettingValue value) { entries_.emplace_back(std::move(name), std::move(value)); }
  const List<Entry>& entries() const { return entries_; }
  /// "units=16, learning_rate=0.001".
  std::string to_string() const;

 private:
  const SettingValue& find(std::string_view name) const;
  List<Entry> entries_;
};

/// How a search goes.
struct SearchOptions {
  std::string objective = "loss";  ///< which of the logs that a trial returns is compared
  std::string mode = "min";        ///< whether "min" or "max" is best
  std::int64_t trials = 10;        ///< of a random search
  std::uint64_t seed = 1;          ///< of a random search's settings and of all trials' seeds
  bool parallel = true;            ///< whether trials run at once, each on one core
};

/// One trial and what came of it.
struct Trial {
  Settings settings{};
  double score = 0;  ///< what was compared
  Logs logs{};       ///< what the trial returned; "score" of one that returned a number
};

/// What a search found.
class SearchResult {
 public:
  SearchResult(List<Trial> trials, bool larger_is_better) : trials_(std::move(trials)), larger_(larger_is_better) {}

  /// All trials, in their order.
  const List<Trial>& trials() const { return trials_; }
  /// The one with the best score, the first of several; one whose score is no number is never it, unless all are.
  const Trial& best() const;
  /// A table of all trials, best first.
  std::string to_string() const;

 private:
  bool better(const Trial& a, const Trial& b) const;

  List<Trial> trials_;
  bool larger_;
};

namespace detail {

/// Refers to a function that trains and scores a model with some settings.
class TrialReference {
 public:
  template <class F>
  explicit TrialReference(const F& function)
      : function_(&function), call_([](const void* called, const Settings& settings) -> Logs {
          auto found = (*static_cast<const F*>(called))(settings);
          if constexpr (std::convertible_to<decltype(found), const Logs&>) {
            return found;
          } else {
            static_assert(std::convertible_to<decltype(found), double>,
                          "a trial returns a number, or what evaluate or train_on_batch return");
            Logs logs;
            logs.set("score", static_cast<double>(found));
            return logs;
          }
        }) {}
  Logs operator()(const Settings& settings) const { return call_(function_, settings); }

 private:
  const void* function_;
  Logs (*call_)(const void*, const Settings&);
};

SearchResult search(const SearchSpace& space, TrialReference trial, const SearchOptions& options, bool grid);

}  // namespace detail

/// Tries all combinations of listed values, the last setting changing fastest.
///
///     const auto trial = [&](const Settings& settings) {
///       Sequential model{Input({4}), Dense(settings.integer("units"), relu), Dense(3, softmax)};
///       model.set_seed(settings.seed);
///       model.compile({.optimizer = Adam(settings.number("rate")), .loss = SparseCategoricalCrossentropy()});
///       model.fit(train, {.epochs = 5, .verbose = 0});
///       return model.evaluate(validation);
///     };
///     const SearchResult found = grid_search({{"units", {8, 16}}, {"rate", {0.1, 0.01}}}, trial);
///     std::cout << found.best().settings.to_string();
///
/// Trials run at once, one a core, each computing alone, so the trial's function changes nothing that it shares with
/// others; what is found does not depend on the number of threads, nor on `parallel`. Throws ValueError for a setting
/// without values or with a range, for two of one name, for more than a million combinations and for a mode or an
/// objective that there is not; and what the first trial of those that threw has thrown, once all have ended.
template <class F>
SearchResult grid_search(const SearchSpace& space, const F& trial, const SearchOptions& options = {}) {
  return detail::search(space, detail::TrialReference(trial), options, true);
}

/// The same with `options.trials` combinations drawn at random, of listed values and of ranges. Bergstra and Bengio,
/// "Random search for hyper-parameter optimization", JMLR 2012. The first trials of a longer search are those of a
/// shorter one. Throws ValueError for fewer than 1 trial or more than a million, too.
template <class F>
SearchResult random_search(const SearchSpace& space, const F& trial, const SearchOptions& options = {}) {
  return detail::search(space, detail::TrialReference(trial), options, false);
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/search-inl.hpp>
#endif
