#pragma once
// Functions of one and of two arguments, element by element, by which models of one's own are written.

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// A function of one argument.
enum class Unary : std::uint8_t { exp, log, sqrt, square, abs, sigmoid, tanh, relu, erf };

/// A function of two arguments. Comparisons give 1 or 0.
enum class Binary : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  power,
  maximum,
  minimum,
  equal,
  not_equal,
  greater,
  greater_equal,
  less,
  less_equal,
};

inline constexpr std::array<std::string_view, 9> unary_names{"exp",     "log",  "sqrt", "square", "abs",
                                                             "sigmoid", "tanh", "relu", "erf"};
inline constexpr std::array<std::string_view, 13> binary_names{
    "add",   "subtract",  "multiply", "divide",        "power", "maximum",   "minimum",
    "equal", "not_equal", "greater",  "greater_equal", "less",  "less_equal"};

/// Whether a function of two arguments is a comparison.
constexpr bool is_comparison(Binary function) { return function >= Binary::equal; }

/// y[i] = f(x[i]). In place allowed.
template <class T>
void unary(Unary function, std::int64_t count, const T* x, T* y);

/// dx[i] = dy[i] f'(x[i]), where y[i] = f(x[i]): exp, sqrt, sigmoid, tanh and relu read y alone, the others x alone.
/// The derivatives of abs and relu at 0 are 0. `dx` may be `dy`.
template <class T>
void unary_gradient(Unary function, std::int64_t count, const T* x, const T* y, const T* dy, T* dx);

/// y[i] = f(a[i], b[i]). In place allowed. A NaN in either argument of a maximum or minimum gives NaN; a comparison
/// with one is false.
template <class T>
void binary(Binary function, std::int64_t count, const T* a, const T* b, T* y);

/// y[i] = c[i] is 0 ? b[i] : a[i]. In place allowed.
template <class T>
void choose(std::int64_t count, const T* c, const T* a, const T* b, T* y);

inline ConfigValue to_config_value(Unary function) {
  return std::string(unary_names[static_cast<std::size_t>(function)]);
}
inline ConfigValue to_config_value(Binary function) {
  return std::string(binary_names[static_cast<std::size_t>(function)]);
}
/// Throw ValueError for a name that is not among the functions.
void from_config_value(const ConfigValue& value, Unary& out);
void from_config_value(const ConfigValue& value, Binary& out);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/functions-inl.hpp>
#endif
