#pragma once
// Samples with some of their axes behind the others, for kernels that work on rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <nacre/core/axes.hpp>
#include <nacre/core/shape.hpp>
#include <nacre/layers/strided.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// A sample as rows along some of its axes, in the sample's own order.
class AxesLast {
 public:
  /// Throws ShapeError for an axis that is not there; `doing` is in the error what was to be done: "normalized".
  AxesLast(std::string_view doing, const Shape& sample, const Axes& axes)
      : AxesLast(doing, sample, axes.values.data(), axes.values.size()) {}

  /// The same for `count` axes: every step comes here, and must not allocate.
  AxesLast(std::string_view doing, const Shape& sample, const std::int64_t* axes, std::size_t count) {
    bool chosen[Shape::max_rank] = {};
    for (std::size_t i = 0; i < count; ++i) chosen[sample_axis(doing, sample, axes[i])] = true;
    const auto add = [&](bool which) {
      for (std::size_t axis = 0; axis < sample.rank(); ++axis) {
        if (chosen[axis] != which) continue;
        view_.axis(sample[axis], sample.from(axis + 1).size());
        if (which) row_shape_.push_back(sample[axis]);
      }
    };
    add(false);
    add(true);
    length_ = row_shape_.size();
    rows_ = sample.size() / length_;
    std::size_t first = sample.rank();
    while (first > 0 && (chosen[first - 1] || sample[first - 1] == 1)) --first;
    is_plain_ = sample.from(first).size() == length_;
  }

  std::int64_t rows() const { return rows_; }
  std::int64_t length() const { return length_; }
  std::int64_t size() const { return rows_ * length_; }
  /// The extents along the axes.
  const Shape& row_shape() const { return row_shape_; }
  /// Whether samples lie in memory like this already.
  bool is_plain() const { return is_plain_; }

  template <class T>
  void gather(const T* sample, T* rows) const {
    view_.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
      for (std::int64_t i = 0; i < count; ++i) rows[at + i] = sample[first + i * stride];
    });
  }
  template <class T>
  void scatter(const T* rows, T* sample) const {
    view_.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
      for (std::int64_t i = 0; i < count; ++i) sample[first + i * stride] = rows[at + i];
    });
  }

 private:
  StridedView view_;
  Shape row_shape_{};
  std::int64_t rows_ = 1;
  std::int64_t length_ = 1;
  bool is_plain_ = true;
};

}  // namespace nacre::detail
