#include <nacre/saving/registry.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "saving_testing.hpp"

#include <nacre/saving/json.hpp>

using namespace nacre;

namespace {

/// The texts between `before` and `after`, wherever they stand in `content`.
std::vector<std::string> all_between(const std::string& content, const std::string& before, const std::string& after) {
  std::vector<std::string> found;
  for (std::size_t at = content.find(before); at != std::string::npos; at = content.find(before, at)) {
    at += before.size();
    found.push_back(content.substr(at, content.find(after, at) - at));
  }
  return found;
}

/// The type names in the headers of a folder: a class that its folder's one list does not name is found missing by
/// them.
std::vector<std::string> type_names(const std::string& folder) {
  const std::filesystem::path include = std::filesystem::path(NACRE_TESTS_FOLDER).parent_path() / "include";
  // Of TimeDistributed, LSTM and the others that run over steps, which files name as a whole; and what losses are held
  // by as metrics, under their own names.
  static constexpr std::string_view parts[] = {"CellState",    "FoldSteps",   "KeepMasked",     "LossMetric",
                                               "ReverseSteps", "UnfoldSteps", "UnitForgetBias", "WithMaskOf"};
  std::vector<std::string> names;
  for (const auto& header : std::filesystem::directory_iterator(include / "nacre" / folder)) {
    // What a network makes of several layers is in no model; a Lambda is not saved.
    const std::string file = header.path().filename().string();
    if (file == "conv2d_max_pooling2d.hpp" || file == "normalized_convolutions.hpp" || file == "lambda.hpp") continue;
    const std::string content = read_file(header.path());
    for (std::string& name : all_between(content, "std::string_view type_name = \"", "\"")) {
      if (std::find(std::begin(parts), std::end(parts), name) != std::end(parts)) continue;
      if (name != "...\\") names.push_back(std::move(name));
    }
  }
  return names;
}

/// The config with its numbers, truth values and optional numbers changed, one at a time, where the class takes that.
template <class Anything>
std::vector<Config> varied(const Config& config) {
  std::vector<Config> result{config};
  for (std::size_t i = 0; i < config.entries.size(); ++i) {
    Config other = config;
    ConfigValue& value = other.entries[i].value;
    if (const auto* truth = value.get_if<bool>()) {
      value = !*truth;
    } else if (const auto* whole = value.get_if<std::int64_t>()) {
      value = *whole + 1;
    } else if (value.get_if<double>()) {
      value = 1.0 / 3;
    } else if (value.is_none()) {
      value = std::int64_t{2};
    } else if (value.get_if<std::string>() && other.entries[i].name == "name") {
      value = "some_name";
    }
    try {
      result.push_back(Registry<Anything>::make(other).config());
    } catch (const ValueError&) {
      // Not all values go together.
    }
  }
  return result;
}

/// A class with its defaults. What it needs and has no default for, its default constructor for reading leaves at
/// something that is allowed, but for cells and recurrent layers.
template <class Anything>
Config first_config(const std::string& name) {
  if (name == "Bidirectional") return Layer(Bidirectional(LSTM(2))).config();
  if (name == "RNN") return Layer(RNN(LSTMCell(2))).config();
  if (name == "StackedRNNCells") return Layer(StackedRNNCells({LSTMCell(2), GRUCell(3)})).config();
  return Registry<Anything>::make(Config(name, {})).config();
}

template <class Anything>
void check_all(const std::string& folder, std::size_t at_least) {
  const std::vector<std::string> names = type_names(folder);
  REQUIRE(names.size() >= at_least);
  for (const std::string& name : names) {
    CAPTURE(folder, name);
    REQUIRE(Registry<Anything>::contains(name));
    const Config first = first_config<Anything>(name);
    REQUIRE(first.class_name == name);
    for (const Config& config : varied<Anything>(first)) {
      const ConfigValue read = from_json_text(to_json_text(config), "test");
      REQUIRE(read == ConfigValue(config));
      REQUIRE(Registry<Anything>::make(*read.get_if<Config>()).config() == config);
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("every class of nacre is registered, and its config goes through JSON and back", "", float, double) {
  register_built_in_classes<TestType>();
  register_built_in_classes<TestType>();
  check_all<AnyInitializer>("initializers", 8);
  check_all<Layer>("layers", 15);
  check_all<AnyLoss<TestType>>("losses", 5);
  check_all<AnyMetric<TestType>>("metrics", 7);
  check_all<AnyOptimizer<TestType>>("optimizers", 10);
  check_all<LearningRateSchedule>("schedules", 6);
}
