#pragma once
// What a layer, loss, optimizer, ... is made of, as data: Keras' get_config and from_config. Printing, comparing,
// saving and loading all go through it.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

struct ConfigEntry;
class ConfigValue;

/// A class by name with its fields' values, in order.
struct Config {
  std::string class_name;
  List<ConfigEntry> entries;

  Config();
  Config(std::string name, List<ConfigEntry> fields);
  Config(const Config&);
  Config(Config&&) noexcept;
  Config& operator=(const Config&);
  Config& operator=(Config&&) noexcept;
  ~Config();

  /// Appends a field.
  void add(std::string_view name, ConfigValue value);

  /// The value of a field, or nullptr where the config does not name it.
  const ConfigValue* find(std::string_view name) const;

  /// `Dense(units=10, activation="softmax")`.
  std::string to_string() const;

  friend bool operator==(const Config&, const Config&);
};

/// A list of values.
using ConfigList = List<ConfigValue>;

/// Nothing, a truth value, an integer, a real number, a text, a list or another class. A place for each of them, and no
/// std::variant, since one of itself is expensive to compile and every unit has this one.
class ConfigValue {
 public:
  /// Nothing.
  ConfigValue();
  ConfigValue(const ConfigValue&);
  ConfigValue(ConfigValue&&) noexcept;
  ConfigValue& operator=(const ConfigValue&);
  ConfigValue& operator=(ConfigValue&&) noexcept;
  ~ConfigValue();

  ConfigValue(bool value);
  template <std::integral I>
  ConfigValue(I value) : ConfigValue() {
    kind_ = Kind::integer;
    integer_ = static_cast<std::int64_t>(value);
  }
  template <std::floating_point F>
  ConfigValue(F value) : ConfigValue() {
    kind_ = Kind::real;
    real_ = static_cast<double>(value);
  }
  ConfigValue(std::string value);
  ConfigValue(const char* value);
  ConfigValue(ConfigList values);
  ConfigValue(Config value);

  /// Whether it is nothing.
  bool is_none() const { return kind_ == Kind::none; }

  /// The value, if it is a `V`: bool, std::int64_t, double, std::string, ConfigList or Config. Otherwise nullptr.
  template <class V>
  const V* get_if() const {
    const auto& [kind, member] = place(static_cast<const V*>(nullptr));
    return kind_ == kind ? &(this->*member) : nullptr;
  }
  template <class V>
  V* get_if() {
    return const_cast<V*>(std::as_const(*this).template get_if<V>());
  }

  std::string to_string() const;

  friend bool operator==(const ConfigValue&, const ConfigValue&);

 private:
  enum class Kind : unsigned char { none, boolean, integer, real, text, list, object };

  template <class V>
  struct Place {
    Kind kind;
    V ConfigValue::*member;
  };
  static constexpr Place<bool> place(const bool*) { return {Kind::boolean, &ConfigValue::boolean_}; }
  static constexpr Place<std::int64_t> place(const std::int64_t*) { return {Kind::integer, &ConfigValue::integer_}; }
  static constexpr Place<double> place(const double*) { return {Kind::real, &ConfigValue::real_}; }
  static constexpr Place<std::string> place(const std::string*) { return {Kind::text, &ConfigValue::text_}; }
  static constexpr Place<ConfigList> place(const ConfigList*) { return {Kind::list, &ConfigValue::list_}; }
  static constexpr Place<Config> place(const Config*) { return {Kind::object, &ConfigValue::object_}; }

  Kind kind_ = Kind::none;
  bool boolean_ = false;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string text_{};
  ConfigList list_{};
  Config object_{};
};

/// A field's name and value.
struct ConfigEntry {
  std::string name;
  ConfigValue value;
  friend bool operator==(const ConfigEntry&, const ConfigEntry&);
};

// ---- members and values ---------------------------------------------------------------------------------------------
//
// A type of members needs two functions in its namespace: to_config_value(member) and from_config_value(value, member),
// which throws ValueError, "expected ..., got ...", for a value that does not fit.

/// The value of type `V` in `value`; ValueError where it holds another type.
template <class V>
const V& config_get(const ConfigValue& value, std::string_view expected) {
  const V* found = value.get_if<V>();
  require<ValueError>(found != nullptr, "expected ", expected, ", got ", value);
  return *found;
}

ConfigValue to_config_value(const std::string& value);
ConfigValue to_config_value(const Shape& value);
ConfigValue to_config_value(const Config& value);
ConfigValue to_config_value(const ConfigList& values);
void from_config_value(const ConfigValue& value, bool& out);
void from_config_value(const ConfigValue& value, double& out);
void from_config_value(const ConfigValue& value, std::string& out);
void from_config_value(const ConfigValue& value, Shape& out);
void from_config_value(const ConfigValue& value, Config& out);
void from_config_value(const ConfigValue& value, ConfigList& out);

template <class Number>
requires std::is_arithmetic_v<Number> ConfigValue to_config_value(Number value) { return value; }

template <std::integral I>
void from_config_value(const ConfigValue& value, I& out) {
  const std::int64_t number = config_get<std::int64_t>(value, "a whole number");
  require<ValueError>(std::in_range<I>(number), "expected a whole number in range, got ", number);
  out = static_cast<I>(number);
}

template <std::floating_point F>
void from_config_value(const ConfigValue& value, F& out) {
  double number = 0;
  from_config_value(value, number);
  out = static_cast<F>(number);
}

// Declared here for options that hold lists.
template <class V>
ConfigValue to_config_value(const std::vector<V>& values);
template <class V>
void from_config_value(const ConfigValue& value, std::vector<V>& out);

template <class V>
ConfigValue to_config_value(const std::optional<V>& value) {
  return value ? to_config_value(*value) : ConfigValue();
}
template <class V>
void from_config_value(const ConfigValue& value, std::optional<V>& out) {
  out.reset();
  if (value.is_none()) return;
  V present{};
  from_config_value(value, present);
  out = std::move(present);
}

namespace detail {

template <class Sequence>
ConfigValue write_list(const Sequence& values) {
  ConfigList list;
  for (const auto& value : values) list.push_back(to_config_value(value));
  return list;
}
template <class Sequence>
void read_list(const ConfigValue& value, Sequence& out) {
  out.clear();
  for (const ConfigValue& element : config_get<ConfigList>(value, "a list")) {
    typename Sequence::value_type next{};
    from_config_value(element, next);
    out.push_back(std::move(next));
  }
}

}  // namespace detail

template <class V>
ConfigValue to_config_value(const std::vector<V>& values) {
  return detail::write_list(values);
}
template <class V>
ConfigValue to_config_value(const List<V>& values) {
  return detail::write_list(values);
}
template <class V>
void from_config_value(const ConfigValue& value, std::vector<V>& out) {
  detail::read_list(value, out);
}
template <class V>
void from_config_value(const ConfigValue& value, List<V>& out) {
  detail::read_list(value, out);
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/config-inl.hpp>
#endif
