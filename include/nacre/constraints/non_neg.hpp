#pragma once
// NonNeg: weights that are not negative.

#include <cstdint>

#include <nacre/constraints/constraint.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes negative weights 0.
struct NonNeg {
  static constexpr std::string_view type_name = "NonNeg";
  void fields(Fields&) {}

  template <class T>
  void apply(T* weight, const Shape& shape) const {
    const std::int64_t count = shape.size();
    for (std::int64_t i = 0; i < count; ++i) weight[i] = weight[i] < T(0) ? T(0) : weight[i];
  }
};

}  // namespace nacre
