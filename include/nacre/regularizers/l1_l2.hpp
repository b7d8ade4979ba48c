#pragma once
// L1L2: a penalty for the size of values.

#include <cmath>
#include <cstdint>

#include <nacre/core/error.hpp>
#include <nacre/regularizers/regularizer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

[[gnu::cold]] inline void check_penalty(std::string_view place, double factor) {
  require<ValueError>(std::isfinite(factor) && factor >= 0, place, ": expected a factor of 0 or more, got ", factor);
}

/// l1 * sum |x| + l2 * sum x^2, accumulated in double.
template <class T>
double elastic_penalty(double l1, double l2, const T* values, std::int64_t count) {
  double absolute = 0;
  double squares = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double value = static_cast<double>(values[i]);
    absolute += std::abs(value);
    squares += value * value;
  }
  return l1 * absolute + l2 * squares;
}

/// gradient += l1 * sign(x) + 2 * l2 * x, with sign(0) = 0.
template <class T>
void add_elastic_gradient(double l1, double l2, const T* values, T* gradient, std::int64_t count) {
  const T first = static_cast<T>(l1);
  const T second = static_cast<T>(2 * l2);
  for (std::int64_t i = 0; i < count; ++i) {
    const T sign = static_cast<T>(values[i] > T(0)) - static_cast<T>(values[i] < T(0));
    gradient[i] += first * sign + second * values[i];
  }
}

}  // namespace detail

/// l1 * sum |x| + l2 * sum x^2: both penalties together. Zou and Hastie, "Regularization and variable selection via the
/// elastic net", 2005.
struct L1L2 {
  static constexpr std::string_view type_name = "L1L2";

  /// Throws ValueError for a negative factor.
  explicit L1L2(double l1_factor = 0, double l2_factor = 0) : l1(l1_factor), l2(l2_factor) { validate(); }

  double l1;
  double l2;
  void fields(Fields& list) {
    list("l1", l1);
    list("l2", l2);
  }

  void validate() const {
    detail::check_penalty("L1L2: l1", l1);
    detail::check_penalty("L1L2: l2", l2);
  }

  template <class T>
  double penalty(const T* values, std::int64_t count) const {
    return detail::elastic_penalty(l1, l2, values, count);
  }
  template <class T>
  void add_gradient(const T* values, T* gradient, std::int64_t count) const {
    detail::add_elastic_gradient(l1, l2, values, gradient, count);
  }
};

}  // namespace nacre
