#pragma once
// Bodies of layers/merge.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/layers/merge.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP Shape Merge::build(const Shapes& inputs, LayerBuilder& builder) const {
  using enum kernels::Binary;
  const bool picks = function == maximum || function == minimum;
  const bool of_two = !(picks || function == add || function == multiply);
  require<ShapeError>(number ? inputs.size() == 1 : inputs.size() == 2 || (inputs.size() > 2 && !of_two), "expected ",
                      number   ? "one input"
                      : of_two ? "two inputs"
                               : "two inputs or more",
                      ", got ", inputs.size());
  const Shape output = broadcast_shape(inputs);
  const bool alike = std::all_of(inputs.begin(), inputs.end(), [&](const Shape& input) { return input == output; });
  if (function == add && !average && !number && alike) builder.share_gradient();
  builder.backward_reads(
      {.inputs = picks || function == multiply || function == divide || function == power, .output = picks});
  return output;
}

/// The operands of a merge in one run: of a sample with broadcasting, or of the batch as a whole where all inputs are
/// of one shape.
template <class T>
class MergeRun {
 public:
  using Index = std::array<std::int64_t, Shape::max_rank>;

  /// From element `first` of the batch on.
  MergeRun(const Merge& merge, const LayerStep<T>& step, std::int64_t first)
      : merge_(merge), step_(step), first_(first) {}
  MergeRun(const Merge& merge, const LayerStep<T>& step, const BroadcastRows& rows, std::int64_t sample,
           const Index& index)
      : merge_(merge), step_(step), first_(sample), rows_(&rows), index_(&index) {}

  Operand<T> operator()(std::size_t operand) const {
    if (merge_.is_number(operand)) return {&number_, false};
    const TensorView<const T>& input = step_.inputs[merge_.input_of(operand)];
    if (rows_ == nullptr) return {input.elements() + first_, true};
    const Shape shape = input.extents().from(1);
    return {input.elements() + first_ * shape.size() + rows_->offset(shape, *index_), rows_->runs_along(shape)};
  }

  /// output[first, first + count) = the function of all operands.
  void forward(std::int64_t first, std::int64_t count, T* output) const {
    const std::size_t operands = merge_.operands(step_.inputs.size());
    T memory[2][tile_elements];
    const T* result = (*this)(0).tile(first, count, memory[0]);
    for (std::size_t operand = 1; operand < operands; ++operand) {
      kernels::binary(merge_.function, count, result, (*this)(operand).tile(first, count, memory[1]), output);
      result = output;
    }
    if (merge_.average)
      kernels::scale_shift(count, result, static_cast<T>(1.0 / static_cast<double>(operands)), 0, output);
  }

  /// gradient[0, count) = dy[i] times the derivative by that operand at first + i; y is the output there.
  void backward(std::size_t operand, std::int64_t first, std::int64_t count, const T* y, const T* dy,
                T* gradient) const {
    using enum kernels::Binary;
    T memory[2][tile_elements];
    const auto values = [&](std::size_t which, int place) { return (*this)(which).tile(first, count, memory[place]); };
    switch (merge_.function) {
      case add:
        kernels::scale_shift(count, dy, factor(), 0, gradient);
        return;
      case subtract:
        kernels::scale_shift(count, dy, operand == 0 ? T(1) : T(-1), 0, gradient);
        return;
      case multiply: {
        const T* product = dy;
        for (std::size_t other = 0; other < merge_.operands(step_.inputs.size()); ++other) {
          if (other == operand) continue;
          kernels::binary(multiply, count, product, values(other, 0), gradient);
          product = gradient;
        }
        return;
      }
      case divide:
        kernels::binary(divide, count, dy, values(1, 1), gradient);
        if (operand == 0) return;
        kernels::binary(divide, count, static_cast<const T*>(gradient), values(1, 1), gradient);
        kernels::binary(multiply, count, static_cast<const T*>(gradient), values(0, 0), gradient);
        kernels::scale_shift(count, static_cast<const T*>(gradient), T(-1), 0, gradient);
        return;
      case power:
        power_gradient(operand, count, values(0, 0), values(1, 1), dy, gradient);
        return;
      case maximum:
      case minimum:  // the first operand that is the result takes the gradient
        kernels::binary(equal, count, values(operand, 0), y, memory[1]);
        kernels::binary(multiply, count, dy, static_cast<const T*>(memory[1]), gradient);
        for (std::size_t other = 0; other < operand; ++other) {
          kernels::binary(not_equal, count, values(other, 0), y, memory[1]);
          kernels::binary(multiply, count, static_cast<const T*>(gradient), static_cast<const T*>(memory[1]), gradient);
        }
        return;
      default:
        std::fill_n(gradient, count, T(0));
    }
  }

