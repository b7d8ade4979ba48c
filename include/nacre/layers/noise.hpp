#pragma once
// What layers have in common that change their input by random numbers while they train.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/kernels/dropout.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/functions.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// The layer's random numbers of this step; with a seed of its own they are the same in any model.
template <class T>
RandomStream random_of(const LayerStep<T>& step, const std::optional<std::int64_t>& seed) {
  constexpr std::uint64_t stream = 0xFFFFFF;  // no layer of a model has it
  return seed ? RandomStream(static_cast<std::uint64_t>(*seed), Purpose::layer, stream, step.random.step())
              : step.random;
}

/// How many random numbers there are for a batch: axes of extent 1 share theirs.
struct NoiseShape {
  Shape sample;
  bool is_shared = false;  ///< whether all samples have the same numbers
};

/// Keras' noise_shape (batch, axes...) for samples of shape `input`: 1 where an axis shares its numbers, -1 or the
/// extent where it does not; none at all: nothing is shared.
NoiseShape noise_shape(const List<std::int64_t>& given, const Shape& input);

/// Throws ShapeError where it does not fit such an input.
void require_noise_shape(const List<std::int64_t>& given, const Shape& input);

/// Throws ValueError for a rate outside of [0, 1], or where `below_one` is set, [0, 1).
void require_rate(std::string_view layer, double rate, bool below_one);

/// What all layers say of such an input: it passes through where nothing trains, and its mask always.
void build_noise(LayerBuilder& builder, bool changes_nothing);

template <class T>
void pass_through(const Forward<T>& step) {
  each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
    std::copy_n(step.input.elements() + first, count, step.output.elements() + first);
  });
}

/// Calls `draw(first, count, numbers)` for the random numbers of each sample, from number `first` on, then
/// `apply(first, count, numbers, along)` for the elements of the batch that have them: as many, or with `along` false
/// one for all. Build must have asked for task_scratch of noise.sample.size().
template <class T, class Draw, class Apply>
void each_noise_run(const LayerStep<T>& step, const NoiseShape& noise, Draw draw, Apply apply) {
  const Shape shape = step.input.extents().from(1);
  const std::int64_t size = shape.size(), numbers = noise.sample.size();
  BroadcastRows rows(shape);
  rows.cut(noise.sample);
  const bool along = rows.runs_along(noise.sample);
  each_sample(step, size, [&](std::int64_t sample, T* scratch) {
    draw(noise.is_shared ? 0 : sample * numbers, numbers, scratch);
    rows.each([&](const auto& index) {
      apply(sample * size + rows.offset(shape, index), rows.length(),
            static_cast<const T*>(scratch) + rows.offset(noise.sample, index), along);
    });
  });
}

/// to = from times the numbers that `draw` gives.
template <class T, class Draw>
void multiply_by_noise(const LayerStep<T>& step, const NoiseShape& noise, Draw draw, const T* from, T* to) {
  each_noise_run(step, noise, draw, [&](std::int64_t first, std::int64_t count, const T* numbers, bool along) {
    if (along) {
      kernels::binary(kernels::Binary::multiply, count, from + first, numbers, to + first);
    } else {
      kernels::scale_shift(count, from + first, *numbers, T(0), to + first);
    }
  });
}

/// Draws, as each_noise_run asks for, 0 for what is dropped and 1 / (1 - rate) for what is kept.
template <class T>
auto draw_dropped(const RandomStream& random, double rate) {
  return [random, rate](std::int64_t first, std::int64_t count, T* numbers) {
    std::fill_n(numbers, count, T(1));
    kernels::dropout(random, rate, first, count, static_cast<const T*>(numbers), numbers);
  };
}

/// to = from, of which so much is dropped, with numbers that axes may share.
template <class T>
void drop_together(const LayerStep<T>& step, const RandomStream& random, double rate, const NoiseShape& noise,
                   const T* from, T* to) {
  multiply_by_noise(step, noise, draw_dropped<T>(random, rate), from, to);
}

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/noise-inl.hpp>
#endif
