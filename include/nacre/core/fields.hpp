#pragma once
// The fields of a class: its members by name, as one table that printing, comparing, saving and loading share. A class
// says its name and lists its members once:
//
//   struct Scale {
//     static constexpr std::string_view type_name = "Scale";
//     double factor = 2.0;
//     void fields(Fields& list) { list("factor", factor); }
//   };

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/config.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How members of one type are read and written: `field_type<double>` and so on, one for each type, not for each class.
struct FieldType {
  ConfigValue (*get)(const void* member);
  void (*set)(const ConfigValue& value, void* member);
};

template <class V>
struct FieldFunctions {
  [[gnu::cold]] static ConfigValue get(const void* member) { return to_config_value(*static_cast<const V*>(member)); }
  [[gnu::cold]] static void set(const ConfigValue& value, void* member) {
    from_config_value(value, *static_cast<V*>(member));
  }
};

template <class V>
inline constexpr FieldType field_type{FieldFunctions<V>::get, FieldFunctions<V>::set};

/// A member of an object: its name, where it lies, and its type.
struct Field {
  std::string_view name;
  void* member;
  const FieldType* type;
  bool leaves_out_none = false;  ///< whether it is not written while it holds nothing
  bool is_only_read = false;     ///< whether it is never written
};

/// The members that an object lists, in its order.
class Fields {
 public:
  /// `list("factor", factor)`: the member is saved, shown and compared under that name.
  template <class V>
  void operator()(std::string_view name, V& member) {
    static_assert(
        requires(const ConfigValue& value) {
          { to_config_value(std::as_const(member)) } -> std::convertible_to<ConfigValue>;
          from_config_value(value, member);
        },
        "a field is a bool, number, std::string, Shape, option of nacre's, or a std::optional or std::vector of these; "
        "for a type of your own define to_config_value and from_config_value in its namespace");
    add({name, &member, &field_type<V>});
  }

  /// The same for a member that mostly holds nothing, and is then not written: a regularizer, say.
  template <class V>
  void if_any(std::string_view name, V& member) {
    (*this)(name, member);
    fields_.back().leaves_out_none = true;
  }

  /// The same for another name of a member, by which older files have it.
  template <class V>
  void only_read(std::string_view name, V& member) {
    (*this)(name, member);
    fields_.back().is_only_read = true;
  }

  [[gnu::cold]] void add(const Field& field);
  const List<Field>& all() const { return fields_; }

 private:
  List<Field> fields_;
};

/// A class that lists its fields.
template <class C>
concept HasFields = requires(C& object, Fields& list) {
  object.fields(list);
};

/// A class with a name by which it is shown, saved and registered.
template <class C>
concept HasTypeName = requires {
  { C::type_name } -> std::convertible_to<std::string_view>;
};

/// The fields of an object; none where its class lists none.
template <class C>
Fields fields_of(C& object) {
  Fields list;
  if constexpr (HasFields<C>) object.fields(list);
  return list;
}

/// The name of a class with the values of these fields.
[[gnu::cold]] Config get_config(std::string_view class_name, const Fields& fields);

/// Sets the fields that `config` names; the others stay as they are. Throws ValueError, naming `class_name` and the
/// field, for a field that is not there or a value that does not fit.
[[gnu::cold]] void set_fields(std::string_view class_name, const Fields& fields, const Config& config);

/// The name and the fields of an object: Keras' get_config.
template <HasTypeName C>
Config get_config(const C& object) {
  return get_config(C::type_name, fields_of(const_cast<C&>(object)));  // which only reads them
}

/// Makes objects from their class alone. A class whose default constructor is for this alone makes it private and
/// ConfigAccess a friend.
struct ConfigAccess {
  template <class C>
  static C make() {
    return C();
  }
  /// On the heap, or as the first member of a `Stored`.
  template <class C, class Stored = C>
  [[gnu::cold]] static void* make_held() {
    return new Stored{C()};
  }
};

/// Throws what the object's own `validate` throws; a class without one takes any values.
template <class C>
void validate(const C& object) {
  if constexpr (requires { object.validate(); }) object.validate();
}

/// An object with the fields that `config` names: Keras' from_config. `C` needs a default constructor. Throws what
/// `set_fields` and the class' `validate` throw.
template <HasTypeName C>
C from_config(const Config& config) {
  C object = ConfigAccess::make<C>();
  set_fields(C::type_name, fields_of(object), config);
  validate(object);
  return object;
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/fields-inl.hpp>
#endif
