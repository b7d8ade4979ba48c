#pragma once
// What a layer, loss, optimizer, ... is made of, as data: Keras' get_config and from_config. Printing, comparing, saving
// and loading all go through it, so that a class lists its fields once and nowhere else.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>

namespace nacre {

struct ConfigEntry;
struct ConfigValue;

/// A class by name with its fields' values, in order.
struct Config {
  std::string class_name;
  std::vector<ConfigEntry> entries;

  Config();
  Config(std::string name, std::vector<ConfigEntry> fields);
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

using ConfigList = std::vector<ConfigValue>;

/// Nothing, a truth value, an integer, a real number, a text, a list or another class.
struct ConfigValue : std::variant<std::monostate, bool, std::int64_t, double, std::string, ConfigList, Config> {
  using variant::variant;
  const variant& base() const { return *this; }
  std::string to_string() const;
  friend bool operator==(const ConfigValue&, const ConfigValue&);
};

struct ConfigEntry {
  std::string name;
  ConfigValue value;
  friend bool operator==(const ConfigEntry&, const ConfigEntry&);
};

#if NACRE_DEFINES

NACRE_INLINE Config::Config() = default;
NACRE_INLINE Config::Config(std::string name, std::vector<ConfigEntry> fields)
    : class_name(std::move(name)), entries(std::move(fields)) {}
NACRE_INLINE Config::Config(const Config&) = default;
NACRE_INLINE Config::Config(Config&&) noexcept = default;
NACRE_INLINE Config& Config::operator=(const Config&) = default;
NACRE_INLINE Config& Config::operator=(Config&&) noexcept = default;
NACRE_INLINE Config::~Config() = default;

NACRE_INLINE bool operator==(const ConfigValue& a, const ConfigValue& b) { return a.base() == b.base(); }
NACRE_INLINE bool operator==(const ConfigEntry& a, const ConfigEntry& b) {
  return a.name == b.name && a.value == b.value;
}
NACRE_INLINE bool operator==(const Config& a, const Config& b) {
  return a.class_name == b.class_name && a.entries == b.entries;
}

NACRE_INLINE void Config::add(std::string_view name, ConfigValue value) {
  entries.push_back({std::string(name), std::move(value)});
}

NACRE_INLINE const ConfigValue* Config::find(std::string_view name) const {
  for (const ConfigEntry& entry : entries) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

NACRE_INLINE std::string Config::to_string() const {
  std::string out = class_name + "(";
  for (const ConfigEntry& entry : entries) {
    if (&entry != entries.data()) out += ", ";
    out += entry.name + "=" + entry.value.to_string();
  }
  return out + ")";
}

NACRE_INLINE std::string ConfigValue::to_string() const {
  struct Print {
    std::string operator()(std::monostate) const { return "none"; }
    std::string operator()(const std::string& value) const { return "\"" + value + "\""; }
    std::string operator()(const Config& value) const { return value.to_string(); }
    std::string operator()(const ConfigList& values) const {
      std::string out = "(";
      for (const ConfigValue& value : values) {
        if (&value != values.data()) out += ", ";
        out += value.to_string();
      }
      return out + ")";
    }
    std::string operator()(bool value) const { return text(value); }
    std::string operator()(std::int64_t value) const { return text(value); }
    std::string operator()(double value) const { return text(value); }
  };
  return std::visit(Print{}, base());
}

#endif

// ---- one value ------------------------------------------------------------------------------------------------------

/// The value of type `V` in `value`; ValueError where it holds another type.
template <class V>
const V& config_get(const ConfigValue& value, std::string_view expected) {
  const V* found = std::get_if<V>(&value.base());
  require<ValueError>(found != nullptr, "expected ", expected, ", got ", value);
  return *found;
}

inline ConfigValue to_config_value(bool value) { return value; }
inline void from_config_value(const ConfigValue& value, bool& out) { out = config_get<bool>(value, "true or false"); }

template <std::integral I>
ConfigValue to_config_value(I value) {
  return static_cast<std::int64_t>(value);
}
template <std::integral I>
void from_config_value(const ConfigValue& value, I& out) {
  const std::int64_t number = config_get<std::int64_t>(value, "a whole number");
  require<ValueError>(std::in_range<I>(number), "expected a whole number in range, got ", number);
  out = static_cast<I>(number);
}

template <std::floating_point F>
ConfigValue to_config_value(F value) {
  return static_cast<double>(value);
}
template <std::floating_point F>
void from_config_value(const ConfigValue& value, F& out) {
  if (const auto* whole = std::get_if<std::int64_t>(&value.base())) {
    out = static_cast<F>(*whole);
  } else {
    out = static_cast<F>(config_get<double>(value, "a number"));
  }
}

inline ConfigValue to_config_value(const std::string& value) { return value; }
inline void from_config_value(const ConfigValue& value, std::string& out) {
  out = config_get<std::string>(value, "a text");
}

inline ConfigValue to_config_value(const Shape& value) {
  ConfigList list;
  for (std::int64_t extent : value) list.emplace_back(extent);
  return list;
}
inline void from_config_value(const ConfigValue& value, Shape& out) {
  out = Shape();
  for (const ConfigValue& extent : config_get<ConfigList>(value, "a list of extents")) {
    out.push_back(config_get<std::int64_t>(extent, "a whole number"));
  }
}

template <class V>
ConfigValue to_config_value(const std::optional<V>& value) {
  return value ? to_config_value(*value) : ConfigValue();
}
template <class V>
void from_config_value(const ConfigValue& value, std::optional<V>& out) {
  out.reset();
  if (std::holds_alternative<std::monostate>(value.base())) return;
  V present{};
  from_config_value(value, present);
  out = std::move(present);
}

template <class V>
ConfigValue to_config_value(const std::vector<V>& values) {
  ConfigList list;
  for (const V& value : values) list.push_back(to_config_value(value));
  return list;
}
template <class V>
void from_config_value(const ConfigValue& value, std::vector<V>& out) {
  out.clear();
  for (const ConfigValue& element : config_get<ConfigList>(value, "a list")) {
    V next{};
    from_config_value(element, next);
    out.push_back(std::move(next));
  }
}

// ---- fields ---------------------------------------------------------------------------------------------------------

/// A named member of a class.
template <class Class, class Member>
struct Field {
  std::string_view name;
  Member Class::*member;
};

/// All fields of an aggregate of options that a class holds.
template <class Class, class Options>
struct OptionFields {
  Options Class::*options;
};

/// `field("factor", &Scale::factor)`: saved, shown and compared under that name.
template <class Class, class Member>
constexpr auto field(std::string_view name, Member Class::*member) {
  return Field<Class, Member>{name, member};
}

/// All fields of an aggregate of options that a class holds: `fields_of(&Dense::options)`.
template <class Class, class Options>
constexpr auto fields_of(Options Class::*options) {
  return std::tuple{OptionFields<Class, Options>{options}};
}

/// A class that lists its fields.
template <class C>
concept HasFields = requires { std::tuple_size<std::decay_t<decltype(C::fields)>>::value; };

/// A class with a name by which it is shown, saved and registered.
template <class C>
concept HasTypeName = requires {
  { C::type_name } -> std::convertible_to<std::string_view>;
};

namespace detail {

/// Calls `visit(name, member)` for each field of an object, those of nested options like its own.
template <class Object, class Visit>
void each_field(Object& object, const Visit& visit);

template <class Object, class Class, class Member, class Visit>
void visit_field(Object& object, const Field<Class, Member>& field, const Visit& visit) {
  visit(field.name, object.*field.member);
}
template <class Object, class Class, class Options, class Visit>
void visit_field(Object& object, const OptionFields<Class, Options>& fields, const Visit& visit) {
  each_field(object.*fields.options, visit);
}

template <class Object, class Visit>
void each_field(Object& object, const Visit& visit) {
  std::apply([&](const auto&... each) { (visit_field(object, each, visit), ...); }, std::decay_t<Object>::fields);
}

}  // namespace detail

/// The name and the fields of an object: Keras' get_config. A class without `fields` has none.
template <HasTypeName C>
Config get_config(const C& object) {
  Config config{std::string(C::type_name), {}};
  if constexpr (HasFields<C>) {
    detail::each_field(
        object, [&config](std::string_view name, const auto& member) { config.add(name, to_config_value(member)); });
  }
  return config;
}

/// Sets the fields that `config` names; the others stay as they are. Throws ValueError for a field that the class does not
/// have or a value that does not fit.
template <HasTypeName C>
void set_fields(C& object, const Config& config) {
  for (const ConfigEntry& entry : config.entries) {
    bool known = false;
    if constexpr (HasFields<C>) {
      try {
        detail::each_field(object, [&](std::string_view name, auto& member) {
          if (name != entry.name) return;
          known = true;
          from_config_value(entry.value, member);
        });
      } catch (const Error& error) {
        throw ValueError(text(C::type_name, ": ", entry.name, ": ", error.what()));
      }
    }
    require<ValueError>(known, C::type_name, ": has no field \"", entry.name, "\"");
  }
}

/// An object with the fields that `config` names: Keras' from_config. `C` needs a default constructor, which may be
/// private where `nacre::ConfigAccess` is a friend.
struct ConfigAccess {
  template <class C>
  static C make() {
    return C();
  }
};

template <HasTypeName C>
C from_config(const Config& config) {
  C object = ConfigAccess::make<C>();
  set_fields(object, config);
  if constexpr (requires { object.validate(); }) object.validate();
  return object;
}

}  // namespace nacre
