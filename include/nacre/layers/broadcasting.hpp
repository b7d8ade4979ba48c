#pragma once
// Broadcasting between the inputs of a layer: axes of extent 1 stand for as many as the others have, as in numpy, and
// inputs of fewer axes get axes of extent 1 behind the batch.

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>

#include <nacre/core/function_reference.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The shape to which samples of these shapes broadcast. Throws ShapeError, with both, where two do not go together.
Shape broadcast_shape(const Shapes& shapes);

/// Runs of neighbouring elements of `output` for which each operand has neighbouring elements, too, or one and the
/// same.
class BroadcastRows {
 public:
  /// The place of a run, on each axis of the output.
  using Places = std::array<std::int64_t, Shape::max_rank>;

  /// Call `cut(operand)` for each operand then.
  explicit BroadcastRows(const Shape& output) : output_(output), axes_(0), length_(output.size()) {}

  void cut(const Shape& operand) {
    const std::size_t axes = std::max(shared_axes(operand, true), shared_axes(operand, false));
    const std::size_t first = output_.rank() - axes;
    if (first <= axes_) return;
    axes_ = first;
    length_ = output_.from(first).size();
  }

  std::int64_t length() const { return length_; }

  /// Whether neighbouring elements of a run are neighbours in the operand; otherwise they are one.
  bool runs_along(const Shape& operand) const {
    std::int64_t elements = 1;
    for (std::size_t axis = axes_; axis < output_.rank(); ++axis) elements *= extent(operand, axis);
    return elements == length_;
  }

  /// Calls `run(places)` for each run of a sample, first to last.
  void each(FunctionReference<void(const Places&)> run) const {
    Places index{};
    while (true) {
      run(index);
      std::size_t axis = axes_;
      while (axis > 0 && ++index[axis - 1] == output_[axis - 1]) index[--axis] = 0;
      if (axis == 0) return;
    }
  }

  /// Where the operand's part of the run at `index` begins.
  std::int64_t offset(const Shape& operand, const Places& index) const {
    std::int64_t offset = 0;
    std::int64_t stride = 1;
    for (std::size_t axis = output_.rank(); axis-- > 0;) {
      const std::int64_t own = extent(operand, axis);
      if (axis < axes_ && own > 1) offset += index[axis] * stride;
      stride *= own;
    }
    return offset;
  }

 private:
  /// The operand's extent where the output has that axis.
  std::int64_t extent(const Shape& operand, std::size_t axis) const {
    const std::size_t missing = output_.rank() - operand.rank();
    return axis < missing ? 1 : operand[axis - missing];
  }

  /// How many of the last axes the operand has whole, or has not at all.
  std::size_t shared_axes(const Shape& operand, bool whole) const {
    std::size_t axes = 0;
    while (axes < output_.rank()) {
      const std::size_t axis = output_.rank() - 1 - axes;
      if (extent(operand, axis) != (whole ? output_[axis] : 1)) break;
      ++axes;
    }
    return axes;
  }

  Shape output_;
  std::size_t axes_;  ///< those that are not part of a run
  std::int64_t length_;
};

/// Elements that are computed at a time where something in between is kept.
inline constexpr std::int64_t tile_elements = 512;

/// An operand's part of a run: neighbouring elements, or one that is repeated.
template <class T>
struct Operand {
  const T* values;
  bool along;

  /// The elements of a tile; `memory` has room for them.
  const T* tile(std::int64_t first, std::int64_t count, T* memory) const {
    if (along) return values + first;
    std::fill_n(memory, count, *values);
    return memory;
  }
};

/// Calls `work(first, count)` for the tiles of a run.
template <class Work>
void each_tile(std::int64_t length, Work work) {
  for (std::int64_t first = 0; first < length; first += tile_elements) {
    work(first, std::min(tile_elements, length - first));
  }
}

/// Adds a tile of a run's values to what an operand has in their place, or their sum where that is one element.
template <class T>
void add_tile(std::int64_t count, const T* values, bool along, T* place) {
  if (along) {
    for (std::int64_t i = 0; i < count; ++i) place[i] += values[i];
  } else {
    *place += static_cast<T>(kernels::sum(count, values));
  }
}

/// What is done with one sample or piece: `task(number, scratch)`.
template <class T>
using TaskOf = FunctionReference<void(std::int64_t number, std::type_identity_t<T>* scratch)>;

/// Calls `work(sample, scratch)` for all samples, on all threads, several small ones in one task.
template <class T>
void each_sample(const LayerStep<T>& step, std::int64_t sample_size, TaskOf<T> work) {
  const std::int64_t batch = step.batch();
  const std::int64_t pieces = piece_count(batch, 4096 / std::max<std::int64_t>(sample_size, 1));
  step.parallel(pieces, [&](std::int64_t index, T* scratch) {
    const Range samples = piece(batch, pieces, index);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) work(sample, scratch);
  });
}

/// Calls `work(first, count)` for pieces of the elements of a whole batch, on all threads.
template <class T>
void each_piece(const LayerStep<T>& step, std::int64_t elements,
                FunctionReference<void(std::int64_t first, std::int64_t count)> work) {
  const std::int64_t pieces = piece_count(elements, 4096);
  step.parallel(pieces, [&](std::int64_t index, T*) {
    const Range range = piece(elements, pieces, index);
    work(range.first, range.size());
  });
}

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/broadcasting-inl.hpp>
#endif
