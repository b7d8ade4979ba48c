#pragma once
// SharedGradients: adds up the gradients of weights that several layers have.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Calls `work(range)` for pieces of [0, count), on all threads.
template <class Work>
void for_each_piece(std::int64_t count, ThreadPool& pool, const Work& work) {
  const std::int64_t pieces = piece_count(count, 16384);
  pool.run(pieces, [&](std::int64_t index, int) { work(piece(count, pieces, index)); });
}

/// Gives a sink all gradients of the weights from `offset` on.
template <class T>
void hand_over(GradientSink<T>& sink, std::int64_t offset, T* gradients, std::int64_t count, ThreadPool& pool) {
  for_each_piece(count, pool,
                 [&](Range range) { sink.take(offset + range.first, gradients + range.first, range.size()); });
}

}  // namespace detail

/// Where one of several layers with the same weights puts its gradients: the first in the backward pass writes them,
/// the others add to them, and the last one's `hand_over` gives the sums to the optimizer. For a frozen layer, they are
/// dropped. By default it has nothing to do.
template <class T>
class SharedGradients final : public GradientSink<T> {
 public:
  SharedGradients() = default;

  /// @param memory the layer's. Gradients that it writes as a whole go to memory of this layer's own.
  /// @param sums   the block of all gradients; nullptr: they are dropped.
  /// @param first, last whether the layer is the first, and the last, of the backward pass to have these weights.
  [[gnu::cold]] SharedGradients(LayerMemory<T>& memory, T* sums, bool first, bool last)
      : active_(true), sums_(sums), first_(first), last_(last) {
    for (std::size_t w = 0; w < memory.weights.size(); ++w) {
      const Shape& shape = memory.weights[w].extents();
      parts_.push_back({memory.weight_offsets[w], shape.size()});
      whole_.emplace_back(static_cast<std::size_t>(shape.size()));
      memory.gradients[w].bind(whole_.back().data(), shape);
    }
  }

  bool active() const { return active_; }

  void take(std::int64_t offset, T* gradient, std::int64_t count) override {
    if (sums_ == nullptr) return;
    if (first_) {
      std::copy_n(gradient, count, sums_ + offset);
    } else {
      kernels::accumulate(count, sums_ + offset, static_cast<const T*>(gradient));
    }
  }

  /// After the layer's backward.
  void hand_over(GradientSink<T>& sink, ThreadPool& pool) const {
    if (!active_ || sums_ == nullptr || !last_) return;
    for (const Part& part : parts_) detail::hand_over(sink, part.offset, sums_ + part.offset, part.count, pool);
  }

 private:
  struct Part {
    std::int64_t offset;
    std::int64_t count;
  };

  bool active_ = false;
  T* sums_ = nullptr;
  bool first_ = false;
  bool last_ = false;
  List<Part> parts_;
  List<Buffer<T>> whole_;
};

}  // namespace nacre
