#pragma once
// TensorView: planned memory seen as an xtensor.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>

#include <nacre/core/shape.hpp>
#include <nacre/core/xtensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
class TensorView;

namespace detail {

/// Extents of up to eight dimensions live inside the view, so that making one allocates nothing.
using ViewExtents = xt::svector<std::size_t, Shape::max_rank, std::allocator<std::size_t>, true>;

}  // namespace detail
}  // namespace nacre

/// What xtensor asks of a container of its own: see "Extending xtensor" in xtensor's documentation.
template <class T>
struct xt::xcontainer_inner_types<nacre::TensorView<T>> {
  using storage_type = xt::xbuffer_adaptor<T*, xt::no_ownership, std::allocator<std::remove_const_t<T>>>;
  using reference = T&;
  using const_reference = const T&;
  using size_type = std::size_t;
  using shape_type = nacre::detail::ViewExtents;
  using strides_type = xt::get_strides_t<shape_type>;
  using backstrides_type = strides_type;
  using inner_shape_type = shape_type;
  using inner_strides_type = strides_type;
  using inner_backstrides_type = backstrides_type;
  using temporary_type = xt::xarray<std::remove_const_t<T>>;
  static constexpr xt::layout_type layout = xt::layout_type::row_major;
};

template <class T>
struct xt::xiterable_inner_types<nacre::TensorView<T>> : xt::xcontainer_iterable_types<nacre::TensorView<T>> {};

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A row-major view on memory that someone else owns: a full xtensor expression, usable in any of them, with
/// `data()` and `size()` for kernels. Assigning an expression writes the elements in place, without a temporary;
/// copying a view gives another on the same memory. `TensorView<const T>` cannot be written to.
template <class T>
class TensorView : public xt::xstrided_container<TensorView<T>>, public xt::xcontainer_semantic<TensorView<T>> {
 public:
  using base_type = xt::xstrided_container<TensorView<T>>;
  using storage_type = typename base_type::storage_type;
  using expression_tag = xt::xtensor_expression_tag;
  static constexpr std::size_t rank = SIZE_MAX;

  /// A view of nothing.
  TensorView() : TensorView(nullptr, Shape{0}) {}

  /// A view on `shape.size()` elements from `data` on.
  TensorView(T* data, const Shape& shape) : storage_(data, 0) { bind(data, shape); }

  /// Views `other`'s memory too.
  TensorView(const TensorView& other) : TensorView(other.pointer_, other.extents_) {}

  /// Writes `other`'s elements, as assigning any other expression does; `bind` is what looks elsewhere.
  TensorView& operator=(const TensorView& other) requires(!std::is_const_v<T>) { return write(other); }

  /// A view that may be written to serves wherever one that may not is asked for.
  operator TensorView<const T>() const requires(!std::is_const_v<T>) { return {pointer_, extents_}; }

  /// Writes the elements of an xtensor expression of the same shape. Throws ShapeError for any other, also for one that
  /// would broadcast: an output that a layer forgot to sum or to spread is an error, not a number. `fill` writes one
  /// number everywhere.
  template <class E>
  TensorView& operator=(const xt::xexpression<E>& expression) requires(!std::is_const_v<T>) {
    return write(expression.derived_cast());
  }

  /// Looks at other memory from now on.
  [[gnu::cold]] void bind(T* data, const Shape& shape) {
    pointer_ = data;
    extents_ = shape;
    storage_.reset_data(data, static_cast<std::size_t>(shape.size()));
    base_type::resize(detail::ViewExtents(shape.begin(), shape.end()), true);
  }

  /// First element; also for a view on const memory that is itself const.
  T* elements() const { return pointer_; }

  /// The shape in nacre's own type (`shape()` is xtensor's).
  const Shape& extents() const { return extents_; }

  /// First extent: the samples of a batch.
  std::int64_t batch() const { return extents_.front(); }

  /// Elements of one sample: the product of all extents but the first.
  std::int64_t sample_size() const { return extents_.from(1).size(); }

 private:
  template <class E>
  TensorView& write(const E& expression) {
    const auto& shape = expression.shape();
    if (!std::equal(shape.begin(), shape.end(), extents_.begin(), extents_.end(), std::equal_to<>())) {
      fail(Shape(shape.begin(), shape.end()));
    }
    xt::noalias(*this) = expression;
    return *this;
  }

  [[noreturn, gnu::cold]] void fail(const Shape& found) const {
    throw ShapeError(text("TensorView: expected an expression of shape ", extents_, ", got ", found,
                          "; what is to be repeated along an axis goes through xt::broadcast"));
  }

  friend class xt::xcontainer<TensorView<T>>;
  storage_type& storage_impl() noexcept { return storage_; }
  const storage_type& storage_impl() const noexcept { return storage_; }

  storage_type storage_;
  T* pointer_ = nullptr;
  Shape extents_;
};

}  // namespace nacre
