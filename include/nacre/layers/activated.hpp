#pragma once
// What layers with an activation have in common.

#include <algorithm>
#include <cstdint>

#include <nacre/core/function_reference.hpp>
#include <nacre/core/range.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Calls `act(first, rows, length)` on all threads for the runs that `rows` rows of `length` elements are cut into:
/// between rows where the activation works on whole rows, anywhere where it works on each element.
template <class T>
void for_each_run(const LayerStep<T>& step, const Activation& activation, std::int64_t rows, std::int64_t length,
                  FunctionReference<void(std::int64_t first, std::int64_t rows, std::int64_t length)> act) {
  constexpr std::int64_t grain = 4096;
  if (activation.is_elementwise()) {
    rows *= length;
    length = 1;
  }
  const std::int64_t runs = std::min(piece_count(rows * length, grain), rows);
  step.parallel(runs, [&](std::int64_t index, T*) {
    const Range run = piece(rows, runs, index);
    act(run.first * length, run.size(), length);
  });
}

/// Rows of the last axis of a step's input, of a layer that keeps its input's shape.
template <class T>
std::int64_t row_length(const LayerStep<T>& step) {
  return step.input.extents().rank() < 2 ? 1 : step.input.extents().back();
}

/// forward of a layer that is an activation and nothing else.
template <class T>
void forward_activation(const Forward<T>& step, const Activation& activation) {
  const std::int64_t length = row_length(step);
  const T* x = step.input.elements();
  T* y = step.output.elements();
  for_each_run(step, activation, step.batch() * step.input.sample_size() / length, length,
               [&](std::int64_t first, std::int64_t rows, std::int64_t columns) {
                 kernels::activate_rows(activation, rows, columns, x + first, y + first);
               });
}

/// backward of the same.
template <class T>
void backward_activation(const Backward<T>& step, const Activation& activation) {
  if (!step.wants_input_gradient) return;
  const std::int64_t length = row_length(step);
  const T* kept = activation.keeps_input() ? step.input.elements() : step.output.elements();
  const T* dy = step.output_gradient.elements();
  T* dx = step.input_gradient.elements();
  for_each_run(step, activation, step.batch() * step.input.sample_size() / length, length,
               [&](std::int64_t first, std::int64_t rows, std::int64_t columns) {
                 kernels::activation_rows_gradient(activation, rows, columns, kept + first, dy + first, dx + first);
               });
}

// A layer that ends in an activation keeps what goes into it in a buffer, where the derivative needs it and a backward
// pass will come.

enum class ActivationBuffers { input, second };  // `second` is for the layer's own

inline void request_activation_input(LayerBuilder& builder, const Activation& activation, const Shape& output) {
  if (builder.training() && activation.keeps_input())
    builder.buffer(ActivationBuffers::input, builder.batch() * output.size());
}

/// Where forward leaves what goes into the activation, or nullptr.
template <class T>
T* activation_input(const Forward<T>& step, const Activation& activation) {
  return activation.keeps_input() && step.has_buffer(ActivationBuffers::input) ? step.buffer(ActivationBuffers::input)
                                                                               : nullptr;
}

/// What backward takes the activation's derivative from.
template <class T>
const T* kept_for_activation(const Backward<T>& step, const Activation& activation) {
  return activation.keeps_input() ? step.buffer(ActivationBuffers::input) : step.output.elements();
}

/// What a layer `Self` has that ends in the activation of its options.
template <class Self>
struct EndsInActivation : Callable<Self> {
  Activation final_activation() const { return static_cast<const Self&>(*this).options.activation; }
  Self without_activation() const {
    Self layer = static_cast<const Self&>(*this);
    layer.options.activation = linear;
    return layer;
  }
};

}  // namespace nacre::detail