 private:
  T factor() const {
    return merge_.average ? static_cast<T>(1.0 / static_cast<double>(merge_.operands(step_.inputs.size()))) : T(1);
  }

  // The derivatives that have no value, of 0^0 and by the exponent of 0^b, are taken to be 0.
  static void power_gradient(std::size_t operand, std::int64_t count, const T* a, const T* b, const T* dy,
                             T* gradient) {
    for (std::int64_t i = 0; i < count; ++i) {
      const T slope = operand == 0 ? (b[i] == T(0) ? T(0) : b[i] * std::pow(a[i], b[i] - T(1)))
                                   : (a[i] == T(0) ? T(0) : std::pow(a[i], b[i]) * std::log(a[i]));
      gradient[i] = dy[i] * slope;
    }
  }

  const Merge& merge_;
  const LayerStep<T>& step_;
  std::int64_t first_;  // the sample's number where there are rows
  const BroadcastRows* rows_ = nullptr;
  const Index* index_ = nullptr;
  T number_ = static_cast<T>(merge_.number.value_or(0));
};

/// Whether all operands are tensors of the output's shape, or numbers where those are.
template <class T>
bool is_flat(const LayerStep<T>& step) {
  const std::int64_t size = step.output.sample_size();
  for (const auto& input : step.inputs) {
    if (input.sample_size() != size) return false;
  }
  return true;
}

/// The runs of a sample.
template <class T>
BroadcastRows rows_of(const LayerStep<T>& step) {
  BroadcastRows rows(step.output.extents().from(1));
  for (const auto& input : step.inputs) rows.cut(input.extents().from(1));
  return rows;
}

template <class T>
void Merge::forward(const Forward<T>& step) const {
  const std::int64_t size = step.output.sample_size();
  T* output = step.output.elements();
  if (is_flat(step)) {
    each_piece(step, step.batch() * size, [&](std::int64_t begin, std::int64_t length) {
      const MergeRun<T> run(*this, step, begin);
      each_tile(length,
                [&](std::int64_t first, std::int64_t count) { run.forward(first, count, output + begin + first); });
    });
    return;
  }
  const BroadcastRows rows = rows_of(step);
  each_sample(step, size, [&](std::int64_t sample, T*) {
    T* to = output + sample * size;
    rows.each([&](const auto& index) {
      const MergeRun<T> run(*this, step, rows, sample, index);
      each_tile(rows.length(), [&](std::int64_t first, std::int64_t count) { run.forward(first, count, to + first); });
      to += rows.length();
    });
  });
}

template <class T>
void Merge::backward(const Backward<T>& step) const {
  const std::int64_t size = step.output.sample_size();
  const T* output = step.output.elements();
  const T* output_gradient = step.output_gradient.elements();
  const bool flat = is_flat(step);
  const BroadcastRows rows = rows_of(step);
  for (std::size_t input = 0; input < step.inputs.size(); ++input) {
    if (!step.wants_gradient(input)) continue;
    const std::size_t operand = operand_of(input);
    T* gradient = step.input_gradients[input].elements();
    if (flat) {
      each_piece(step, step.batch() * size, [&](std::int64_t begin, std::int64_t length) {
        const MergeRun<T> run(*this, step, begin);
        each_tile(length, [&](std::int64_t first, std::int64_t count) {
          const std::int64_t at = begin + first;
          run.backward(operand, first, count, output + at, output_gradient + at, gradient + at);
        });
      });
      continue;
    }
    const Shape shape = step.inputs[input].extents().from(1);
    const bool along = rows.runs_along(shape);
    each_sample(step, size, [&](std::int64_t sample, T*) {
      T* own = gradient + sample * shape.size();
      std::fill_n(own, shape.size(), T(0));
      std::int64_t at = sample * size;
      rows.each([&](const auto& index) {
        const MergeRun<T> run(*this, step, rows, sample, index);
        T* place = own + rows.offset(shape, index);
        each_tile(rows.length(), [&](std::int64_t first, std::int64_t count) {
          T tile[tile_elements];
          run.backward(operand, first, count, output + at + first, output_gradient + at + first, tile);
          add_tile(count, tile, along, along ? place + first : place);
        });
        at += rows.length();
      });
    });
  }
}

}  // namespace nacre::detail
