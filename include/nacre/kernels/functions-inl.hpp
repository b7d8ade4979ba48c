#pragma once
// The bodies of functions.hpp.

#include <cmath>
#include <limits>
#include <span>

#include <nacre/kernels/functions.hpp>
#include <nacre/kernels/simd/special.hpp>

#define NACRE_SIMD_NARROW
#define NACRE_SIMD_SOURCE <nacre/kernels/simd/functions.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void unary(Unary function, std::int64_t count, const T* x, T* y) {
  NACRE_SIMD_CALL_NARROW(unary<T>, function, count, x, y);
}

template <class T>
void unary_gradient(Unary function, std::int64_t count, const T* x, const T* y, const T* dy, T* dx) {
  NACRE_SIMD_CALL_NARROW(unary_gradient<T>, function, count, x, y, dy, dx);
}

template <class T>
void binary(Binary function, std::int64_t count, const T* a, const T* b, T* y) {
  if (function == Binary::power) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = std::pow(a[i], b[i]);
    return;
  }
  NACRE_SIMD_CALL_NARROW(binary<T>, function, count, a, b, y);
}

template <class T>
void choose(std::int64_t count, const T* c, const T* a, const T* b, T* y) {
  NACRE_SIMD_CALL_NARROW(choose<T>, count, c, a, b, y);
}

namespace detail {

/// The place of the function that `value` names.
NACRE_SETUP std::size_t find_function(const ConfigValue& value, std::span<const std::string_view> names) {
  const auto& name = config_get<std::string>(value, "a function's name");
  std::string known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
    known += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  throw ValueError(text("expected a function, one of ", known, ", got \"", name, "\""));
}

}  // namespace detail

NACRE_SETUP void from_config_value(const ConfigValue& value, Unary& out) {
  out = static_cast<Unary>(detail::find_function(value, unary_names));
}
NACRE_SETUP void from_config_value(const ConfigValue& value, Binary& out) {
  out = static_cast<Binary>(detail::find_function(value, binary_names));
}

}  // namespace nacre::kernels
