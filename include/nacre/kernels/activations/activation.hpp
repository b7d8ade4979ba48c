#pragma once
// Activation: the function that a layer applies to its result, as an option: `.activation = gelu`, `.activation =
// "gelu"` or, with options of its own, `.activation = activations::LeakyRelu{.negative_slope = 0.1}`. Each function has
// a header beside this one; kernels/activation.hpp includes them all.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#include <nacre/core/fields.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/kernels/activations/linear.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace activations {

struct Celu;
struct Elu;
struct Exponential;
struct Gelu;
struct HardShrink;
struct HardSigmoid;
struct HardSilu;
struct HardTanh;
struct LeakyRelu;
struct LogSigmoid;
struct LogSoftmax;
struct Mish;
struct Relu;
struct Relu6;
struct Selu;
struct Sigmoid;
struct Silu;
struct SoftShrink;
struct Softmax;
struct Softplus;
struct Softsign;
struct SparsePlus;
struct SparseSigmoid;
struct Sparsemax;
struct Squareplus;
struct Tanh;
struct TanhShrink;
struct Threshold;

}  // namespace activations

namespace detail {

template <class... A>
struct ActivationList {
  /// The place of a class in the list, or -1.
  template <class Wanted>
  static constexpr int place() {
    int found = -1;
    int at = 0;
    ((found = std::is_same_v<Wanted, A> ? at : found, ++at), ...);
    return found;
  }
};

/// nacre's own activations: the one list of them.
using OwnActivations =
    ActivationList<activations::Linear, activations::Relu, activations::Sigmoid, activations::Tanh,
                   activations::Softmax, activations::Relu6, activations::LeakyRelu, activations::Elu,
                   activations::Selu, activations::Gelu, activations::Silu, activations::Mish, activations::Softplus,
                   activations::Softsign, activations::HardSigmoid, activations::HardSilu, activations::Exponential,
                   activations::LogSoftmax, activations::Celu, activations::HardShrink, activations::HardTanh,
                   activations::LogSigmoid, activations::SoftShrink, activations::SparsePlus,
                   activations::SparseSigmoid, activations::Sparsemax, activations::Squareplus, activations::TanhShrink,
                   activations::Threshold>;

}  // namespace detail

/// An activation computed and differentiated over `rows` rows of `length` elements, in place where wanted. `options` is
/// the activation's own object. backward: dx = dy * f'(x), the derivative from what was kept of the forward pass, x or
/// f(x).
template <class T>
struct ActivationKernels {
  void (*forward)(const void* options, std::int64_t rows, std::int64_t length, const T* x, T* y);
  void (*backward)(const void* options, std::int64_t rows, std::int64_t length, const T* kept, const T* dy, T* dx);
};

/// How the options of a class of activations are made, listed and checked.
struct ActivationOptionsClass {
  void (*make)(void* place);  ///< an object with its defaults
  void (*fields)(void* object, Fields& list);
  void (*validate)(const void* object);
};

/// What is known of a class of activations.
struct ActivationClass {
  std::string_view name;
  bool is_elementwise;  ///< each result depends on its element alone; otherwise on a row of the last axis
  bool keeps_input;     ///< whether the derivative needs the input; otherwise it is computed from the output
  const ActivationOptionsClass* options;  ///< nullptr where there are none
  ActivationKernels<float> in_float;      ///< nullptr for what it is not compiled for
  ActivationKernels<double> in_double;
};

namespace kernels {

/// The kernels of nacre's own activation `A`.
template <class T, class A>
void own_activation(const void* options, std::int64_t rows, std::int64_t length, const T* x, T* y);
template <class T, class A>
void own_activation_gradient(const void* options, std::int64_t rows, std::int64_t length, const T* kept, const T* dy,
                             T* dx);

}  // namespace kernels

