#pragma once
// What an initializer is, and AnyInitializer, which holds one.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/any.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/registry.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The weight that an initializer fills. Element i of the weight may use the random numbers of element i alone, so that
/// the values depend on nothing but the seed, the weight and the element.
struct Initialization {
  double* values;              ///< `shape.size()` elements, row-major; the model rounds them to its scalar type
  const Shape& shape;          ///< Dense kernels are (inputs, units), convolution kernels (height, width, in, out)
  const RandomStream& random;  ///< this weight's own stream
};

/// Inputs and outputs of one unit, as Glorot and Bengio (2010) count them: the last two extents times the positions of
/// the kernel.
struct Fans {
  double in = 1;
  double out = 1;

  explicit Fans(const Shape& shape);
};

namespace detail {

struct InitializerClass : HeldClass {
  void (*fill)(const void* initializer, const Initialization& step) = nullptr;
};

template <class I>
constexpr bool check_initializer() {
  constexpr bool fills = requires(const I& initializer, const Initialization& step) { initializer.fill(step); };
  constexpr int missing = first_missing(HasTypeName<I>, fills, is_listed<I>);
  static_assert(missing != 1, "an initializer needs: static constexpr std::string_view type_name = \"...\";");
  static_assert(missing != 2, "an initializer needs: void fill(const Initialization& step) const;");
  static_assert(
      missing != 3,
      "an initializer with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by which "
      "it is saved and loaded; leave it empty if no member is to be saved");
  return missing == 0;
}

template <class I>
constexpr InitializerClass describe_initializer() {
  InitializerClass table;
  if constexpr (check_initializer<I>()) {
    describe_class<I>(table);
    table.fill = [](const void* value, const Initialization& step) { static_cast<const I*>(value)->fill(step); };
  }
  return table;
}

template <class I>
inline constexpr InitializerClass initializer_class = describe_initializer<I>();

}  // namespace detail

/// Any initializer: a class with a `type_name`, `fields`, and `void fill(const Initialization& step) const`.
class AnyInitializer : public Any<detail::InitializerClass> {
 public:
  template <class I>
  static constexpr const detail::InitializerClass& class_of() {
    return detail::initializer_class<I>;
  }

  /// By Keras' name, with its defaults: "he_normal". Throws ValueError, with the names there are, for another. It is
  /// initializers/initializers.hpp that defines it.
  AnyInitializer(std::string_view name);
  AnyInitializer(const std::string& name) : AnyInitializer(std::string_view(name)) {}
  AnyInitializer(const char* name) : AnyInitializer(std::string_view(name)) {}

  /// Throws what the initializer's `validate` throws, if it has one.
  template <class I>
  requires(!std::derived_from<I, AnyValue> && !std::convertible_to<I, std::string_view>) AnyInitializer(I initializer)
      : Any(class_of<I>(), new I(std::move(initializer))) {
    validate();
  }

  /// Gives a weight its first values.
  template <class T>
  void fill(T* values, const Shape& shape, const RandomStream& random) const {
    if constexpr (std::is_same_v<T, double>) {
      its_class().fill(held_, {values, shape, random});
    } else {
      std::vector<double> drawn(static_cast<std::size_t>(shape.size()));
      its_class().fill(held_, {drawn.data(), shape, random});
      for (std::size_t i = 0; i < drawn.size(); ++i) values[i] = static_cast<T>(drawn[i]);
    }
  }

 private:
  friend class Registry<AnyInitializer>;
  explicit AnyInitializer(AnyValue made) : Any(std::move(made)) {}
};

ConfigValue to_config_value(const AnyInitializer& initializer);
void from_config_value(const ConfigValue& value, AnyInitializer& out);

/// Makes an initializer of your own known to `load`.
template <HasTypeName I>
void register_initializer() {
  Registry<AnyInitializer>::add<I>();
}

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/initializers/initializer-inl.hpp>
#endif
