#pragma once
// The scalar types that layers are compiled for.

#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

template <class... T>
struct ScalarList {
  template <class S>
  static constexpr bool contains = (std::is_same_v<S, T> || ...);
};

// nacre::compiled has both. From headers alone a program pays for float, and for double where it defines NACRE_DOUBLE
// before its first include of nacre. The list is part of the holders' names, so that sources that differ in it can be
// linked together.
#if NACRE_HEADER_ONLY && !defined(NACRE_DOUBLE)
using Scalars = ScalarList<float>;
#else
using Scalars = ScalarList<float, double>;
#endif

/// Fails to compile for a model in a scalar type that layers are not compiled for.
template <class T>
constexpr void require_scalar() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "a model computes in float or in double");
  static_assert(Scalars::contains<T> || !std::is_same_v<T, double>,
                "for models in double define NACRE_DOUBLE before including nacre, or link nacre::compiled");
}

}  // namespace detail
}  // namespace nacre
