#pragma once
// Columns from xtensor containers and expressions.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/column.hpp>

namespace nacre {

/// An xtensor container, view or expression of numbers.
template <class E>
concept NumberExpression = xt::is_xexpression<std::remove_cvref_t<E>>::value &&
    std::is_arithmetic_v<typename std::remove_cvref_t<E>::value_type>;

namespace detail {

/// Shape of (samples, ...) in nacre's own type.
template <class E>
Shape extents_of(const E& expression) {
  require<ShapeError>(expression.dimension() >= 1,
                      "Dataset: expected samples along the first axis, got a single number");
  return Shape(expression.shape().begin(), expression.shape().end());
}

template <StoredNumber S, class E>
Column converted_column(const E& expression, const Shape& extents) {
  std::vector<S> values(static_cast<std::size_t>(extents.size()));
  std::transform(expression.template begin<xt::layout_type::row_major>(),
                 expression.template end<xt::layout_type::row_major>(), values.begin(),
                 [](auto value) { return static_cast<S>(value); });
  return Column(std::move(values), extents.front(), extents.from(1));
}

template <class E>
bool fits_int32(const E& expression) {
  return std::all_of(expression.template begin<xt::layout_type::row_major>(),
                     expression.template end<xt::layout_type::row_major>(),
                     [](auto value) { return std::in_range<std::int32_t>(value); });
}

/// Memory with strides, in which the elements may lie as a Column has them.
template <class E>
concept Strided = requires(const E& e) {
  { e.data() + e.data_offset() } -> std::convertible_to<const typename E::value_type*>;
  e.strides()[0];
};

/// Whether the elements lie one after the other, the last axis fastest.
template <Strided E>
bool is_row_major(const E& expression) {
  std::ptrdiff_t expected = 1;
  for (std::size_t axis = expression.dimension(); axis-- > 0;) {
    const auto extent = static_cast<std::ptrdiff_t>(expression.shape()[axis]);
    if (extent != 1 && static_cast<std::ptrdiff_t>(expression.strides()[axis]) != expected) return false;
    expected *= extent;
  }
  return true;
}

}  // namespace detail

/// A column that owns the values of `expression`, (samples, ...). A container given as an rvalue is moved in. Numbers
/// of a type that a column does not store become int32 where all of them fit, otherwise double. Throws ShapeError for a
/// single number.
template <NumberExpression E>
Column to_column(E&& expression) {
  using Value = typename std::remove_cvref_t<E>::value_type;
  const Shape extents = detail::extents_of(expression);
  if constexpr (StoredNumber<Value>) {
    auto owner = std::make_shared<const xt::xarray<Value>>(std::forward<E>(expression));
    const Value* values = owner->data();
    return Column(std::move(owner), values, extents.front(), extents.from(1));
  } else if constexpr (std::same_as<Value, bool>) {
    return detail::converted_column<std::uint8_t>(expression, extents);
  } else if constexpr (std::is_integral_v<Value>) {
    return detail::fits_int32(expression) ? detail::converted_column<std::int32_t>(expression, extents)
                                          : detail::converted_column<double>(expression, extents);
  } else {
    return detail::converted_column<double>(expression, extents);
  }
}

/// A column that borrows the memory of `expression` where it can: an lvalue whose elements are of a stored type and lie
/// in row-major order. Everything else is copied as `to_column` does.
template <NumberExpression E>
Column view_as_column(E&& expression) {
  using Plain = std::remove_cvref_t<E>;
  using Value = typename Plain::value_type;
  if constexpr (std::is_lvalue_reference_v<E> && StoredNumber<Value> && detail::Strided<Plain>) {
    const Shape extents = detail::extents_of(expression);
    if (detail::is_row_major(expression)) {
      const Value* values = expression.data() + expression.data_offset();
      return Column(nullptr, values, extents.front(), extents.from(1));
    }
  }
  return to_column(std::forward<E>(expression));
}

}  // namespace nacre
