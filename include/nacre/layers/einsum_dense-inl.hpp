#pragma once
// Bodies of layers/einsum_dense.hpp.

#include <algorithm>
#include <array>
#include <string_view>

#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/packed_product.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/einsum_dense.hpp>
#include <nacre/layers/strided.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// The letters of a tensor's axes.
struct EinsumAxes {
  std::array<char, 2 * Shape::max_rank> letters{};
  std::size_t count = 0;

  void add(char letter) {
    require<ValueError>(count < letters.size() && !has(letter), "EinsumDense: expected each letter once in a tensor");
    letters[count++] = letter;
  }
  bool has(char letter) const { return place(letter) < count; }
  std::size_t place(char letter) const {
    return static_cast<std::size_t>(std::find(letters.begin(), letters.begin() + count, letter) - letters.begin());
  }
};

/// The letters of a part of an equation; `elided` axes stand for "...", as '0', '1', ...
inline EinsumAxes einsum_axes(std::string_view part, std::size_t elided, const std::string& equation) {
  EinsumAxes axes;
  if (part.substr(0, 3) == "...") {
    for (std::size_t axis = 0; axis < elided; ++axis) axes.add(static_cast<char>('0' + axis));
    part.remove_prefix(3);
  }
  for (const char letter : part) {
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    require<ValueError>(is_letter,
                        "EinsumDense: expected an equation such as \"abc,cd->abd\" or \"...x,xy->...y\", got \"",
                        equation, "\"");
    axes.add(letter);
  }
  return axes;
}

inline bool in_order(const Shape& order) {
  for (std::size_t k = 0; k < order.rank(); ++k) {
    if (order[k] != static_cast<std::int64_t>(k)) return false;
  }
  return true;
}

NACRE_INLINE EinsumPlan plan_einsum(const std::string& equation, const List<std::int64_t>& output_shape,
                                    const std::string& bias_axes, const Shape& input) {
  const std::string_view all = equation;
  const std::size_t comma = all.find(','), arrow = all.find("->");
  require<ValueError>(comma != all.npos && arrow != all.npos && comma < arrow,
                      "EinsumDense: expected an equation such as \"abc,cd->abd\", got \"", equation, "\"");
  const std::string_view first = all.substr(0, comma);
  const std::size_t named = first.substr(0, 3) == "..." ? first.size() - 3 : first.size();
  require<ShapeError>(named <= input.rank() + 1, "expected an input of the axes \"", first,
                      "\", the batch first, got samples of shape ", input);
  const std::size_t elided = input.rank() + 1 - named;
  const EinsumAxes in = einsum_axes(first, elided, equation);
  const EinsumAxes kernel = einsum_axes(all.substr(comma + 1, arrow - comma - 1), 0, equation);
  const EinsumAxes out = einsum_axes(all.substr(arrow + 2), elided, equation);
  require<ShapeError>(in.count == input.rank() + 1, "expected an input of the axes \"", first,
                      "\", the batch first, got samples of shape ", input);
  const char batch = in.letters[0];
  require<ValueError>(out.count > 0 && out.letters[0] == batch && !kernel.has(batch),
                      "EinsumDense: expected the batch as first axis of input and output, got \"", equation, "\"");
  require<ValueError>(output_shape.size() + 1 == out.count, "EinsumDense: expected an output_shape of ", out.count - 1,
                      " extents, got ", output_shape.size());
  EinsumPlan plan;
  plan.input = input;
  std::array<std::int64_t, 2 * Shape::max_rank> extents{};  // by the kernel's letters
  for (std::size_t k = 1; k < out.count; ++k) {
    const char letter = out.letters[k];
    const std::int64_t given = output_shape[k - 1];
    if (in.has(letter)) {
      require<ValueError>(!kernel.has(letter),
                          "EinsumDense: expected each axis of the output in either the input or the kernel, got \"",
                          equation, "\"");
      const std::int64_t extent = input[in.place(letter) - 1];
      require<ShapeError>(given == -1 || given == extent, "expected an output_shape with ", extent, " for axis ",
                          std::string(1, letter), ", got ", given);
      plan.output.push_back(extent);
      plan.rows *= extent;
    } else {
      require<ValueError>(kernel.has(letter) && given >= 1, "EinsumDense: expected an extent in output_shape for axis ",
                          std::string(1, letter), " of \"", equation, "\"");
      plan.output.push_back(given);
      extents[kernel.place(letter)] = given;
      plan.columns *= given;
    }
  }
  for (std::size_t k = 0; k < out.count; ++k) {
    if (!in.has(out.letters[k])) continue;
    plan.input_order.push_back(static_cast<std::int64_t>(in.place(out.letters[k])));
    plan.output_order.push_back(static_cast<std::int64_t>(k));
  }
  for (std::size_t k = 0; k < kernel.count; ++k) {
    const char letter = kernel.letters[k];
    if (!in.has(letter)) continue;
    extents[k] = input[in.place(letter) - 1];
    plan.depth *= extents[k];
    plan.input_order.push_back(static_cast<std::int64_t>(in.place(letter)));
    plan.kernel_order.push_back(static_cast<std::int64_t>(k));
  }
  for (std::size_t k = 0; k < kernel.count; ++k) {
    const char letter = kernel.letters[k];
    plan.kernel.push_back(extents[k]);
    if (in.has(letter)) continue;
    plan.kernel_order.push_back(static_cast<std::int64_t>(k));
    plan.output_order.push_back(static_cast<std::int64_t>(out.place(letter)));
  }
  require<ValueError>(plan.input_order.rank() == in.count && plan.output_order.rank() == out.count,
                      "EinsumDense: expected each axis of the input in the output or the kernel, and each of the "
                      "kernel in the input or the output, got \"",
                      equation, "\"");
  bool begun = false;
  for (std::size_t k = 1; k < out.count; ++k) {
    const bool has = bias_axes.find(out.letters[k]) != std::string::npos;
    begun |= has;
    plan.bias_of_output.push_back(has ? plan.output[k - 1] : 1);
    if (begun) plan.bias.push_back(has ? plan.output[k - 1] : 1);
  }
  for (const char letter : bias_axes) {
    require<ValueError>(out.has(letter) && letter != batch,
                        "EinsumDense: expected bias_axes of the output's axes, got \"", bias_axes, "\" for \"",
                        equation, "\"");
  }
  return plan;
}

