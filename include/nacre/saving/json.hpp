#pragma once
// Config values as JSON text, and back. Nothing else in nacre names the JSON library.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>

#if NACRE_DEFINES
#include <nlohmann/json.hpp>
#endif

namespace nacre {

/// How deep arrays and objects may lie in each other, and how many values a text may have: far more than any model
/// needs, and little enough for a bad file to cost neither the stack nor the memory.
inline constexpr std::size_t json_max_depth = 64;
inline constexpr std::size_t json_max_values = std::size_t{1} << 22;

// Templates, as all that leads to them, for the JSON library is dear to compile: only those who save or load pay for
// it.

/// A value as JSON text in one line. A class becomes `{"class_name": "Dense", "config": {...}}`, as Keras has it, and a
/// Config without a class name a plain object. Doubles keep all their bits; those that JSON cannot say become
/// `{"float": "nan"}`, "inf" or "-inf". Throws ValueError for a text that is not UTF-8.
template <class = void>
std::string to_json_text(const ConfigValue& value);

/// The value of a JSON text that `to_json_text` or another program wrote; `source` is named in errors. Throws
/// FormatError for what is not JSON, names a member twice, nests deeper than `json_max_depth` or has more than
/// `json_max_values` values.
template <class = void>
ConfigValue from_json_text(std::string_view json, std::string_view source);

namespace detail {

/// The beginning of what was found, for messages.
inline std::string brief(std::string found) {
  if (found.size() > 100) found.replace(97, std::string::npos, "...");
  return found;
}

/// The same for a value, put into words only if the message is needed.
struct BriefValue {
  const ConfigValue& found;
  std::string to_string() const { return brief(found.to_string()); }
};
inline BriefValue brief(const ConfigValue& found) { return {found}; }

#if NACRE_DEFINES

/// Writes a value as JSON text, piece by piece.
template <class Json>
class JsonWriter {
 public:
  void operator()(bool value) { text_ += value ? "true" : "false"; }
  void operator()(std::int64_t value) { text_ += std::to_string(value); }
  void operator()(double value) {
    if (std::isfinite(value)) {
      text_ += Json(value).dump();  // the fewest digits that give the same double again
    } else {
      text_ += std::isnan(value) ? R"({"float":"nan"})" : value > 0 ? R"({"float":"inf"})" : R"({"float":"-inf"})";
    }
  }
  void operator()(const std::string& value) {
    try {
      text_ += Json(value).dump();
    } catch (const typename Json::exception&) {
      throw ValueError("expected a text in UTF-8, got \"" + brief(value) + "\"");
    }
  }
  void operator()(const ConfigList& values) {
    text_ += '[';
    for (const ConfigValue& value : values) {
      if (&value != values.data()) text_ += ',';
      write(value);
    }
    text_ += ']';
  }
  void operator()(const Config& config) {
    if (!config.class_name.empty()) {
      text_ += R"({"class_name":)";
      (*this)(config.class_name);
      text_ += R"(,"config":)";
    }
    text_ += '{';
    for (const ConfigEntry& entry : config.entries) {
      if (&entry != config.entries.data()) text_ += ',';
      (*this)(entry.name);
      text_ += ':';
      write(entry.value);
    }
    text_ += config.class_name.empty() ? "}" : "}}";
  }

  void write(const ConfigValue& value) {
    const bool written = write_if<bool>(value) || write_if<std::int64_t>(value) || write_if<double>(value) ||
                         write_if<std::string>(value) || write_if<ConfigList>(value) || write_if<Config>(value);
    if (!written) text_ += "null";
  }
  std::string take() { return std::move(text_); }

 private:
  template <class V>
  bool write_if(const ConfigValue& value) {
    const V* found = value.get_if<V>();
    if (found) (*this)(*found);
    return found != nullptr;
  }

  std::string text_;
};

/// Takes what the parser finds and puts it together.
template <class Json>
class JsonReader final : public nlohmann::json_sax<Json> {
 public:
  explicit JsonReader(std::string_view source) : source_(source) {}

