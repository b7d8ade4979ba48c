#pragma once
// The bodies of json.hpp. The JSON library reads; what is written needs none.
//
// All that is used of it is its parser, which it keeps in a header of its own. The whole library would take 0.7 s and
// 100 MB of each unit. The parser alone is included where the library is there in parts and of a version (3.11) whose
// parser does not need the rest. A program with another json.hpp in its path than the installed one includes that one
// first.

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if !defined(INCLUDE_NLOHMANN_JSON_HPP_) && __has_include(<nlohmann/detail/abi_macros.hpp>)
#include <nlohmann/detail/input/parser.hpp>
#else
#include <nlohmann/json.hpp>
#endif

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/sorted.hpp>
#include <nacre/saving/json.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

#if NLOHMANN_JSON_VERSION_MAJOR > 3 || NLOHMANN_JSON_VERSION_MINOR >= 11
/// What the parser asks of nlohmann::json: the types of what it finds.
struct JsonTypes {
  using number_integer_t = std::int64_t;
  using number_unsigned_t = std::uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = std::vector<std::uint8_t>;
  using exception = nlohmann::detail::exception;
};

}  // namespace detail
}  // namespace nacre

template <>
struct nlohmann::detail::is_basic_json<nacre::detail::JsonTypes> : std::true_type {};

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {
#else
using JsonTypes = nlohmann::json;
#endif

NACRE_SETUP std::string brief(std::string found) {
  if (found.size() <= 100) return found;
  std::size_t end = 97;
  while (end > 90 && (static_cast<unsigned char>(found[end]) & 0xC0) == 0x80) --end;  // no half characters
  found.resize(end);
  return found + "...";
}

// ---- writing --------------------------------------------------------------------------------------------------------

/// How many bytes the UTF-8 character at the beginning of `text` has; 0 where there is none (RFC 3629: no longer form
/// than needed, no half of a surrogate pair, nothing above U+10FFFF).
NACRE_SETUP std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

/// Writes a value as JSON text, piece by piece.
class JsonWriter {
 public:
  void write(const ConfigValue& value) {
    if (const auto* boolean = value.get_if<bool>()) {
      text_ += *boolean ? "true" : "false";
    } else if (const auto* integer = value.get_if<std::int64_t>()) {
      text_ += std::to_string(*integer);
    } else if (const auto* real = value.get_if<double>()) {
      write_real(*real);
    } else if (const auto* string = value.get_if<std::string>()) {
      write_text(*string);
    } else if (const auto* list = value.get_if<ConfigList>()) {
      write_list(*list);
    } else if (const auto* object = value.get_if<Config>()) {
      write_object(*object);
    } else {
      text_ += "null";
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void write_real(double value) {
    if (!std::isfinite(value)) {
      text_ += std::isnan(value) ? R"({"float":"nan"})" : value > 0 ? R"({"float":"inf"})" : R"({"float":"-inf"})";
      return;
    }
    char digits[32];  // the fewest digits that give the same double again; at most 24 characters
    const std::string_view shortest(
        digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits));
    text_ += shortest;
    if (shortest.find_first_of(".e") == std::string_view::npos) text_ += ".0";  // a double stays one
  }

  void write_text(std::string_view value) {
    text_ += '"';
    for (std::size_t i = 0; i < value.size();) {
      const std::size_t length = utf8_length(value.substr(i));
      if (length == 0) throw ValueError("expected a text in UTF-8, got \"" + brief(std::string(value)) + "\"");
      if (length == 1) {
        write_ascii(value[i]);
      } else {
        text_ += value.substr(i, length);
      }
      i += length;
    }
    text_ += '"';
  }

  void write_ascii(char character) {
    constexpr std::string_view special = "\"\\\b\f\n\r\t";
    constexpr std::string_view escapes = "\"\\bfnrt";
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(character);
    if (const std::size_t found = special.find(character); found != std::string_view::npos) {
      text_ += {'\\', escapes[found]};
    } else if (code < 0x20) {
      text_ += {'\\', 'u', '0', '0', hexadecimal[code / 16], hexadecimal[code % 16]};
    } else {
      text_ += character;
    }
  }

  void write_list(const ConfigList& values) {
    text_ += '[';
    for (const ConfigValue& value : values) {
      if (&value != values.data()) text_ += ',';
      write(value);
    }
    text_ += ']';
  }

  void write_object(const Config& config) {
    if (!config.class_name.empty()) {
      text_ += R"({"class_name":)";
      write_text(config.class_name);
      text_ += R"(,"config":)";
    }
    text_ += '{';
    for (const ConfigEntry& entry : config.entries) {
      if (&entry != config.entries.data()) text_ += ',';
      write_text(entry.name);
      text_ += ':';
      write(entry.value);
    }
    text_ += config.class_name.empty() ? "}" : "}}";
  }

  std::string text_;
};

// ---- reading --------------------------------------------------------------------------------------------------------

/// Takes what the parser finds and puts it together. With a `taker`, the outermost object's members go there.
class JsonReader {
 public:
  JsonReader(std::string_view source, const JsonLimits& limits, JsonMembers* taker)
      : source_(source), limits_(limits), taker_(taker) {}

  bool null() { return add(ConfigValue()); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) {
    require<FormatError>(std::in_range<std::int64_t>(value), source_, ": expected whole numbers below 2^63, found ",
                         value);
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string&) { return add(static_cast<double>(value)); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(JsonTypes::binary_t&) { return false; }  // does not occur in a text
  bool start_object(std::size_t) { return open<Config>(); }
  bool key(std::string& name) {
    keys_.push_back(std::move(name));
    return true;
  }
  bool end_object() {
    Config object = std::move(*open_.back().get_if<Config>());
    check_names(object);
    return close(understood(std::move(object)));
  }
  bool start_array(std::size_t) { return open<ConfigList>(); }
  bool end_array() { return close(std::move(*open_.back().get_if<ConfigList>())); }
  bool parse_error(std::size_t position, const std::string&, const JsonTypes::exception& error) {
    throw FormatError(
        text(source_, ": expected JSON, found an error at byte ", position, ": ", brief(std::string(error.what()))));
  }

  ConfigValue take() { return std::move(result_); }

 private:
  template <class Kind>
  bool open() {
    require<FormatError>(open_.size() < limits_.depth, source_, ": expected at most ", limits_.depth,
                         " arrays and objects in each other, found more");
    open_.emplace_back(Kind());
    return true;
  }

  bool close(ConfigValue value) {
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(ConfigValue value) {
    require<FormatError>(++values_ <= limits_.values, source_, ": expected at most ", limits_.values,
                         " values, found more");
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (taker_ != nullptr && open_.size() == 1) {
      values_ = 0;
      take_member(std::move(value));
    } else if (auto* list = open_.back().get_if<ConfigList>()) {
      list->push_back(std::move(value));
    } else {
      open_.back().get_if<Config>()->entries.push_back({std::move(keys_.back()), std::move(value)});
      keys_.pop_back();
    }
    return true;
  }

  void take_member(ConfigValue value) {
    require<FormatError>(!keys_.empty(), source_, ": expected an object, found an array");
    taker_->member(std::move(keys_.back()), std::move(value));
    keys_.pop_back();
  }

  void check_names(const Config& object) const {
    List<std::string_view> names;
    names.reserve(object.entries.size());
    for (const ConfigEntry& entry : object.entries) names.push_back(entry.name);
    names = sorted_texts(names);
    if (const std::string_view* twice = find_twice(names)) {
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
  JsonLimits limits_;
  JsonMembers* taker_;
  ConfigValue result_;
  List<ConfigValue> open_;         // lists and objects: what has not ended, outermost first
  std::vector<std::string> keys_;  // names whose values have not been read
  std::size_t values_ = 0;
};

/// The library's `json::sax_parse` chooses a format at run time, by which every program would have its readers of
/// binary formats compiled, too: three times as much as the rest. So this goes to the parser itself.
template <class Json = JsonTypes>
[[gnu::cold]] void parse_json(std::string_view json, JsonReader& reader) {
  auto input = nlohmann::detail::input_adapter(json.begin(), json.end());
  nlohmann::detail::parser<Json, decltype(input)>(std::move(input)).sax_parse(&reader);
}

}  // namespace detail

NACRE_SETUP std::string to_json_text(const ConfigValue& value) {
  detail::JsonWriter writer;
  writer.write(value);
  return writer.take();
}

template <class>
[[gnu::cold]] ConfigValue from_json_text(std::string_view json, std::string_view source, const JsonLimits& limits) {
  detail::JsonReader reader(source, limits, nullptr);
  detail::parse_json(json, reader);
  return reader.take();
}

template <class>
[[gnu::cold]] void detail::read_json_members(std::string_view json, std::string_view source, JsonMembers& taker,
                                             const JsonLimits& limits) {
  JsonReader reader(source, limits, &taker);
  parse_json(json, reader);
}

}  // namespace nacre
