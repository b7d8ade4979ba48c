#pragma once
// Whether layers write what they are asked for. Debug builds (without NDEBUG) check it in every step; `check_gradients`
// does so for one layer in any build.

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/tensor.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

#if defined(NDEBUG)
inline constexpr bool checks_writes = false;
#else
inline constexpr bool checks_writes = true;
#endif

/// A NaN of a kind that no computation makes.
template <class T>
inline constexpr auto unwritten_bits = [] {
  if constexpr (sizeof(T) == 4) {
    return std::uint32_t{0x7FC5'A5A5};
  } else {
    return std::uint64_t{0x7FF8'A5A5'A5A5'A5A5};
  }
}();

template <class T>
void mark_unwritten(TensorView<T>& tensor) {
  std::fill_n(tensor.elements(), tensor.extents().size(), std::bit_cast<T>(unwritten_bits<T>));
}

/// Throws StateError where `pass` ("forward", "backward") of a layer left an element of what it should write as it was.
template <class T>
void require_written(const Layer& layer, std::size_t index, std::string_view pass, std::string_view what,
                     const TensorView<T>& tensor) {
  const std::int64_t count = tensor.extents().size();
  for (std::int64_t i = 0; i < count; ++i) {
    if (std::bit_cast<std::remove_const_t<decltype(unwritten_bits<T>)>>(tensor.elements()[i]) != unwritten_bits<T>)
      continue;
    throw StateError(text("layer ", index, " (", layer.class_name(), "): expected ", pass, " to write all of step.",
                          what, " ", tensor.extents(), ", but it left element ", i, " as it was"));
  }
}

/// Passes gradients on and counts them.
template <class T>
class CountingSink final : public GradientSink<T> {
 public:
  explicit CountingSink(GradientSink<T>& sink) : sink_(sink) {}
  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    count_.fetch_add(count, std::memory_order_relaxed);
    sink_.take(offset, gradient, count);
  }
  std::int64_t count() const { return count_.load(); }

 private:
  GradientSink<T>& sink_;
  std::atomic<std::int64_t> count_{0};
};

/// Throws StateError unless a layer's backward handed over as many gradients as its weights have elements.
template <class T>
void require_all_gradients(const Layer& layer, std::size_t index, std::int64_t count,
                           const List<TensorView<T>>& gradients) {
  std::int64_t expected = 0;
  for (const TensorView<T>& gradient : gradients) expected += gradient.extents().size();
  if (count == expected) return;  // a step allocates nothing, not even a name for an error
  throw StateError(text("layer ", index, " (", layer.class_name(), "): expected backward to hand over ", expected,
                        " gradients of its weights, got ", count, "; check_gradients says which"));
}

}  // namespace nacre::detail