namespace detail {

/// A class of your own: `T forward(T x) const` for a number.
template <class A>
concept OwnFunction = HasTypeName<A> && requires(const A& function) {
  { function.forward(1.0f) } -> std::convertible_to<double>;
};
template <class A>
concept IsActivation = OwnActivations::place<A>()
>= 0 || OwnFunction<A>;

template <class A>
concept HasDerivative = requires(const A& function) {
  { function.derivative(1.0f) } -> std::convertible_to<double>;
};
template <class A>
concept HasDerivativeFromOutput = requires(const A& function) {
  { function.derivative_from_output(1.0f) } -> std::convertible_to<double>;
};

template <class A>
constexpr bool activation_keeps_input() {
  if constexpr (OwnActivations::place<A>() >= 0) {
    return A::keeps_input;
  } else {
    return !HasDerivativeFromOutput<A>;
  }
}

template <class A>
constexpr bool activation_is_elementwise() {
  if constexpr (requires { A::is_elementwise; }) {
    return A::is_elementwise;
  } else {
    return true;
  }
}

/// The loops over an activation: nacre's have vectors.
template <class T, class A, class S, bool trains>
constexpr ActivationKernels<T> activation_kernels() {
  if constexpr (!S::template contains<T>) {
    return {nullptr, nullptr};
  } else if constexpr (OwnActivations::place<A>() >= 0) {
    if constexpr (!trains) return {kernels::own_activation<T, A>, nullptr};
    return {kernels::own_activation<T, A>, kernels::own_activation_gradient<T, A>};
  } else {
    return {[](const void* options, std::int64_t rows, std::int64_t length, const T* x, T* y) {
              const A& function = *static_cast<const A*>(options);
              for (std::int64_t i = 0; i < rows * length; ++i) y[i] = static_cast<T>(function.forward(x[i]));
            },
            [](const void* options, std::int64_t rows, std::int64_t length, const T* kept, const T* dy, T* dx) {
              const A& function = *static_cast<const A*>(options);
              for (std::int64_t i = 0; i < rows * length; ++i) {
                if constexpr (activation_keeps_input<A>()) {
                  dx[i] = dy[i] * static_cast<T>(function.derivative(kept[i]));
                } else {
                  dx[i] = dy[i] * static_cast<T>(function.derivative_from_output(kept[i]));
                }
              }
            }};
  }
}

template <class A>
inline constexpr ActivationOptionsClass activation_options{
    [](void* place) { new (place) A(); }, [](void* object, Fields& list) { static_cast<A*>(object)->fields(list); },
    [](const void* object) { nacre::validate(*static_cast<const A*>(object)); }};

template <class A>
constexpr const ActivationOptionsClass* options_class() {
  if constexpr (HasFields<A>) {
    return &activation_options<A>;
  } else {
    return nullptr;
  }
}

/// @tparam S      the scalar types that it is compiled for.
/// @tparam trains whether the derivative is compiled.
template <class A, class S = Scalars, bool trains = true>
inline constexpr ActivationClass activation_class{A::type_name,
                                                  activation_is_elementwise<A>(),
                                                  activation_keeps_input<A>(),
                                                  options_class<A>(),
                                                  activation_kernels<float, A, S, trains>(),
                                                  activation_kernels<double, A, S, trains>()};

[[noreturn, gnu::cold]] void fail_negative_option(std::string_view activation, std::string_view option, double value);

[[noreturn, gnu::cold]] void fail_positive_option(std::string_view activation, std::string_view option, double value);

/// Throws ValueError: "celu: expected alpha above 0, got 0". A NaN is refused, too.
constexpr void require_positive(std::string_view activation, std::string_view option, double value) {
  if (!(value > 0)) fail_positive_option(activation, option, value);
}

/// Throws ValueError: "elu: expected an alpha of 0 or more, got -1". A NaN is refused, too.
constexpr void require_not_negative(std::string_view activation, std::string_view option, double value) {
  if (!(value >= 0)) fail_negative_option(activation, option, value);
}

}  // namespace detail

class SymbolicTensor;

/// An activation with its options, as a value. Those of nacre, with Keras' names, are the constants below; one of your
/// own is a class with `type_name`, `T forward(T x) const` and either `T derivative(T x) const` or `T
/// derivative_from_output(T y) const` (docs/guides/your-own-activation.md).
class Activation {
 public:
  constexpr Activation() : Activation(activations::Linear{}) {}

  /// `relu(x)`: the activation of a tensor of a model that is written down. It is layers/activation.hpp that defines
  /// it.
  template <class = void>
  SymbolicTensor operator()(const SymbolicTensor& input) const;

