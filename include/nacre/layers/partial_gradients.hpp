#pragma once
// Gradients of weights that every sample adds to: a fixed number of partial sums, added in a fixed order.

#include <algorithm>
#include <initializer_list>

#include <nacre/core/buffer.hpp>
#include <nacre/core/range.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Partial sums of the gradients of a layer's weights over runs of samples. There are as many as the batch allows, at
/// most eight, whatever the number of threads.
class PartialGradients {
 public:
  static constexpr std::int64_t most = 8;
  static constexpr std::size_t max_weights = 4;

  /// Asks for one scratch memory of that name, for weights of these many elements each.
  static void request(LayerBuilder& builder, std::initializer_list<std::int64_t> sizes, MemoryName memory) {
    const PartialGradients parts(builder.batch(), sizes, memory);
    builder.scratch(memory, parts.stride_ * parts.count_ + parts.stride_);
  }

  /// @param memory the scratch memory's name in `request`.
  PartialGradients(std::int64_t batch, std::initializer_list<std::int64_t> sizes, MemoryName memory)
      : batch_(batch), count_(std::clamp<std::int64_t>(batch, 1, most)), memory_(memory) {
    std::size_t weight = 0;
    for (std::int64_t size : sizes) {
      sizes_[weight] = size;
      offsets_[weight++] = stride_;
      stride_ += static_cast<std::int64_t>(aligned_count<float>(static_cast<std::size_t>(size)));
    }
  }

  std::int64_t count() const { return count_; }
  Range samples(std::int64_t part) const { return piece(batch_, count_, part); }

  /// The partial sum of weight `weight` in part `part`.
  template <class T>
  T* of(const Backward<T>& step, std::int64_t part, std::size_t weight) const {
    return step.scratch(memory_) + part * stride_ + offsets_[weight];
  }

  template <class T>
  void clear(const Backward<T>& step, std::int64_t part) const {
    std::fill_n(step.scratch(memory_) + part * stride_, stride_, T{});
  }

  /// Adds the parts up and hands the sums of the first `weights` weights over, a tile at a time. The step has them from
  /// its weight `first_weight` on.
  template <class T>
  void hand_over(const Backward<T>& step, std::size_t weights, std::size_t first_weight = 0) const {
    constexpr std::int64_t tile = 2048;
    for (std::size_t weight = 0; weight < weights; ++weight) {
      const std::int64_t size = sizes_[weight];
      step.parallel((size + tile - 1) / tile, [&](std::int64_t index, T*) {
        const std::int64_t first = index * tile;
        const std::int64_t elements = std::min(tile, size - first);
        T* total = of(step, count_, weight) + first;
        kernels::add_partials(elements, count_, stride_, static_cast<const T*>(of(step, 0, weight)) + first, total);
        step.sink(first_weight + weight, first, total, elements);
      });
    }
  }

 private:
  std::int64_t batch_;
  std::int64_t count_;
  MemoryName memory_;
  std::int64_t stride_ = 0;
  std::int64_t sizes_[max_weights]{};
  std::int64_t offsets_[max_weights]{};
};

}  // namespace nacre