/// A tensor of those extents with its axes in another order.
inline StridedView reordered(const Shape& extents, const Shape& order, std::size_t skipped) {
  StridedView view;
  for (std::size_t k = skipped; k < order.rank(); ++k) {
    const auto axis = static_cast<std::size_t>(order[k]);
    view.axis(extents[axis], extents.from(axis + 1).size());
  }
  return view;
}

template <class T>
void copy_reordered(const StridedView& view, const T* from, T* to) {
  view.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
    for (std::int64_t i = 0; i < count; ++i) to[at + i] = from[first + i * stride];
  });
}
/// What undoes it.
template <class T>
void copy_back(const StridedView& view, const T* from, T* to) {
  view.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
    for (std::int64_t i = 0; i < count; ++i) to[first + i * stride] = from[at + i];
  });
}

/// Where a bias lies for each element of a sample's output.
inline StridedView bias_view(const EinsumPlan& plan) {
  StridedView view;
  for (std::size_t k = 0; k < plan.output.rank(); ++k) {
    const bool has = plan.bias_of_output[k] > 1;
    view.axis(plan.output[k], has ? plan.bias_of_output.from(k + 1).size() : 0);
  }
  return view;
}

inline constexpr std::int64_t einsum_tile_rows = 24;

}  // namespace detail

NACRE_SETUP EinsumDense::EinsumDense(std::string axes, List<std::int64_t> extents, EinsumDenseOptions chosen)
    : equation(std::move(axes)), output_shape(std::move(extents)), options(std::move(chosen)) {}

