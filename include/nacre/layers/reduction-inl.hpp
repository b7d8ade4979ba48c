#pragma once
// Bodies of layers/reduction.hpp.

#include <algorithm>
#include <limits>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/functions.hpp>
#include <nacre/core/axes.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/reduction.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Reduction::Reduction(std::string what, ReductionOptions chosen)
    : function(std::move(what)), options(std::move(chosen)) {
  validate();
}

NACRE_INLINE detail::Reduce Reduction::kind() const {
  constexpr std::string_view words[] = {"sum", "mean", "max", "min", "var"};
  return static_cast<detail::Reduce>(std::find(std::begin(words), std::end(words), function) - std::begin(words));
}

NACRE_INLINE std::array<bool, Shape::max_rank> Reduction::reduced(const Shape& input) const {
  std::array<bool, Shape::max_rank> which{};
  if (options.axis.values.empty()) which.fill(true);
  for (std::int64_t axis : options.axis.values) which[detail::sample_axis("reduced", input, axis)] = true;
  return which;
}

NACRE_INLINE Shape Reduction::kept(const Shape& input) const {
  const auto which = reduced(input);
  Shape shape;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) shape.push_back(which[axis] ? 1 : input[axis]);
  return shape;
}

NACRE_SETUP Shape Reduction::build(const Shape& input, LayerBuilder& builder) const {
  const Shape whole = kept(input);
  const auto which = reduced(input);
  builder.task_scratch(whole.size());
  const bool picks = function == "max" || function == "min";
  builder.backward_reads({.inputs = picks || function == "var", .output = picks});
  if (options.keepdims) return whole;
  Shape shape;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    if (!which[axis]) shape.push_back(input[axis]);
  }
  return shape;
}

