#pragma once
// What a constraint is, and AnyConstraint, which holds one.

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

struct ConstraintClass : HeldClass {
  void (*apply_float)(const void* constraint, float* weight, const Shape& shape) = nullptr;
  void (*apply_double)(const void* constraint, double* weight, const Shape& shape) = nullptr;
};

template <class C>
constexpr bool check_constraint() {
  constexpr bool applies = requires(const C& constraint, float* weight, const Shape& shape) {
    constraint.apply(weight, shape);
  };
  constexpr int missing = first_missing(HasTypeName<C>, applies, is_listed<C>);
  static_assert(missing != 1, "a constraint needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2,
                "a constraint needs: template <class T> void apply(T* weight, const Shape& shape) const;");
  static_assert(missing != 3,
                "a constraint with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which "
                "it is saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

template <class C, class S>
constexpr ConstraintClass describe_constraint() {
  ConstraintClass table;
  if constexpr (check_constraint<C>()) {
    describe_class<C>(table);
    table.apply_float = [](const void* held, float* weight, const Shape& shape) {
      static_cast<const C*>(held)->apply(weight, shape);
    };
    if constexpr (S::template contains<double>) {
      table.apply_double = [](const void* held, double* weight, const Shape& shape) {
        static_cast<const C*>(held)->apply(weight, shape);
      };
    }
  }
  return table;
}

template <class C, class S = Scalars>
inline constexpr ConstraintClass constraint_class = describe_constraint<C, S>();

}  // namespace detail

/// Any constraint: what a weight is brought back to after each update. A copyable class with a `type_name`, `fields`
/// and `template <class T> void apply(T* weight, const Shape& shape) const`, which changes the weight, row-major, in
/// place.
class AnyConstraint : public Any<detail::ConstraintClass> {
 public:
  template <class C>
  static constexpr const detail::ConstraintClass& class_of() {
    return detail::constraint_class<C>;
  }

  /// By Keras' name, with its defaults: "non_neg", "max_norm". Throws ValueError, with the names there are, for
  /// another. It is constraints/constraints.hpp that defines it.
  AnyConstraint(std::string_view name);
  AnyConstraint(const std::string& name) : AnyConstraint(std::string_view(name)) {}
  AnyConstraint(const char* name) : AnyConstraint(std::string_view(name)) {}

  /// Throws what the constraint's `validate` throws, if it has one.
  template <class C>
  requires(!std::derived_from<C, AnyValue> && !std::convertible_to<C, std::string_view>) AnyConstraint(C constraint)
      : Any(class_of<C>(), new C(std::move(constraint))) {
    validate();
  }

  /// None: the weight stays as the optimizer left it.
  AnyConstraint() = default;
  using Any::has_value;

  void apply(float* weight, const Shape& shape) const { its_class().apply_float(held_, weight, shape); }
  void apply(double* weight, const Shape& shape) const { its_class().apply_double(held_, weight, shape); }

 private:
  friend class Registry<AnyConstraint>;
  friend void from_config_value(const ConfigValue& value, AnyConstraint& out);
  explicit AnyConstraint(AnyValue made) : Any(std::move(made)) {}

  /// The one of that name, of those that are registered already.
  static AnyConstraint of_known(std::string_view name);
};

/// None, or the constraint's name and fields.
ConfigValue to_config_value(const AnyConstraint& constraint);
void from_config_value(const ConfigValue& value, AnyConstraint& out);

/// Makes a constraint of your own known to `load`.
template <HasTypeName C>
void register_constraint() {
  Registry<AnyConstraint>::add<C>();
}

}  // namespace nacre
