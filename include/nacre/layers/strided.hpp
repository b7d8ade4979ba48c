#pragma once
// Outputs that are elements of the input in another order, or some of them: each axis of the output steps through the
// input's memory by a stride of its own.

#include <algorithm>
#include <array>
#include <cstdint>

#include <nacre/layers/broadcasting.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Where the elements of an output lie in a sample of the input.
class StridedView {
 public:
  /// The output's first element is element `first` of the input's.
  explicit StridedView(std::int64_t first = 0) : first_(first) {}

  /// A further axis of the output, inside of those before it.
  void axis(std::int64_t extent, std::int64_t stride) {
    if (extent == 1) return;
    if (axes_ > 0 && strides_[axes_ - 1] == extent * stride) {  // one axis in memory
      extents_[axes_ - 1] *= extent;
      strides_[axes_ - 1] = stride;
      return;
    }
    extents_[axes_] = extent;
    strides_[axes_++] = stride;
  }

  /// Calls `run(at, first, count, stride)` for the runs of the output from element `at` on, which are `count` elements
  /// of the input, from `first` on, `stride` apart.
  void each(
      FunctionReference<void(std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride)> run) const {
    const std::size_t outer = axes_ == 0 ? 0 : axes_ - 1;
    const std::int64_t count = axes_ == 0 ? 1 : extents_[outer];
    const std::int64_t stride = axes_ == 0 ? 1 : strides_[outer];
    std::array<std::int64_t, max_axes> index{};
    std::int64_t from = first_;
    for (std::int64_t at = 0;; at += count) {
      run(at, from, count, stride);
      std::size_t axis = outer;
      for (; axis > 0; --axis) {
        from += strides_[axis - 1];
        if (++index[axis - 1] < extents_[axis - 1]) break;
        from -= extents_[axis - 1] * strides_[axis - 1];
        index[axis - 1] = 0;
      }
      if (axis == 0) return;
    }
  }

 private:
  static constexpr std::size_t max_axes = Shape::max_rank;
  std::int64_t first_;
  std::size_t axes_ = 0;
  std::array<std::int64_t, max_axes> extents_{};
  std::array<std::int64_t, max_axes> strides_{};
};

/// The output is the input, seen so.
template <class T>
void strided_forward(const Forward<T>& step, const StridedView& view) {
  const std::int64_t size = step.output.sample_size();
  const std::int64_t input_size = step.input.sample_size();
  each_sample(step, size, [&](std::int64_t sample, T*) {
    const T* input = step.input.elements() + sample * input_size;
    T* output = step.output.elements() + sample * size;
    view.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
      if (stride == 1) {
        std::copy_n(input + first, count, output + at);
      } else {
        for (std::int64_t i = 0; i < count; ++i) output[at + i] = input[first + i * stride];
      }
    });
  });
}

/// The gradient of elements that are not seen is 0.
template <class T>
void strided_backward(const Backward<T>& step, const StridedView& view) {
  const std::int64_t size = step.output.sample_size();
  const std::int64_t input_size = step.input.sample_size();
  each_sample(step, input_size, [&](std::int64_t sample, T*) {
    T* input = step.input_gradient.elements() + sample * input_size;
    const T* output = step.output_gradient.elements() + sample * size;
    if (size < input_size) std::fill_n(input, input_size, T(0));
    view.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
      for (std::int64_t i = 0; i < count; ++i) input[first + i * stride] = output[at + i];
    });
  });
}

}  // namespace nacre::detail