namespace detail {

/// Calls `work(place, along, at, count)` for the tiles of a sample, with their place in what is kept.
NACRE_INLINE void each_reduced_tile(
    const BroadcastRows& rows, const Shape& kept,
    FunctionReference<void(std::int64_t place, bool along, std::int64_t at, std::int64_t count)> work) {
  const bool along = rows.runs_along(kept);
  std::int64_t at = 0;
  rows.each([&](const auto& index) {
    const std::int64_t offset = rows.offset(kept, index);
    each_tile(rows.length(), [&](std::int64_t first, std::int64_t count) {
      work(along ? offset + first : offset, along, at + first, count);
    });
    at += rows.length();
  });
}

/// sums = the sums of a sample's elements times `factor`.
template <class T>
void reduce_sums(const BroadcastRows& rows, const Shape& kept, const T* sample, double factor, T* sums) {
  std::fill_n(sums, kept.size(), T(0));
  each_reduced_tile(rows, kept, [&](std::int64_t place, bool along, std::int64_t at, std::int64_t count) {
    add_tile(count, sample + at, along, sums + place);
  });
  kernels::scale_shift(kept.size(), static_cast<const T*>(sums), static_cast<T>(factor), 0, sums);
}

/// What a tile of the sample is compared with or measured by: its part of something that is kept.
template <class T>
const T* kept_tile(const T* values, std::int64_t place, bool along, std::int64_t count, T* memory) {
  return Operand<T>{values + place, along}.tile(0, count, memory);
}

template <class T>
void reduce_forward(const Forward<T>& step, Reduce function, const Shape& kept) {
  const Shape shape = step.input.extents().from(1);
  BroadcastRows rows(shape);
  rows.cut(kept);
  const double share = static_cast<double>(kept.size()) / static_cast<double>(shape.size());
  each_sample(step, shape.size(), [&](std::int64_t number, T* scratch) {
    const T* sample = step.input.elements() + number * shape.size();
    T* output = step.output.elements() + number * kept.size();
    T memory[2][tile_elements];
    switch (function) {
      case Reduce::sum:
        return reduce_sums(rows, kept, sample, 1, output);
      case Reduce::mean:
        return reduce_sums(rows, kept, sample, share, output);
      case Reduce::var:
        reduce_sums(rows, kept, sample, share, scratch);
        std::fill_n(output, kept.size(), T(0));
        each_reduced_tile(rows, kept, [&](std::int64_t place, bool along, std::int64_t at, std::int64_t count) {
          T* tile = memory[0];
          const T* mean = kept_tile<T>(scratch, place, along, count, memory[1]);
          kernels::binary(kernels::Binary::subtract, count, sample + at, mean, tile);
          kernels::unary(kernels::Unary::square, count, static_cast<const T*>(tile), tile);
          add_tile(count, static_cast<const T*>(tile), along, output + place);
        });
        return kernels::scale_shift(kept.size(), static_cast<const T*>(output), static_cast<T>(share), 0, output);
      case Reduce::max:
      case Reduce::min: {
        const auto pick = function == Reduce::max ? kernels::Binary::maximum : kernels::Binary::minimum;
        constexpr T infinity = std::numeric_limits<T>::infinity();
        std::fill_n(output, kept.size(), function == Reduce::max ? -infinity : infinity);
        each_reduced_tile(rows, kept, [&](std::int64_t place, bool along, std::int64_t at, std::int64_t count) {
          T* best = output + place;
          if (along) return kernels::binary(pick, count, static_cast<const T*>(best), sample + at, best);
          // Halves are compared with halves until one is left.
          T* tile = memory[0];
          std::copy_n(sample + at, count, tile);
          for (std::int64_t left = count; left > 1;) {
            const std::int64_t half = left / 2;
            kernels::binary(pick, half, static_cast<const T*>(tile), static_cast<const T*>(tile + left - half), tile);
            left -= half;
          }
          kernels::binary(pick, 1, static_cast<const T*>(best), static_cast<const T*>(tile), best);
        });
      }
    }
  });
}

template <class T>
void reduce_backward(const Backward<T>& step, Reduce function, const Shape& kept) {
  const Shape shape = step.input.extents().from(1);
  BroadcastRows rows(shape);
  rows.cut(kept);
  const double share = static_cast<double>(kept.size()) / static_cast<double>(shape.size());
  each_sample(step, shape.size(), [&](std::int64_t number, T* scratch) {
    const T* sample = step.input.elements() + number * shape.size();
    const T* output = step.output.elements() + number * kept.size();
    const T* dy = step.output_gradient.elements() + number * kept.size();
    T* dx = step.input_gradient.elements() + number * shape.size();
    T memory[2][tile_elements];
    const bool picks = function == Reduce::max || function == Reduce::min;
    if (function == Reduce::var) reduce_sums(rows, kept, sample, share, scratch);  // the means
    if (picks) {  // the share of each extremum in its gradient
      std::fill_n(scratch, kept.size(), T(0));
      each_reduced_tile(rows, kept, [&](std::int64_t place, bool along, std::int64_t at, std::int64_t count) {
        const T* best = kept_tile(output, place, along, count, memory[1]);
        kernels::binary(kernels::Binary::equal, count, sample + at, best, memory[0]);
        add_tile(count, static_cast<const T*>(memory[0]), along, scratch + place);
      });
      kernels::binary(kernels::Binary::divide, kept.size(), dy, static_cast<const T*>(scratch), scratch);
    }
    each_reduced_tile(rows, kept, [&](std::int64_t place, bool along, std::int64_t at, std::int64_t count) {
      T* to = dx + at;
      const auto times = [&](const T* factor) {
        kernels::binary(kernels::Binary::multiply, count, static_cast<const T*>(to),
                        kept_tile(factor, place, along, count, memory[0]), to);
      };
      if (picks) {
        kernels::binary(kernels::Binary::equal, count, sample + at, kept_tile(output, place, along, count, memory[1]),
                        to);
        times(scratch);
      } else if (function == Reduce::var) {
        const T* mean = kept_tile<T>(scratch, place, along, count, memory[1]);
        kernels::binary(kernels::Binary::subtract, count, sample + at, mean, to);
        kernels::scale_shift(count, static_cast<const T*>(to), static_cast<T>(2 * share), 0, to);
        times(dy);
      } else {
        const T factor = function == Reduce::mean ? static_cast<T>(share) : T(1);
        kernels::scale_shift(count, kept_tile(dy, place, along, count, memory[0]), factor, 0, to);
      }
    });
  });
}

}  // namespace detail
}  // namespace nacre
