#pragma once
// L2: a penalty for the size of values.

#include <nacre/regularizers/l1_l2.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// l2 * sum x^2, which keeps values small (not half of it: Keras has no 1/2).
struct L2 {
  static constexpr std::string_view type_name = "L2";

  /// Throws ValueError for a negative factor.
  explicit L2(double factor = 0.01) : l2(factor) { validate(); }

  double l2;
  void fields(Fields& list) { list("l2", l2); }

  void validate() const { detail::check_penalty("L2: l2", l2); }

  template <class T>
  double penalty(const T* values, std::int64_t count) const {
    return detail::elastic_penalty(0, l2, values, count);
  }
  template <class T>
  void add_gradient(const T* values, T* gradient, std::int64_t count) const {
    detail::add_elastic_gradient(0, l2, values, gradient, count);
  }
};

}  // namespace nacre
