#pragma once
// L1: a penalty for the size of values.

#include <nacre/regularizers/l1_l2.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// l1 * sum |x|, which makes many values 0.
struct L1 {
  static constexpr std::string_view type_name = "L1";

  /// Throws ValueError for a negative factor.
  explicit L1(double factor = 0.01) : l1(factor) { validate(); }

  double l1;
  void fields(Fields& list) { list("l1", l1); }

  void validate() const { detail::check_penalty("L1: l1", l1); }

  template <class T>
  double penalty(const T* values, std::int64_t count) const {
    return detail::elastic_penalty(l1, 0, values, count);
  }
  template <class T>
  void add_gradient(const T* values, T* gradient, std::int64_t count) const {
    detail::add_elastic_gradient(l1, 0, values, gradient, count);
  }
};

}  // namespace nacre
