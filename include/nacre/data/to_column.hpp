#pragma once
// Columns from what users hold their numbers in: xtensor, std::vector, std::array, std::span, C arrays, plain memory.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/data/column.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// An xtensor container, view or expression of numbers.
template <class E>
concept NumberExpression = xt::is_xexpression<std::remove_cvref_t<E>>::value &&
    std::is_arithmetic_v<typename std::remove_cvref_t<E>::value_type>;

namespace detail {

/// What an element of memory is made of: a number, or a fixed array of them.
template <class Element>
struct Numbers {
  using Number = Element;
  static void append_extents(Shape&) {}
};
template <class Element, std::size_t count>
struct Numbers<Element[count]> : Numbers<Element> {
  static void append_extents(Shape& shape) {
    shape.push_back(static_cast<std::int64_t>(count));
    Numbers<Element>::append_extents(shape);
  }
};
template <class Element, std::size_t count>
struct Numbers<std::array<Element, count>> : Numbers<Element[count]> {};

template <class Values>
using ElementOf = std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<Values&>()))>>;

template <class Number>
concept PlainNumber = std::is_arithmetic_v<Number> && !std::same_as<Number, char>;  // a text is no list of numbers

}  // namespace detail

/// Numbers one after another in memory: std::vector, std::array, std::span or a C array of numbers, or of fixed arrays
/// of them (std::vector<std::array<float, 4>>, float[100][28][28]).
template <class Values>
concept ContiguousNumbers = !xt::is_xexpression<std::remove_cvref_t<Values>>::value && requires(Values & values) {
  std::data(values);
  { std::size(values) } -> std::convertible_to<std::size_t>;
  requires detail::PlainNumber<typename detail::Numbers<detail::ElementOf<Values>>::Number>;
};

/// What a column can be made of: all of the above and a column itself.
template <class Values>
concept ColumnSource =
    NumberExpression<Values> || ContiguousNumbers<Values> || std::same_as<std::remove_cvref_t<Values>, Column>;