NACRE_SETUP Shape EinsumDense::build(const Shape& input, LayerBuilder& builder) const {
  const detail::EinsumPlan plan = detail::plan_einsum(equation, output_shape, options.bias_axes, input);
  builder.weight(Weights::kernel, "kernel", plan.kernel, options.kernel_initializer, options.kernel_regularizer,
                 options.kernel_constraint);
  if (!options.bias_axes.empty()) {
    builder.weight(Weights::bias, "bias", plan.bias, options.bias_initializer, options.bias_regularizer,
                   options.bias_constraint);
  }
  builder.activity_regularizer(options.activity_regularizer);
  detail::request_activation_input(builder, options.activation, plan.output);
  const std::int64_t batch = builder.batch();
  const kernels::PackedShape product{plan.depth, plan.columns}, turned{plan.columns, plan.depth};
  builder.scratch(Scratch::panels, std::max(product.size(), turned.size()));
  if (!detail::in_order(plan.input_order)) builder.scratch(Scratch::input, batch * input.size());
  if (!detail::in_order(plan.kernel_order)) builder.scratch(Scratch::kernel, plan.kernel.size());
  if (!detail::in_order(plan.output_order)) builder.scratch(Scratch::output, batch * plan.output.size());
  if (builder.training()) {
    if (!detail::in_order(plan.input_order)) builder.scratch(Scratch::gradient, batch * input.size());
    if (!detail::in_order(plan.kernel_order)) builder.scratch(Scratch::kernel_gradient, plan.kernel.size());
    builder.scratch(Scratch::sums, std::max<std::int64_t>(plan.bias.size(), 1));
    builder.task_scratch(detail::einsum_tile_rows * plan.columns);
  }
  return plan.output;
}

namespace detail {

/// What forward and backward have in common: the tensors as matrices.
template <class T>
struct EinsumMatrices {
  using Scratch = EinsumDense::Scratch;
  using Weights = EinsumDense::Weights;

  const EinsumPlan& plan;
  const LayerStep<T>& step;

  std::int64_t rows() const { return step.batch() * plan.rows; }

  /// A tensor whose samples lie as a matrix: itself, or a copy.
  const T* reorder(const Shape& sample, const Shape& order, const T* from, Scratch scratch) const {
    if (in_order(order)) return from;
    T* const to = step.scratch(scratch);
    const StridedView view = reordered(sample.with_batch(1), order, 1);
    each_sample(step, sample.size(), [&](std::int64_t number, T*) {
      copy_reordered(view, from + number * sample.size(), to + number * sample.size());
    });
    return to;
  }
  /// What was computed as a matrix in the tensor's own order.
  void put_back(const Shape& sample, const Shape& order, const T* from, T* to) const {
    if (in_order(order)) return;
    const StridedView view = reordered(sample.with_batch(1), order, 1);
    each_sample(step, sample.size(), [&](std::int64_t number, T*) {
      copy_back(view, from + number * sample.size(), to + number * sample.size());
    });
  }

  const T* input() const { return reorder(plan.input, plan.input_order, step.input.elements(), Scratch::input); }
  const T* kernel() const {
    const T* weights = step.weight(Weights::kernel).elements();
    if (in_order(plan.kernel_order)) return weights;
    copy_reordered(reordered(plan.kernel, plan.kernel_order, 0), weights, step.scratch(Scratch::kernel));
    return step.scratch(Scratch::kernel);
  }

  void pack(const kernels::PackedShape& shape, bool transposed) const {
    const T* matrix = kernel();
    step.parallel(kernels::pack_tasks<T>(shape), [&](std::int64_t task, T*) {
      kernels::pack(shape, task, matrix, plan.columns, transposed, step.scratch(Scratch::panels));
    });
  }
  void multiply(const kernels::PackedShape& shape, const T* a, T* c) const {
    const std::int64_t pieces = piece_count(rows(), 48);
    step.parallel(pieces, [&](std::int64_t index, T*) {
      const Range range = piece(rows(), pieces, index);
      kernels::multiply_packed(shape, range.size(), a + range.first * shape.depth, shape.depth,
                               static_cast<const T*>(step.scratch(Scratch::panels)), nullptr,
                               c + range.first * shape.columns, shape.columns, false);
    });
  }
};

}  // namespace detail

