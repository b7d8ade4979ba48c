#pragma once
// Bodies of layers/matmul.hpp.

#include <algorithm>

#include <nacre/kernels/matmul.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/matmul.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// The axes of a sample before its matrices.
inline Shape matrix_axes(const Shape& sample) { return Shape(sample.begin(), sample.end() - 2); }

inline kernels::MatmulShape matmul_shape(const Shape& a, const Shape& b) {
  return {a[a.rank() - 2], a[a.rank() - 1], b[b.rank() - 1]};
}

/// Calls `work(shape, a, b, c)` for each product of a sample with its number among the matrices of a, b and c, the
/// matrices of all samples before it counted; samples go to all threads.
template <class T>
void each_product(const LayerStep<T>& step,
                  FunctionReference<void(const kernels::MatmulShape& shape, std::int64_t a, std::int64_t b,
                                         std::int64_t c, std::type_identity_t<T>* scratch)>
                      work) {
  const Shape a = step.inputs[0].extents().from(1);
  const Shape b = step.inputs[1].extents().from(1);
  const Shape a_axes = matrix_axes(a), b_axes = matrix_axes(b);
  const Shape axes = matrix_axes(step.output.extents().from(1));
  BroadcastRows rows(axes);
  rows.cut(a_axes);
  rows.cut(b_axes);
  const kernels::MatmulShape shape = matmul_shape(a, b);
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    std::int64_t c = sample * axes.size();
    rows.each([&](const auto& index) {
      const std::int64_t first_a = sample * a_axes.size() + rows.offset(a_axes, index);
      const std::int64_t first_b = sample * b_axes.size() + rows.offset(b_axes, index);
      const bool a_along = rows.runs_along(a_axes), b_along = rows.runs_along(b_axes);
      for (std::int64_t i = 0; i < rows.length(); ++i) {
        work(shape, first_a + (a_along ? i : 0), first_b + (b_along ? i : 0), c++, scratch);
      }
    });
  });
}

template <class T>
void matmul_forward(const Forward<T>& step) {
  each_product(step, [&](const kernels::MatmulShape& shape, std::int64_t a, std::int64_t b, std::int64_t c, T*) {
    kernels::matmul(shape, step.inputs[0].elements() + a * shape.rows * shape.depth,
                    step.inputs[1].elements() + b * shape.depth * shape.columns,
                    step.output.elements() + c * shape.rows * shape.columns, false);
  });
}

template <class T>
void matmul_backward(const Backward<T>& step) {
  // A matrix that is used in several products has the sum of their gradients.
  bool repeated[2];
  for (std::size_t input = 0; input < 2; ++input) {
    const Shape axes = matrix_axes(step.inputs[input].extents().from(1));
    repeated[input] = axes.size() < matrix_axes(step.output.extents().from(1)).size();
    if (!repeated[input] || !step.wants_gradient(input)) continue;
    TensorView<T>& gradient = step.input_gradients[input];
    each_piece(step, gradient.extents().size(),
               [&](std::int64_t first, std::int64_t count) { std::fill_n(gradient.elements() + first, count, T(0)); });
  }
  each_product(step,
               [&](const kernels::MatmulShape& shape, std::int64_t a, std::int64_t b, std::int64_t c, T* scratch) {
                 const T* gradient = step.output_gradient.elements() + c * shape.rows * shape.columns;
                 const std::int64_t place_a = a * shape.rows * shape.depth;
                 const std::int64_t place_b = b * shape.depth * shape.columns;
                 if (step.wants_gradient(0)) {
                   kernels::matmul_gradient_a(shape, step.inputs[1].elements() + place_b, gradient,
                                              step.input_gradients[0].elements() + place_a, scratch, repeated[0]);
                 }
                 if (step.wants_gradient(1)) {
                   kernels::matmul_gradient_b(shape, step.inputs[0].elements() + place_a, gradient,
                                              step.input_gradients[1].elements() + place_b, repeated[1]);
                 }
               });
}

}  // namespace detail

NACRE_SETUP Shape MatMul::build(const Shapes& inputs, LayerBuilder& builder) const {
  require<ShapeError>(inputs.size() == 2, "expected two inputs, got ", inputs.size());
  const Shape& a = inputs[0];
  const Shape& b = inputs[1];
  require<ShapeError>(a.rank() >= 2 && b.rank() >= 2, "expected samples of two axes or more besides the batch, got ",
                      a.to_string_with_batch(), " and ", b.to_string_with_batch(),
                      "; expand_dims makes a vector a matrix of one row or column");
  const kernels::MatmulShape shape = detail::matmul_shape(a, b);
  require<ShapeError>(b[b.rank() - 2] == shape.depth,
                      "expected as many rows in the second input as columns in the "
                      "first, got ",
                      a.to_string_with_batch(), " and ", b.to_string_with_batch());
  const Shape axes = detail::broadcast_shape({detail::matrix_axes(a), detail::matrix_axes(b)});
  builder.backward_reads({.inputs = true, .output = false});
  builder.task_scratch(shape.depth * shape.columns);
  Shape output = axes;
  output.push_back(shape.rows);
  output.push_back(shape.columns);
  return output;
}

}  // namespace nacre