  bool null() override { return add(ConfigValue()); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(typename Json::number_integer_t value) override { return add(static_cast<std::int64_t>(value)); }
  bool number_unsigned(typename Json::number_unsigned_t value) override {
    require<FormatError>(std::in_range<std::int64_t>(value), source_, ": expected whole numbers below 2^63, found ",
                         value);
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(typename Json::number_float_t value, const typename Json::string_t&) override {
    return add(static_cast<double>(value));
  }
  bool string(typename Json::string_t& value) override { return add(std::move(value)); }
  bool binary(typename Json::binary_t&) override { return false; }  // does not occur in a text
  bool start_object(std::size_t) override { return open<Config>(); }
  bool key(typename Json::string_t& name) override {
    keys_.push_back(std::move(name));
    return true;
  }
  bool end_object() override {
    Config object = std::move(*open_.back().template get_if<Config>());
    check_names(object);
    return close(understood(std::move(object)));
  }
  bool start_array(std::size_t) override { return open<ConfigList>(); }
  bool end_array() override { return close(std::move(*open_.back().template get_if<ConfigList>())); }
  bool parse_error(std::size_t position, const std::string&, const typename Json::exception& error) override {
    throw FormatError(
        text(source_, ": expected JSON, found an error at byte ", position, ": ", brief(std::string(error.what()))));
  }

  ConfigValue take() { return std::move(result_); }

 private:
  template <class Kind>
  bool open() {
    require<FormatError>(open_.size() < json_max_depth, source_, ": expected at most ", json_max_depth,
                         " arrays and objects in each other, found more");
    open_.emplace_back(Kind());
    return true;
  }

  bool close(ConfigValue value) {
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(ConfigValue value) {
    require<FormatError>(++values_ <= json_max_values, source_, ": expected at most ", json_max_values,
                         " values, found more");
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (auto* list = open_.back().template get_if<ConfigList>()) {
      list->push_back(std::move(value));
    } else {
      open_.back().template get_if<Config>()->entries.push_back({std::move(keys_.back()), std::move(value)});
      keys_.pop_back();
    }
    return true;
  }

  void check_names(const Config& object) const {
    std::vector<std::string_view> names;
    names.reserve(object.entries.size());
    for (const ConfigEntry& entry : object.entries) names.push_back(entry.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) {
      throw FormatError(
          text(source_, ": expected different names in an object, found \"", brief(std::string(*twice)), "\" twice"));
    }
  }

  // An object may stand for a class or for a number that is not finite.
  static ConfigValue understood(Config object) {
    auto& entries = object.entries;
    if (entries.size() == 1 && entries[0].name == "float") {
      if (const auto* name = entries[0].value.get_if<std::string>()) {
        if (*name == "nan") return std::numeric_limits<double>::quiet_NaN();
        if (*name == "inf") return std::numeric_limits<double>::infinity();
        if (*name == "-inf") return -std::numeric_limits<double>::infinity();
      }
    }
    if (entries.size() == 2 && entries[0].name == "config") std::swap(entries[0], entries[1]);
    if (entries.size() == 2 && entries[0].name == "class_name" && entries[1].name == "config") {
      auto* name = entries[0].value.get_if<std::string>();
      auto* fields = entries[1].value.get_if<Config>();
      if (name && !name->empty() && fields && fields->class_name.empty()) {
        return Config(std::move(*name), std::move(fields->entries));
      }
    }
    return object;
  }

  std::string source_;
  ConfigValue result_;
  std::vector<ConfigValue> open_;  // lists and objects: what has not ended, outermost first
  std::vector<std::string> keys_;  // names whose values have not been read
  std::size_t values_ = 0;
};

}  // namespace detail

template <class>
std::string to_json_text(const ConfigValue& value) {
  detail::JsonWriter<nlohmann::json> writer;
  writer.write(value);
  return writer.take();
}

template <class>
ConfigValue from_json_text(std::string_view json, std::string_view source) {
  detail::JsonReader<nlohmann::json> reader(source);
  nlohmann::json::sax_parse(json, &reader);
  return reader.take();
}

#else

}  // namespace detail

#endif


}  // namespace nacre
