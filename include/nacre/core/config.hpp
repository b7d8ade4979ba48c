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
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>

namespace nacre {

struct ConfigEntry;
class ConfigValue;

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

/// Nothing, a truth value, an integer, a real number, a text, a list or another class. A place for each of them, and no
/// std::variant, since one of itself is dear to compile and every unit has this one.
class ConfigValue {
 public:
  /// Nothing.
  ConfigValue() = default;
  ConfigValue(bool value) : kind_(Kind::boolean), boolean_(value) {}
  template <std::integral I>
  ConfigValue(I value) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {}
  template <std::floating_point F>
  ConfigValue(F value) : kind_(Kind::real), real_(static_cast<double>(value)) {}
  ConfigValue(std::string value) : kind_(Kind::text), text_(std::move(value)) {}
  ConfigValue(const char* value) : kind_(Kind::text), text_(value) {}
  ConfigValue(ConfigList values) : kind_(Kind::list), list_(std::move(values)) {}
  ConfigValue(Config value) : kind_(Kind::object), object_(std::move(value)) {}

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

NACRE_INLINE bool operator==(const ConfigValue& a, const ConfigValue& b) {
  // What is not in use is empty in both.
  return a.kind_ == b.kind_ && a.boolean_ == b.boolean_ && a.integer_ == b.integer_ && a.real_ == b.real_ &&
         a.text_ == b.text_ && a.list_ == b.list_ && a.object_ == b.object_;
}
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
  switch (kind_) {
    case Kind::none: return "none";
    case Kind::boolean: return text(boolean_);
    case Kind::integer: return text(integer_);
    case Kind::real: return text(real_);
    case Kind::text: return "\"" + text_ + "\"";
    case Kind::object: return object_.to_string();
    case Kind::list: break;
  }
  std::string out = "(";
  for (const ConfigValue& value : list_) {
    if (&value != list_.data()) out += ", ";
    out += value.to_string();
  }
  return out + ")";
}

#endif

// ---- one value ------------------------------------------------------------------------------------------------------

/// The value of type `V` in `value`; ValueError where it holds another type.
template <class V>
const V& config_get(const ConfigValue& value, std::string_view expected) {
  const V* found = value.get_if<V>();
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
  if (const auto* whole = value.get_if<std::int64_t>()) {
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
  if (value.is_none()) return;
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
