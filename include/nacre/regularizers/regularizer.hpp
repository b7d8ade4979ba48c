#pragma once
// What a regularizer is, and AnyRegularizer, which holds one.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <nacre/core/any.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/scalars.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

struct RegularizerClass : HeldClass {
  double (*penalty_float)(const void* regularizer, const float* values, std::int64_t count) = nullptr;
  double (*penalty_double)(const void* regularizer, const double* values, std::int64_t count) = nullptr;
  void (*add_float)(const void* regularizer, const float* values, float* gradient, std::int64_t count) = nullptr;
  void (*add_double)(const void* regularizer, const double* values, double* gradient, std::int64_t count) = nullptr;
};

template <class R>
constexpr bool check_regularizer() {
  constexpr bool penalizes = requires(const R& regularizer, const float* values, std::int64_t count) {
    { regularizer.penalty(values, count) } -> std::convertible_to<double>;
  };
  constexpr bool adds = requires(const R& regularizer, const float* values, float* gradient, std::int64_t count) {
    regularizer.add_gradient(values, gradient, count);
  };
  constexpr int missing = first_missing(HasTypeName<R>, penalizes, adds, is_listed<R>);
  static_assert(missing != 1, "a regularizer needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2,
                "a regularizer needs: template <class T> double penalty(const T* values, std::int64_t count) const;");
  static_assert(missing != 3,
                "a regularizer needs: template <class T> void add_gradient(const T* values, T* gradient, std::int64_t "
                "count) const;");
  static_assert(missing != 4,
                "a regularizer with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which "
                "it is saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

template <class R, class S>
constexpr RegularizerClass describe_regularizer() {
  RegularizerClass table;
  if constexpr (check_regularizer<R>()) {
    describe_class<R>(table);
    table.penalty_float = [](const void* held, const float* values, std::int64_t count) -> double {
      return static_cast<const R*>(held)->penalty(values, count);
    };
    table.add_float = [](const void* held, const float* values, float* gradient, std::int64_t count) {
      static_cast<const R*>(held)->add_gradient(values, gradient, count);
    };
    if constexpr (S::template contains<double>) {
      table.penalty_double = [](const void* held, const double* values, std::int64_t count) -> double {
        return static_cast<const R*>(held)->penalty(values, count);
      };
      table.add_double = [](const void* held, const double* values, double* gradient, std::int64_t count) {
        static_cast<const R*>(held)->add_gradient(values, gradient, count);
      };
    }
  }
  return table;
}

template <class R, class S = Scalars>
inline constexpr RegularizerClass regularizer_class = describe_regularizer<R, S>();

}  // namespace detail

/// Any regularizer: a penalty for a weight's or an output's values, which is added to the loss. A copyable class with a
/// `type_name`, `fields`, and two functions for any part of the values, as each value's share depends on that value
/// alone:
///
/// - `template <class T> double penalty(const T* values, std::int64_t count) const`
/// - `template <class T> void add_gradient(const T* values, T* gradient, std::int64_t count) const`: adds the penalty's
///   derivative by each value to `gradient`.
class AnyRegularizer : public Any<detail::RegularizerClass> {
 public:
  template <class R>
  static constexpr const detail::RegularizerClass& class_of() {
    return detail::regularizer_class<R>;
  }

  /// By Keras' name, with its defaults: "l2", "l1", "l1_l2". Throws ValueError, with the names there are, for another.
  /// It is regularizers/regularizers.hpp that defines it.
  AnyRegularizer(std::string_view name);
  AnyRegularizer(const std::string& name) : AnyRegularizer(std::string_view(name)) {}
  AnyRegularizer(const char* name) : AnyRegularizer(std::string_view(name)) {}

  /// Throws what the regularizer's `validate` throws, if it has one.
  template <class R>
  requires(!std::derived_from<R, AnyValue> && !std::convertible_to<R, std::string_view>) AnyRegularizer(R regularizer)
      : Any(class_of<R>(), new R(std::move(regularizer))) {
    validate();
  }

  /// None: no penalty.
  AnyRegularizer() = default;
  using Any::has_value;

  double penalty(const float* values, std::int64_t count) const {
    return its_class().penalty_float(held_, values, count);
  }
  double penalty(const double* values, std::int64_t count) const {
    return its_class().penalty_double(held_, values, count);
  }
  void add_gradient(const float* values, float* gradient, std::int64_t count) const {
    its_class().add_float(held_, values, gradient, count);
  }
  void add_gradient(const double* values, double* gradient, std::int64_t count) const {
    its_class().add_double(held_, values, gradient, count);
  }

 private:
  friend class Registry<AnyRegularizer>;
  friend void from_config_value(const ConfigValue& value, AnyRegularizer& out);
  explicit AnyRegularizer(AnyValue made) : Any(std::move(made)) {}

  /// The one of that name, of those that are registered already.
  static AnyRegularizer of_known(std::string_view name);
};

/// None, or the regularizer's name and fields.
ConfigValue to_config_value(const AnyRegularizer& regularizer);
void from_config_value(const ConfigValue& value, AnyRegularizer& out);

/// Makes a regularizer of your own known to `load`.
template <HasTypeName R>
void register_regularizer() {
  Registry<AnyRegularizer>::add<R>();
}

}  // namespace nacre