template <class T>
void EinsumDense::forward(const Forward<T>& step) const {
  const detail::EinsumPlan plan = plan_of(step);
  const detail::EinsumMatrices<T> matrices{plan, step};
  T* const output = step.output.elements();
  T* const product = detail::in_order(plan.output_order) ? output : step.scratch(Scratch::output);
  matrices.pack({plan.depth, plan.columns}, false);
  matrices.multiply({plan.depth, plan.columns}, matrices.input(), product);
  matrices.put_back(plan.output, plan.output_order, product, output);
  T* const before = detail::activation_input(step, options.activation);
  const detail::StridedView biases = detail::bias_view(plan);
  const std::int64_t size = plan.output.size();
  const std::int64_t length = plan.output.empty() ? 1 : plan.output.back();
  detail::each_sample(step, size, [&](std::int64_t sample, T*) {
    T* const y = output + sample * size;
    if (!options.bias_axes.empty()) {
      const T* bias = step.weight(Weights::bias).elements();
      biases.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
        for (std::int64_t i = 0; i < count; ++i) y[at + i] += bias[first + i * stride];
      });
    }
    if (before != nullptr) std::copy_n(y, size, before + sample * size);
    if (options.activation != linear) {
      kernels::activate_rows(options.activation, size / length, length, static_cast<const T*>(y), y);
    }
  });
}

template <class T>
void EinsumDense::backward(const Backward<T>& step) const {
  const detail::EinsumPlan plan = plan_of(step);
  const detail::EinsumMatrices<T> matrices{plan, step};
  T* const gradient = step.output_gradient.elements();
  const std::int64_t size = plan.output.size();
  const std::int64_t length = plan.output.empty() ? 1 : plan.output.back();
  const T* kept = detail::kept_for_activation(step, options.activation);
  if (options.activation != linear) {
    detail::each_sample(step, size, [&](std::int64_t sample, T*) {
      kernels::activation_rows_gradient(options.activation, size / length, length, kept + sample * size,
                                        static_cast<const T*>(gradient) + sample * size, gradient + sample * size);
    });
  }
  if (!options.bias_axes.empty()) {
    T* const sums = step.scratch(Scratch::sums);
    std::fill_n(sums, plan.bias.size(), T(0));
    const detail::StridedView biases = detail::bias_view(plan);
    for (std::int64_t sample = 0; sample < step.batch(); ++sample) {
      biases.each([&](std::int64_t at, std::int64_t first, std::int64_t count, std::int64_t stride) {
        for (std::int64_t i = 0; i < count; ++i) sums[first + i * stride] += gradient[sample * size + at + i];
      });
    }
    step.sink(Weights::bias, 0, sums, plan.bias.size());
  }
  const T* of_product = matrices.reorder(plan.output, plan.output_order, gradient, Scratch::output);
  if (step.wants_input_gradient) {
    const bool as_it_is = detail::in_order(plan.input_order);
    T* const of_input = as_it_is ? step.input_gradient.elements() : step.scratch(Scratch::gradient);
    matrices.pack({plan.columns, plan.depth}, true);
    matrices.multiply({plan.columns, plan.depth}, of_product, of_input);
    matrices.put_back(plan.input, plan.input_order, of_input, step.input_gradient.elements());
  }
  const T* input = matrices.input();
  const bool kernel_as_it_is = detail::in_order(plan.kernel_order);
  const std::int64_t tiles = (plan.depth + detail::einsum_tile_rows - 1) / detail::einsum_tile_rows;
  step.parallel(tiles, [&](std::int64_t task, T* tile) {
    const Range rows = piece(plan.depth, tiles, task);
    T* const to = kernel_as_it_is ? tile : step.scratch(Scratch::kernel_gradient) + rows.first * plan.columns;
    kernels::multiply_transposed(matrices.rows(), rows.size(), input + rows.first, plan.depth, plan.columns, of_product,
                                 plan.columns, to, plan.columns, false);
    if (kernel_as_it_is) step.sink(Weights::kernel, rows.first * plan.columns, tile, rows.size() * plan.columns);
  });
  if (kernel_as_it_is) return;
  detail::copy_back(detail::reordered(plan.kernel, plan.kernel_order, 0),
                    static_cast<const T*>(step.scratch(Scratch::kernel_gradient)),
                    step.gradient(Weights::kernel).elements());
}

}  // namespace nacre