  /// Throws ValueError for options that the class does not take.
  template <class A>
  requires detail::IsActivation<A>
  constexpr Activation(const A& function) : class_(&detail::activation_class<A>) {
    static_assert(
        detail::OwnActivations::place<A>() >= 0 || detail::HasDerivative<A> || detail::HasDerivativeFromOutput<A>,
        "an activation needs: template <class T> T derivative(T x) const; or derivative_from_output(T y)");
    static_assert(HasFields<A> || std::is_empty_v<A>,
                  "an activation with members needs: void fields(Fields& list) { list(\"name\", member); ... }, by "
                  "which it is saved and loaded");
    static_assert(std::is_trivially_copyable_v<A> && sizeof(A) <= sizeof(Options) && alignof(A) <= alignof(Options),
                  "an activation's options are a few numbers: at most four of 8 bytes");
    if constexpr (requires { function.validate(); }) function.validate();
    if constexpr (!std::is_empty_v<A>) options_.set(function);
  }

  /// By Keras' name: "gelu". Throws ValueError for one that is neither nacre's nor registered.
  Activation(std::string_view name);
  Activation(const std::string& name) : Activation(std::string_view(name)) {}
  Activation(const char* name) : Activation(std::string_view(name)) {}

  constexpr std::string_view name() const { return class_->name; }
  /// "gelu", or with the options that are not the default: `leaky_relu(negative_slope=0.1)`.
  std::string to_string() const;

  /// Whether every element's result depends on that element alone; softmax and log_softmax work on the last axis.
  constexpr bool is_elementwise() const { return class_->is_elementwise; }

  /// Whether the derivative needs what went in; otherwise it is computed from what came out.
  constexpr bool keeps_input() const { return class_->keeps_input; }

  /// The activation with its options, if it is an `A`; otherwise nullptr.
  template <class A>
  const A* get_if() const {
    return class_->name == A::type_name ? static_cast<const A*>(options()) : nullptr;
  }

  const ActivationClass& activation_class() const { return *class_; }
  const void* options() const { return options_.bytes; }

  /// Of the same class with the same options.
  friend constexpr bool operator==(const Activation& a, const Activation& b) {
    const bool same_address = !std::is_constant_evaluated() && a.class_ == b.class_;  // no constant under sanitizers
    if (!same_address && a.class_->name != b.class_->name) return false;
    return a.options_.same_bytes(b.options_) || same_options(a, b);
  }

 private:
  friend ConfigValue to_config_value(const Activation& activation);
  friend void from_config_value(const ConfigValue& value, Activation& out);

  explicit constexpr Activation(const ActivationClass& known) : class_(&known) {}
  /// The one of that name with its defaults; without registering nacre's own, so that a program that only names
  /// constants compiles no others.
  static Activation of_known(std::string_view name);
  static bool same_options(const Activation& a, const Activation& b);

  // Where the object of the class lies.
  struct alignas(8) Options {
    unsigned char bytes[32] = {};

    constexpr bool same_bytes(const Options& other) const {
      if (!std::is_constant_evaluated()) return std::memcmp(bytes, other.bytes, sizeof bytes) == 0;
      for (std::size_t i = 0; i < sizeof bytes; ++i) {
        if (bytes[i] != other.bytes[i]) return false;
      }
      return true;
    }

    template <class A>
    constexpr void set(const A& function) {
      struct Bytes {
        unsigned char all[sizeof(A)];
      };
      const auto from = __builtin_bit_cast(Bytes, function);
      for (std::size_t i = 0; i < sizeof(A); ++i) bytes[i] = from.all[i];
    }
  };

  const ActivationClass* class_;
  Options options_{};
};

/// A name, or a class with those options that are not the default.
ConfigValue to_config_value(const Activation& activation);
void from_config_value(const ConfigValue& value, Activation& out);

namespace detail {
/// Where one of that name is known already, the one that has a derivative stays.
void register_activation(const ActivationClass& known);
}

/// Makes nacre's activations known by their names. What takes a name does so itself.
void register_activations();

/// The same without their derivatives, for programs that only predict.
template <class = void>
void register_inference_activations() {
  []<class... A>(detail::ActivationList<A...>) {
    (detail::register_activation(detail::activation_class<A, detail::Scalars, false>), ...);
  }(detail::OwnActivations());
}

/// Makes an activation of your own known by its name, to `load` and as a string. Registering one again changes nothing.
template <class A>
requires detail::OwnFunction<A>
void register_activation() { detail::register_activation(detail::activation_class<A>); }

namespace activations {
inline constexpr Activation linear{Linear{}};
}
using activations::linear;

}  // namespace nacre
