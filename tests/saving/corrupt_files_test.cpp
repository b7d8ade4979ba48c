// Files that are not what they should be: every one must end in an Error of nacre, or in a model.

#include <nacre/nacre.hpp>
#include <nacre/saving/json.hpp>
#include <nacre/saving/safetensors.hpp>
#include <nacre/saving/saving.hpp>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "saving_testing.hpp"

using namespace nacre;

namespace {

/// A small file with a bit of everything.
std::string small_file(const TemporaryFolder& folder) {
  Sequential model{Input({2, 2, 1}),
                   Conv2D(1, 1),
                   BatchNormalization(),
                   MaxPooling2D(2, {.strides = 1}),
                   Flatten(),
                   Dense(2, {.activation = softmax})};
  model.compile({.optimizer = SGD(0.1, {.momentum = 0.9}), .loss = CategoricalCrossentropy(), .metrics = {Accuracy()}});
  save(model, folder / "whole");
  return read_file(folder / "whole");
}

/// Whether a file of that content loads. Anything but an Error of nacre gets through and fails the test.
bool loads(const TemporaryFolder& folder, const std::string& content) {
  write_file(folder / "file", content);
  try {
    load(folder / "file");
    return true;
  } catch (const Error& error) {
    REQUIRE_THAT(error.what(), StartsWith((folder / "file").string() + ": "));
    return false;
  }
}

/// Writes a file of texts alone, without waiting for the disk as `save` does: there are thousands of them here.
void write_texts(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata) {
  const std::string header = detail::safetensors_header(metadata, {});
  std::string content(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) content[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  write_file(path, content + header);
}

/// What `load` says of a file without weights that has this for its model; nothing if it takes it.
std::optional<std::string> complaint(const TemporaryFolder& folder, const Config& model) {
  write_texts(folder / "file", {{"model_config", to_json_text(model)}});
  try {
    load(folder / "file");
    return std::nullopt;
  } catch (const Error& error) {
    return error.what();
  }
}

Config model_of(const Config& layer, const ConfigValue& input_shape) {
  return Config("Sequential", {{"name", "model"},
                               {"seed", std::int64_t{1}},
                               {"input_shape", input_shape},
                               {"layer_names", ConfigList{"layer"}},
                               {"layers", ConfigList{layer}}});
}

std::vector<ConfigValue> hostile_values() {
  std::vector<ConfigValue> values{ConfigValue(),
                                  true,
                                  "text",
                                  ConfigList{},
                                  Config("Zeros", {}),
                                  0.5,
                                  -1.0,
                                  std::numeric_limits<double>::infinity(),
                                  std::numeric_limits<double>::quiet_NaN()};
  for (int shift : {16, 31, 32, 40, 61, 62}) {
    values.push_back(std::int64_t{1} << shift);
    values.push_back(-(std::int64_t{1} << shift));
    values.push_back(ConfigList{std::int64_t{1} << shift, std::int64_t{1} << shift});
    values.push_back(ConfigList{std::int64_t{1} << shift, std::int64_t{1} << shift, std::int64_t{-1}});
  }
  for (std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-2}, std::int64_t{7},
                              std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    values.push_back(number);
    values.push_back(ConfigList{number, number});
    values.push_back(ConfigList{number, std::int64_t{-1}});
  }
  return values;
}

}  // namespace

