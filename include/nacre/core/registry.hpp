#pragma once
// Classes by name, so that a saved model finds them again.

#include <mutex>
#include <span>
#include <string_view>

#include <nacre/core/any.hpp>
#include <nacre/core/list.hpp>

/// The lists of nacre's classes are macros, NACRE_LAYERS(X) and its like, which say X(class) for each. With this X they
/// stand behind `void` in a ClassList.
#define NACRE_NEXT_CLASS(CLASS) , CLASS

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Classes but the first, to be visited at once: `ClassList<void, A, B>::visit([]<class... C>() { ... })`.
template <class, class... C>
struct ClassList {
  template <class Visit>
  static void visit(Visit visit) {
    visit.template operator()<C...>();
  }
};

}  // namespace detail

/// Makes a value of a class, with its defaults.
struct ClassMaker {
  const HeldClass* made;
  void* (*make)();

  AnyValue operator()() const { return AnyValue(*made, make()); }
};

/// Another name of a class.
struct ClassAlias {
  std::string_view alias;
  std::string_view class_name;
};

/// The known classes of one kind. May be used from several threads at once.
class ClassTable {
 public:
  /// Makes classes known; a name that is known already stays as it is.
  void add(std::span<const ClassMaker> classes);

  bool contains(std::string_view class_name) const;

  /// The names of all classes, in the order in which they were made known.
  List<std::string_view> class_names() const;

  /// A value of the class that `config` names. Throws ValueError for a name nobody registered, fields that the class
  /// does not have, and values that it refuses.
  AnyValue make(const Config& config) const;

  /// A value of the class that Keras calls so, with its defaults: "MeanSquaredError", "mean_squared_error", "adamw" or
  /// one of the aliases. Throws ValueError, with the names there are, for another; `kind` ("loss") is named in the
  /// message.
  AnyValue make_by_name(std::string_view kind, std::string_view name, std::span<const ClassAlias> aliases) const;

 private:
  const ClassMaker* find(std::string_view class_name) const;

  mutable std::mutex mutex_;
  List<ClassMaker> classes_;
};

/// The classes of one kind: `Anything` is Layer, AnyInitializer, ... To know a class costs a program its
/// functions and a row in a table.
template <class Anything>
class Registry {
 public:
  /// Makes classes known under their `type_name`; registering one again changes nothing.
  template <class... V>
  static void add() {
    static constexpr ClassMaker makers[] = {
        {&Anything::template class_of<V>(), &ConfigAccess::make_held<V, typename Anything::template Stored<V>>}...};
    table().add(makers);
  }

  /// Whether a class of that name is known.
  static bool contains(std::string_view class_name) { return table().contains(class_name); }

  /// A value of the class that `config` names. Throws as ClassTable::make does.
  static Anything make(const Config& config) { return Anything(table().make(config)); }

  static ClassTable& table() {
    static ClassTable known;
    return known;
  }
};

/// How a value is written that may be none.
template <class Anything>
[[gnu::cold]] ConfigValue write_optional(const Anything& value) {
  return value.has_value() ? ConfigValue(value.config()) : ConfigValue();
}

/// The value that `write_optional` wrote, of a class that is registered already: a program that loads nothing compiles
/// no class for a field that may hold it. `expected` ("a constraint") is named in errors.
template <class Anything>
[[gnu::cold]] Anything read_optional(const ConfigValue& value, std::string_view expected) {
  if (value.is_none()) return Anything();
  return Registry<Anything>::make(config_get<Config>(value, expected));
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/registry-inl.hpp>
#endif
