#pragma once
// What an initializer is, and AnyInitializer, which holds one.

#include <cstdint>
#include <string_view>

#include <nacre/core/any.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/shape.hpp>

namespace nacre {

/// The weight that an initializer fills. Element i of the weight may use the random numbers of element i alone, so that
/// the values depend on nothing but the seed, the weight and the element.
template <class T>
struct Initialization {
  T* values;            ///< `shape.size()` elements, row-major
  const Shape& shape;   ///< Dense kernels are (inputs, units), convolution kernels (height, width, in, out)
  RandomStream random;  ///< this weight's own stream
};

/// Inputs and outputs of one unit, as Glorot and Bengio (2010) count them: the last two extents times the positions of
/// the kernel.
struct Fans {
  double in = 1;
  double out = 1;

  explicit Fans(const Shape& shape) {
    if (shape.rank() == 0) return;
    if (shape.rank() == 1) {
      in = out = static_cast<double>(shape[0]);
      return;
    }
    double positions = 1;
    for (std::size_t axis = 0; axis + 2 < shape.rank(); ++axis) positions *= static_cast<double>(shape[axis]);
    in = positions * static_cast<double>(shape[shape.rank() - 2]);
    out = positions * static_cast<double>(shape.back());
  }
};

namespace detail {

struct InitializerInterface : Held<InitializerInterface> {
  virtual void fill(const Initialization<float>& step) const = 0;
  virtual void fill(const Initialization<double>& step) const = 0;
};

template <class I>
struct InitializerHolder final : HoldValue<InitializerInterface, InitializerHolder<I>, I> {
  using HoldValue<InitializerInterface, InitializerHolder<I>, I>::HoldValue;
  void fill(const Initialization<float>& step) const override { this->value.fill(step); }
  void fill(const Initialization<double>& step) const override { this->value.fill(step); }
};

}  // namespace detail

/// Any initializer: a class with a `type_name`, `fields`, and `template <class T> void fill(const Initialization<T>&) const`.
class AnyInitializer : public Any<detail::InitializerInterface> {
 public:
  template <HasTypeName I>
  AnyInitializer(I initializer)
      : Any(hold<detail::InitializerInterface, detail::InitializerHolder<I>>(std::move(initializer))) {}

  template <class T>
  void fill(const Initialization<T>& step) const {
    self().fill(step);
  }
};

inline ConfigValue to_config_value(const AnyInitializer& initializer) { return initializer.config(); }
inline void from_config_value(const ConfigValue& value, AnyInitializer& out) {
  out = Registry<AnyInitializer>::make(config_get<Config>(value, "an initializer"));
}

/// After an initializer of nacre's own: nacre::compiled has it built.
#define NACRE_INITIALIZER(Class)                               \
  NACRE_INSTANCE(std::unique_ptr<detail::InitializerInterface> \
                     hold<detail::InitializerInterface, detail::InitializerHolder<Class>>(Class))

/// Makes an initializer of one's own known to `load`.
template <HasTypeName I>
void register_initializer() {
  Registry<AnyInitializer>::add<I>();
}

}  // namespace nacre