namespace detail {

/// Throws ShapeError for a single number.
[[gnu::cold]] inline void require_samples(std::size_t dimensions) {
  require<ShapeError>(dimensions >= 1, "Dataset: expected samples along the first axis, got a single number");
}

/// Shape of (samples, ...) in nacre's own type.
template <NumberExpression E>
Shape extents_of(const E& expression) {
  require_samples(expression.dimension());
  return Shape(expression.shape().begin(), expression.shape().end());
}
template <ContiguousNumbers Values>
Shape extents_of(const Values& values) {
  Shape extents{static_cast<std::int64_t>(std::size(values))};
  Numbers<ElementOf<const Values>>::append_extents(extents);
  return extents;
}

/// The first number.
template <ContiguousNumbers Values>
auto first_number(const Values& values) {
  return reinterpret_cast<const typename Numbers<ElementOf<const Values>>::Number*>(std::data(values));
}

template <StoredNumber S, class Iterator>
Column converted_to(Iterator first, Iterator last, const Shape& extents) {
  std::vector<S> values(static_cast<std::size_t>(extents.size()));
  std::transform(first, last, values.begin(), [](auto value) { return static_cast<S>(value); });
  return Column(std::move(values), extents.front(), extents.from(1));
}

/// A column of numbers that are copied: as they are, or converted where a column does not store their type.
template <class Number, class Iterator>
Column copied_column(Iterator first, Iterator last, const Shape& extents) {
  if constexpr (StoredNumber<Number>) {
    return converted_to<Number>(first, last, extents);
  } else if constexpr (std::same_as<Number, bool>) {
    return converted_to<std::uint8_t>(first, last, extents);
  } else if constexpr (std::is_floating_point_v<Number>) {
    return converted_to<double>(first, last, extents);
  } else if constexpr (std::numeric_limits<Number>::digits < 32) {
    return converted_to<std::int32_t>(first, last, extents);
  } else {
    const bool fits = std::all_of(first, last, [](auto value) { return std::in_range<std::int32_t>(value); });
    return fits ? converted_to<std::int32_t>(first, last, extents) : converted_to<double>(first, last, extents);
  }
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

template <class Values>
constexpr void check_source() {
  constexpr bool accepted = ColumnSource<Values>;  // by itself, so that compilers do not recite the concept
  static_assert(accepted,
                "samples come as an xtensor expression, as a std::vector, std::array, std::span or C array of numbers "
                "(one number, or one std::array of them, a sample), or as nacre::samples(memory, {28, 28, 1}) for flat "
                "memory whose samples have a shape; a vector of vectors is none of these: its rows lie apart");
}

/// A column of contiguous numbers under other extents: borrowed, moved in, or copied.
template <bool borrow, class Values>
Column contiguous_column(Values&& values, const Shape& extents) {
  using Number = typename Numbers<ElementOf<Values>>::Number;
  const Number* first = first_number(values);
  if constexpr (StoredNumber<Number>) {
    if constexpr (borrow) {
      return Column(nullptr, first, extents.front(), extents.from(1));
    } else if constexpr (std::same_as<Values, std::vector<Number>>) {  // an rvalue
      return Column(std::move(values), extents.front(), extents.from(1));
    }
  }
  return copied_column<Number>(first, first + extents.size(), extents);
}

/// Whether memory outlives the expression that names it: that of an lvalue, and what a span looks at.
template <class Values>
inline constexpr bool outlives =
    std::is_lvalue_reference_v<Values> || std::ranges::enable_borrowed_range<std::remove_cvref_t<Values>>;

}  // namespace detail

/// A column that owns the numbers of `values`, (samples, ...). A container given as an rvalue is moved in, everything
/// else is copied. Numbers of a type that a column does not store become int32 where all of them fit, otherwise double.
/// Throws ShapeError for a single number.
template <class Values>
Column to_column(Values&& values) {
  detail::check_source<Values>();
  if constexpr (NumberExpression<Values>) {
    using Number = typename std::remove_cvref_t<Values>::value_type;
    const Shape extents = detail::extents_of(values);
    if constexpr (StoredNumber<Number>) {
      auto owner = std::make_shared<const xt::xarray<Number>>(std::forward<Values>(values));
      const Number* first = owner->data();
      return Column(std::move(owner), first, extents.front(), extents.from(1));
    } else {
      return detail::copied_column<Number>(values.template begin<xt::layout_type::row_major>(),
                                           values.template end<xt::layout_type::row_major>(), extents);
    }
  } else if constexpr (ContiguousNumbers<Values>) {
    const Shape extents = detail::extents_of(values);
    return detail::contiguous_column<false>(std::forward<Values>(values), extents);
  } else if constexpr (ColumnSource<Values>) {
    return std::forward<Values>(values);
  } else {
    return Column();
  }
}

/// A column that borrows the memory of `values` where it can: an lvalue (or a span) whose numbers are of a stored type
/// and lie in row-major order. Everything else is copied, or moved in, as `to_column` does.
template <class Values>
Column view_as_column(Values&& values) {
  using Plain = std::remove_cvref_t<Values>;
  if constexpr (NumberExpression<Values>) {
    using Number = typename Plain::value_type;
    if constexpr (std::is_lvalue_reference_v<Values> && StoredNumber<Number> && detail::Strided<Plain>) {
      const Shape extents = detail::extents_of(values);
      if (detail::is_row_major(values)) {
        const Number* first = values.data() + values.data_offset();
        return Column(nullptr, first, extents.front(), extents.from(1));
      }
    }
  } else if constexpr (ContiguousNumbers<Values> && detail::outlives<Values>) {
    return detail::contiguous_column<true>(values, detail::extents_of(values));
  }
  return to_column(std::forward<Values>(values));
}

/// Flat memory as samples of a shape, without a copy where `view_as_column` needs none:
///
///     std::vector<float> pixels = ...;                               // 60000 * 28 * 28 numbers
///     model.fit(samples(pixels, {28, 28, 1}), labels);
///
/// Throws ShapeError where the numbers do not make whole samples, and for an extent of 0.
template <class Values>
Column samples(Values&& values, const Shape& shape) {
  constexpr bool accepted = ContiguousNumbers<Values>;
  static_assert(accepted,
                "samples(memory, shape): the memory is a std::vector, std::array, std::span or C "
                "array of numbers; for a pointer write samples(pointer, count, shape)");
  if constexpr (ContiguousNumbers<Values>) {
    require_positive_extents(shape, "samples");
    const std::int64_t size = detail::extents_of(values).size();
    require<ShapeError>(size % shape.size() == 0, "samples: expected a multiple of ", shape.size(),
                        " numbers for samples of shape ", shape, ", got ", size);
    return detail::contiguous_column<detail::outlives<Values>>(std::forward<Values>(values),
                                                               shape.with_batch(size / shape.size()));
  } else {
    return Column();
  }
}

/// `count` samples of `shape` from `values` on, without a copy where the numbers are of a stored type: the memory stays
/// alive and unchanged as long as the column or a data set made from it is in use. Throws ShapeError for an extent of
/// 0, ValueError for a negative count and for nullptr.
template <class Number>
Column samples(const Number* values, std::int64_t count, const Shape& shape) {
  static_assert(detail::PlainNumber<Number>, "samples(pointer, count, shape): the pointer is one to numbers");
  require_positive_extents(shape, "samples");
  require<ValueError>(count >= 0 && (values != nullptr || count == 0),
                      "samples: expected memory and a count of 0 or more, "
                      "got ",
                      values ? "a count of " : "nullptr and a count of ", count);
  const std::span<const Number> all(values, static_cast<std::size_t>(shape.with_batch(count).size()));
  return detail::contiguous_column<true>(all, shape.with_batch(count));
}

}  // namespace nacre
