#pragma once
// Dense layers: output = activation(input kernel + bias), its gradients, and how both are cut into independent tasks.
// Row-major: input [rows, inputs], kernel [inputs, units], output [rows, units]. Tasks and tiles depend on the shape
// alone, and nothing here allocates: the same shape and data give the same bits on any number of threads.

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>
#include <nacre/kernels/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// A product of `rows` samples of `inputs` features with a kernel of `units` columns.
struct DenseShape {
  std::int64_t rows;
  std::int64_t inputs;
  std::int64_t units;
};

/// The number of independent pieces that `dense_forward` computes the output in: blocks of columns, and of rows too
/// where that helps.
std::int64_t dense_forward_tasks(const DenseShape& shape);

/// Piece `task` of output [rows, units] = activation(input [rows, inputs] kernel [inputs, units] + bias [units]).
/// `bias` may be nullptr; the activation must be an elementwise one. `before`, where it is not nullptr, receives what
/// goes into the activation, in the extents of the output.
template <class T>
void dense_forward(const DenseShape& shape, std::int64_t task, const T* input, const T* kernel, const T* bias,
                   const Activation& activation, T* output, std::type_identity_t<T>* before = nullptr);

/// The number of independent pieces of the backward pass: blocks of rows of the kernel, which are columns of the input.
inline std::int64_t dense_backward_tasks(const DenseShape& shape) { return piece_count(shape.inputs, 48); }

/// The inputs, which are rows of the kernel, that a backward task covers.
inline Range dense_backward_inputs(const DenseShape& shape, std::int64_t task) {
  return aligned_piece(shape.inputs, 16, dense_backward_tasks(shape), task);
}

/// How many rows of the kernel's gradient to compute before they are used: so few that they are still in cache then.
inline std::int64_t dense_tile_rows(const DenseShape& shape) {
  constexpr std::int64_t elements = 12288;
  const std::int64_t rows = elements / std::max<std::int64_t>(shape.units, 1);
  return std::max<std::int64_t>(12, rows / 12 * 12);
}

/// The most elements of the transposed output gradient that `dense_transpose` makes and `dense_backward_input` uses,
/// for up to `shape.rows` samples: fewer may need it where more do not.
std::int64_t dense_transposed_size(const DenseShape& shape);

/// Columns `units` of output_gradient [rows, units] as rows of `transposed` [units, rows padded with zeros]. Does
/// nothing where the shape makes do without.
template <class T>
void dense_transpose(const DenseShape& shape, Range units, const T* output_gradient, T* transposed);

/// Columns `inputs` of input_gradient [rows, inputs] = output_gradient [rows, units] kernel^T. `transposed` is what
/// `dense_transpose` made of all units.
template <class T>
void dense_backward_input(const DenseShape& shape, Range inputs, const T* output_gradient, const T* transposed,
                          const T* kernel, T* input_gradient);

/// Rows `inputs` of the kernel's gradient, input^T output_gradient, into tile [inputs.size(), units].
template <class T>
void dense_backward_kernel(const DenseShape& shape, Range inputs, const T* input, const T* output_gradient, T* tile);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/dense-inl.hpp>
#endif
