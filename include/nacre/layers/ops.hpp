#pragma once
// Operations on symbolic tensors, under Keras' names: what a block, an activation or a loss of one's own is written
// with, forward only. The model that is made of them knows their derivatives.
//
//   auto swish = ops::sigmoid(x) * x;
//   auto scaled = (x - ops::mean(x, {-1}, true)) / ops::sqrt(ops::var(x, {-1}, true) + 1e-5);
//
// Axes count as in Keras: the batch is axis 0, -1 is the last. The batch cannot be reduced, moved or sliced. Two
// tensors broadcast as in numpy, but one of fewer axes gets axes of extent 1 behind the batch. Each call is a layer of
// the model, and throws ShapeError, with that layer's name, for shapes that do not fit.
//
// The functions are templates of nothing, so that only those are compiled that a program calls.

#include <cstdint>
#include <optional>

#include <nacre/core/axes.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/get_item.hpp>
#include <nacre/layers/symbolic_tensor.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

// ---- operators ------------------------------------------------------------------------------------------------------

/// a + b, and so on, element by element: the layers Add, Subtract and Multiply, and ops::divide.
template <class = void>
SymbolicTensor operator+(const SymbolicTensor& a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator+(const SymbolicTensor& a, double b);
template <class = void>
SymbolicTensor operator+(double a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator-(const SymbolicTensor& a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator-(const SymbolicTensor& a, double b);
template <class = void>
SymbolicTensor operator-(double a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator*(const SymbolicTensor& a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator*(const SymbolicTensor& a, double b);
template <class = void>
SymbolicTensor operator*(double a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator/(const SymbolicTensor& a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator/(const SymbolicTensor& a, double b);
template <class = void>
SymbolicTensor operator/(double a, const SymbolicTensor& b);
template <class = void>
SymbolicTensor operator-(const SymbolicTensor& x);

namespace ops {

// ---- of each element ------------------------------------------------------------------------------------------------

/// e^x.
template <class = void>
SymbolicTensor exp(const SymbolicTensor& x);
/// The natural logarithm; NaN below 0.
template <class = void>
SymbolicTensor log(const SymbolicTensor& x);
/// The square root, of which the derivative at 0 is infinite.
template <class = void>
SymbolicTensor sqrt(const SymbolicTensor& x);
/// x^2.
template <class = void>
SymbolicTensor square(const SymbolicTensor& x);
/// |x|, with the derivative 0 at 0.
template <class = void>
SymbolicTensor abs(const SymbolicTensor& x);
/// -x.
template <class = void>
SymbolicTensor negative(const SymbolicTensor& x);
/// 1 / (1 + e^-x).
template <class = void>
SymbolicTensor sigmoid(const SymbolicTensor& x);
template <class = void>
SymbolicTensor tanh(const SymbolicTensor& x);
/// max(x, 0), with the derivative 0 at 0.
template <class = void>
SymbolicTensor relu(const SymbolicTensor& x);
/// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.
template <class = void>
SymbolicTensor erf(const SymbolicTensor& x);
/// x where it lies between `x_min` and `x_max`, otherwise the nearer of them. Throws ValueError for x_min > x_max.
template <class = void>
SymbolicTensor clip(const SymbolicTensor& x, double x_min, double x_max);

// ---- of two tensors, or of a tensor and a number --------------------------------------------------------------------

#define NACRE_BINARY_OP(NAME)                                              \
  template <class = void>                                                  \
  SymbolicTensor NAME(const SymbolicTensor& x1, const SymbolicTensor& x2); \
  template <class = void>                                                  \
  SymbolicTensor NAME(const SymbolicTensor& x1, double x2);                \
  template <class = void>                                                  \
  SymbolicTensor NAME(double x1, const SymbolicTensor& x2)

NACRE_BINARY_OP(add);
NACRE_BINARY_OP(subtract);
NACRE_BINARY_OP(multiply);
NACRE_BINARY_OP(divide);
/// x1^x2.
NACRE_BINARY_OP(power);
/// The larger, the smaller. Of equals the first has the gradient.
NACRE_BINARY_OP(maximum);
NACRE_BINARY_OP(minimum);
/// Comparisons: 1 where it holds, 0 elsewhere; without a gradient.
NACRE_BINARY_OP(greater);
NACRE_BINARY_OP(greater_equal);
NACRE_BINARY_OP(less);
NACRE_BINARY_OP(less_equal);
NACRE_BINARY_OP(equal);
NACRE_BINARY_OP(not_equal);

/// x1 where the condition is not 0, x2 elsewhere.
template <class = void>
SymbolicTensor where(const SymbolicTensor& condition, const SymbolicTensor& x1, const SymbolicTensor& x2);
template <class = void>
SymbolicTensor where(const SymbolicTensor& condition, const SymbolicTensor& x1, double x2);
template <class = void>
SymbolicTensor where(const SymbolicTensor& condition, double x1, const SymbolicTensor& x2);
template <class = void>
SymbolicTensor where(const SymbolicTensor& condition, double x1, double x2);

/// The matrix products of (batch, ..., rows, depth) and (batch, ..., depth, columns).
template <class = void>
SymbolicTensor matmul(const SymbolicTensor& x1, const SymbolicTensor& x2);

// ---- over axes ------------------------------------------------------------------------------------------------------

// Over one axis, `-1`, several, `{1, 2}`, or none, `{}`: over all but the batch.

template <class = void>
SymbolicTensor sum(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);
template <class = void>
SymbolicTensor mean(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);
/// Equal extrema share the gradient evenly.
template <class = void>
SymbolicTensor max(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);
template <class = void>
SymbolicTensor min(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);
/// The mean squared distance from the mean.
template <class = void>
SymbolicTensor var(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);
/// sqrt(var).
template <class = void>
SymbolicTensor std(const SymbolicTensor& x, const Axes& axis = {}, bool keepdims = false);

template <class = void>
SymbolicTensor softmax(const SymbolicTensor& x, std::int64_t axis = -1);
/// log(softmax(x)), exact where a probability would be rounded to 0.
template <class = void>
SymbolicTensor log_softmax(const SymbolicTensor& x, std::int64_t axis = -1);

/// a sigmoid(b) of the halves a and b of an axis, which is then half as long. Dauphin et al., "Language modeling with
/// gated convolutional networks", 2016. Throws ShapeError for an axis that x does not have, ValueError for an odd
/// extent.
template <class = void>
SymbolicTensor glu(const SymbolicTensor& x, std::int64_t axis = -1);

// ---- shapes ---------------------------------------------------------------------------------------------------------

/// @param newshape begins with -1, the batch; one of the other extents may be -1, too: whatever is left over.
template <class = void>
SymbolicTensor reshape(const SymbolicTensor& x, const List<std::int64_t>& newshape);
/// The axes in the order of `axes`, which begins with 0, the batch.
template <class = void>
SymbolicTensor transpose(const SymbolicTensor& x, const List<std::int64_t>& axes);
/// A further axis of extent 1, at place `axis` of the result.
template <class = void>
SymbolicTensor expand_dims(const SymbolicTensor& x, std::int64_t axis);
/// Without these axes, which are of extent 1; none: without any such axis but the batch.
template <class = void>
SymbolicTensor squeeze(const SymbolicTensor& x, const Axes& axis = {});

/// Entries of an index for `getitem`: elements start, start + step, ... before stop, as Python's start:stop:step.
inline Index slice(std::optional<std::int64_t> start = {}, std::optional<std::int64_t> stop = {},
                   std::optional<std::int64_t> step = {}) {
  return {Index::Kind::slice, start, stop, step};
}
/// All axes that the other entries leave.
inline const Index ellipsis{Index::Kind::ellipsis};
/// An axis of extent 1.
inline const Index new_axis{Index::Kind::new_axis};

/// x[index], with an entry for each axis, the batch first: `getitem(x, {slice(), slice(0, 6, 2), 0})` is Python's
/// x[:, 0:6:2, 0].
template <class = void>
SymbolicTensor getitem(const SymbolicTensor& x, const List<Index>& index);

/// One behind the other along an axis. Throws ValueError for none.
template <class = void>
SymbolicTensor concatenate(const SymbolicTensors& xs, std::int64_t axis = -1);
/// The same along a further axis.
template <class = void>
SymbolicTensor stack(const SymbolicTensors& xs, std::int64_t axis = 1);
/// So many equal parts of an axis. Throws ValueError where they are not equal.
template <class = void>
SymbolicTensors split(const SymbolicTensor& x, std::int64_t sections, std::int64_t axis = 1);
/// The parts of an axis between these indices.
template <class = void>
SymbolicTensors split(const SymbolicTensor& x, const List<std::int64_t>& indices, std::int64_t axis = 1);

/// The elements of these numbers along an axis.
template <class = void>
SymbolicTensor take(const SymbolicTensor& x, const List<std::int64_t>& indices, std::int64_t axis);
/// Class numbers as rows of zeros with a one, along a new last axis.
template <class = void>
SymbolicTensor one_hot(const SymbolicTensor& x, std::int64_t num_classes);

}  // namespace ops
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/ops-inl.hpp>
#endif