TEST_CASE("a file that was cut off anywhere does not load") {
  const TemporaryFolder folder;
  const std::string whole = small_file(folder);
  REQUIRE(loads(folder, whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    REQUIRE_FALSE(loads(folder, whole.substr(0, length)));
  }
  REQUIRE_FALSE(loads(folder, whole + '\0'));
}

TEST_CASE("a file with wrong bytes is an Error or a model") {
  const TemporaryFolder folder;
  const std::string whole = small_file(folder);
  const RandomStream random(3);
  std::uint64_t draw = 0;
  int loaded = 0;
  for (int attempt = 0; attempt < 4000; ++attempt) {
    std::string content = whole;
    const std::uint64_t wrong = 1 + random.below(3, draw++);
    for (std::uint64_t i = 0; i < wrong; ++i) {
      const auto place = static_cast<std::size_t>(random.below(whole.size(), draw++));
      const std::uint64_t kind = random.below(3, draw++);
      // A bit, a digit, or any byte.
      const std::uint64_t byte = kind == 0   ? std::uint64_t(content[place]) ^ 1U << random.below(8, draw++)
                                 : kind == 1 ? '0' + random.below(10, draw++)
                                             : random.below(256, draw++);
      content[place] = static_cast<char>(byte);
    }
    CAPTURE(attempt);
    loaded += loads(folder, content);
  }
  REQUIRE(loaded > 0);
}

TEST_CASE("a layer with any value in any field is an Error or a model") {
  const TemporaryFolder folder;
  const std::vector<Layer> layers{ActivationLayer(softmax),
                                  AveragePooling2D(),
                                  BatchNormalization(),
                                  Conv2D(4, 3),
                                  Dense(4),
                                  Dropout(0.5),
                                  Flatten(),
                                  GlobalAveragePooling2D(),
                                  GlobalMaxPooling2D(),
                                  Input({8, 8, 4}),
                                  MaxPooling2D(),
                                  ReLU(),
                                  Rescaling(2),
                                  Reshape({-1}),
                                  Softmax()};
  const ConfigList shape{std::int64_t{8}, std::int64_t{8}, std::int64_t{4}};
  for (const Layer& layer : layers) {
    Config config = layer.config();
    for (ConfigEntry& entry : config.entries) {
      const ConfigValue kept = entry.value;
      for (const ConfigValue& value : hostile_values()) {
        entry.value = value;
        CAPTURE(config.to_string());
        REQUIRE_NOTHROW(complaint(folder, model_of(config, shape)));
      }
      entry.value = kept;
    }
    for (const ConfigValue& value : hostile_values()) {
      const ConfigList images{value, value, std::int64_t{4}};
      CAPTURE(config.to_string(), value.to_string());
      REQUIRE_NOTHROW(complaint(folder, model_of(config, value)));
      REQUIRE_NOTHROW(complaint(folder, model_of(config, images)));
    }
  }
}

TEST_CASE("compile settings with any value in any field are an Error or a model") {
  const TemporaryFolder folder;
  Sequential model{Input({4}), Flatten()};
  const std::vector<AnyOptimizer<float>> optimizers{Adam(), AdamW(), RMSprop(), SGD()};
  for (const AnyOptimizer<float>& optimizer : optimizers) {
    model.compile({.optimizer = optimizer,
                   .loss = BinaryCrossentropy(),
                   .metrics = {Precision(), BinaryAccuracy()},
                   .weighted_metrics = {Recall()}});
    save(model, folder / "whole");
    const std::map<std::string, std::string> whole = SafetensorsReader(folder / "whole").metadata();
    const Config compile = *from_json_text(whole.at("compile_config"), "test").get_if<Config>();
    const auto try_all = [&](Config& changed, List<ConfigEntry>& entries) {
      for (ConfigEntry& entry : entries) {
        const ConfigValue kept = entry.value;
        for (const ConfigValue& value : hostile_values()) {
          entry.value = value;
          std::map<std::string, std::string> metadata = whole;
          metadata["compile_config"] = to_json_text(changed);
          write_texts(folder / "file", metadata);
          CAPTURE(changed.to_string());
          try {
            load(folder / "file");
          } catch (const Error& error) {
            REQUIRE_THAT(error.what(), StartsWith((folder / "file").string() + ": "));
          }
        }
        entry.value = kept;
      }
    };
    Config changed = compile;
    try_all(changed, changed.entries);
    for (ConfigEntry& entry : changed.entries) {
      if (auto* single = entry.value.get_if<Config>()) {
        try_all(changed, single->entries);
      } else if (auto* list = entry.value.get_if<ConfigList>()) {
        for (ConfigValue& metric : *list) {
          try_all(changed, metric.get_if<Config>()->entries);
        }
      }
    }
  }
}

TEST_CASE("no memory is taken for weights that the file does not have") {
  const TemporaryFolder folder;
  // 4 TB, if it were believed.
  const auto message = complaint(folder, model_of(get_config(Dense(1 << 20)), ConfigList{std::int64_t{1} << 20}));
  REQUIRE(message.has_value());
  REQUIRE_THAT(*message,
               EndsWith("expected tensor \"layer/kernel\" of shape (1048576, 1048576), found none of that name"));
}

TEST_CASE("a model's description that is not one is a FormatError that says where") {
  const TemporaryFolder folder;
  const auto says = [&](const std::string& model) {
    write_texts(folder / "file", {{"model_config", model}});
    try {
      load(folder / "file");
    } catch (const FormatError& error) {
      return std::string(error.what()).substr((folder / "file").string().size() + 2);
    }
    return std::string();
  };
  REQUIRE_THAT(says("{"), StartsWith("model_config: expected JSON"));
  REQUIRE_THAT(says("[]"), Equals("model_config: expected a Sequential, found ()"));
  REQUIRE_THAT(says(R"({"class_name":"Model","config":{}})"),
               Equals("model_config: expected a Sequential, found Model()"));
  REQUIRE_THAT(says(R"({"class_name":"Sequential","config":{"colour":1}})"), EndsWith("has no field \"colour\""));
  REQUIRE_THAT(says(R"({"class_name":"Sequential","config":{"name":1}})"), EndsWith("name: expected a text, got 1"));
  REQUIRE_THAT(says(to_json_text(model_of(Config("Dense", {{"units", std::int64_t{0}}}), ConfigList{}))),
               Equals("layer 0 \"layer\": Dense: expected units of 1 or more, got 0"));
  Config unequal = model_of(Config("Flatten", {}), ConfigList{});
  unequal.entries[3].value = ConfigList{"a", "b"};
  REQUIRE_THAT(says(to_json_text(unequal)), Equals("expected a name for each of 1 layers, found 2"));
  Config twice = model_of(Config("Flatten", {}), ConfigList{});
  twice.entries[3].value = ConfigList{"a", "a"};
  twice.entries[4].value = ConfigList{Config("Flatten", {}), Config("Flatten", {})};
  REQUIRE_THAT(says(to_json_text(twice)), Equals("expected layers of different names, found \"a\" twice"));
}
