#pragma once
// KeptAxes: which of fewer values each element of a tensor belongs to, where some axes are summed over or shared.

#include <cstddef>
#include <cstdint>

#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// One value for each place of the axes that are kept, in row-major order.
class KeptAxes {
 public:
  /// @param is_left_out whether an axis, counted from 0, is summed over or shared.
  template <class IsLeftOut>
  KeptAxes(const Shape& shape, IsLeftOut is_left_out) : shape_(shape) {
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
      if (is_left_out(static_cast<std::int64_t>(axis))) continue;
      strides_[axis] = count_;
      count_ *= shape[axis];
    }
  }

  /// How many values there are.
  std::int64_t count() const { return count_; }

  /// Calls `visit(element, count, value, stride)` for each run of the last axis: its first element, how many it has,
  /// and to which value the first belongs; the others follow with that stride, 1 or 0.
  template <class Visit>
  void each_run(Visit visit) const {
    const std::size_t last = shape_.rank() - 1;
    const std::int64_t size = shape_.size();
    const std::int64_t length = shape_[last];
    std::int64_t place[Shape::max_rank] = {};
    std::int64_t value = 0;
    for (std::int64_t element = 0; element < size; element += length) {
      visit(element, length, value, strides_[last]);
      for (std::size_t axis = last; axis-- > 0;) {
        value += strides_[axis];
        if (++place[axis] < shape_[axis]) break;
        value -= place[axis] * strides_[axis];
        place[axis] = 0;
      }
    }
  }

 private:
  Shape shape_;
  std::int64_t strides_[Shape::max_rank] = {};
  std::int64_t count_ = 1;
};

}  // namespace nacre::detail
