#pragma once
// Bodies of layers/ops.hpp. Those that composites of nacre's own are made of pass on what they are compiled for, `Use`.

#include <algorithm>
#include <utility>

#include <nacre/core/axes.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/binary_function.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/log_softmax.hpp>
#include <nacre/layers/matmul.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/one_hot.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/layers/permute.hpp>
#include <nacre/layers/reduction.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/layers/take.hpp>
#include <nacre/layers/unary_function.hpp>
#include <nacre/layers/where.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace ops {

// ---- of each element ------------------------------------------------------------------------------------------------

template <class>
SymbolicTensor exp(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::exp)(x);
}

template <class>
SymbolicTensor log(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::log)(x);
}

template <class Use>
SymbolicTensor sqrt(const SymbolicTensor& x) {
  return detail::call_for<Use>(UnaryFunction(kernels::Unary::sqrt), {x});
}

template <class Use>
SymbolicTensor square(const SymbolicTensor& x) {
  return detail::call_for<Use>(UnaryFunction(kernels::Unary::square), {x});
}

template <class>
SymbolicTensor abs(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::abs)(x);
}

template <class>
SymbolicTensor sigmoid(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::sigmoid)(x);
}

template <class>
SymbolicTensor tanh(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::tanh)(x);
}

template <class>
SymbolicTensor relu(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::relu)(x);
}

template <class>
SymbolicTensor erf(const SymbolicTensor& x) {
  return UnaryFunction(kernels::Unary::erf)(x);
}

template <class>
SymbolicTensor negative(const SymbolicTensor& x) {
  return Rescaling(-1)(x);
}

template <class>
SymbolicTensor clip(const SymbolicTensor& x, double x_min, double x_max) {
  require<ValueError>(x_min <= x_max, "ops::clip: expected an x_min of at most x_max, got ", x_min, " and ", x_max);
  return minimum(maximum(x, x_min), x_max);
}

// ---- of two tensors, or of a tensor and a number --------------------------------------------------------------------

template <class>
SymbolicTensor add(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Add()({x1, x2});
}

template <class>
SymbolicTensor add(const SymbolicTensor& x1, double x2) {
  return Rescaling(1, x2)(x1);
}

template <class>
SymbolicTensor add(double x1, const SymbolicTensor& x2) {
  return Rescaling(1, x1)(x2);
}

template <class>
SymbolicTensor subtract(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Subtract()({x1, x2});
}

template <class>
SymbolicTensor subtract(const SymbolicTensor& x1, double x2) {
  return Rescaling(1, -x2)(x1);
}

template <class>
SymbolicTensor subtract(double x1, const SymbolicTensor& x2) {
  return Rescaling(-1, x1)(x2);
}

template <class>
SymbolicTensor multiply(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Multiply()({x1, x2});
}

template <class>
SymbolicTensor multiply(const SymbolicTensor& x1, double x2) {
  return Rescaling(x2)(x1);
}

template <class>
SymbolicTensor multiply(double x1, const SymbolicTensor& x2) {
  return Rescaling(x1)(x2);
}

template <class Use>
SymbolicTensor divide(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return detail::call_for<Use>(BinaryFunction(kernels::Binary::divide), {x1, x2});
}

template <class>
SymbolicTensor divide(const SymbolicTensor& x1, double x2) {
  return Rescaling(1 / x2)(x1);
}

template <class>
SymbolicTensor divide(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::divide, x1, true)(x2);
}

template <class>
SymbolicTensor power(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::power)({x1, x2});
}

template <class>
SymbolicTensor power(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::power, x2)(x1);
}

template <class>
SymbolicTensor power(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::power, x1, true)(x2);
}

template <class>
SymbolicTensor maximum(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Maximum()({x1, x2});
}

template <class Use>
SymbolicTensor maximum(const SymbolicTensor& x1, double x2) {
  return detail::call_for<Use>(BinaryFunction(kernels::Binary::maximum, x2), {x1});
}

template <class>
SymbolicTensor maximum(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::maximum, x1, true)(x2);
}

template <class>
SymbolicTensor minimum(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Minimum()({x1, x2});
}

template <class>
SymbolicTensor minimum(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::minimum, x2)(x1);
}

template <class>
SymbolicTensor minimum(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::minimum, x1, true)(x2);
}

template <class>
SymbolicTensor greater(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::greater)({x1, x2});
}

template <class>
SymbolicTensor greater(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::greater, x2)(x1);
}

template <class>
SymbolicTensor greater(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::greater, x1, true)(x2);
}

template <class>
SymbolicTensor greater_equal(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::greater_equal)({x1, x2});
}

template <class>
SymbolicTensor greater_equal(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::greater_equal, x2)(x1);
}

template <class>
SymbolicTensor greater_equal(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::greater_equal, x1, true)(x2);
}

template <class>
SymbolicTensor less(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::less)({x1, x2});
}

template <class>
SymbolicTensor less(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::less, x2)(x1);
}

template <class>
SymbolicTensor less(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::less, x1, true)(x2);
}

template <class>
SymbolicTensor less_equal(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::less_equal)({x1, x2});
}

template <class>
SymbolicTensor less_equal(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::less_equal, x2)(x1);
}

template <class>
SymbolicTensor less_equal(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::less_equal, x1, true)(x2);
}

template <class>
SymbolicTensor equal(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::equal)({x1, x2});
}

template <class>
SymbolicTensor equal(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::equal, x2)(x1);
}

template <class>
SymbolicTensor equal(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::equal, x1, true)(x2);
}

template <class>
SymbolicTensor not_equal(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::not_equal)({x1, x2});
}

template <class>
SymbolicTensor not_equal(const SymbolicTensor& x1, double x2) {
  return BinaryFunction(kernels::Binary::not_equal, x2)(x1);
}

template <class>
SymbolicTensor not_equal(double x1, const SymbolicTensor& x2) {
  return BinaryFunction(kernels::Binary::not_equal, x1, true)(x2);
}

template <class>
SymbolicTensor where(const SymbolicTensor& condition, const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return Where()({condition, x1, x2});
}

template <class>
SymbolicTensor where(const SymbolicTensor& condition, const SymbolicTensor& x1, double x2) {
  return Where({.x2 = x2})({condition, x1});
}

template <class>
SymbolicTensor where(const SymbolicTensor& condition, double x1, const SymbolicTensor& x2) {
  return Where({.x1 = x1})({condition, x2});
}

template <class>
SymbolicTensor where(const SymbolicTensor& condition, double x1, double x2) {
  return Where({.x1 = x1, .x2 = x2})(condition);
}

template <class Use>
SymbolicTensor matmul(const SymbolicTensor& x1, const SymbolicTensor& x2) {
  return detail::call_for<Use>(MatMul(), {x1, x2});
}

// ---- over axes ------------------------------------------------------------------------------------------------------

template <class Use>
SymbolicTensor sum(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return detail::call_for<Use>(Reduction("sum", {.axis = axis, .keepdims = keepdims}), {x});
}

template <class>
SymbolicTensor mean(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return Reduction("mean", {.axis = axis, .keepdims = keepdims})(x);
}

template <class>
SymbolicTensor max(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return Reduction("max", {.axis = axis, .keepdims = keepdims})(x);
}

template <class>
SymbolicTensor min(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return Reduction("min", {.axis = axis, .keepdims = keepdims})(x);
}

template <class>
SymbolicTensor var(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return Reduction("var", {.axis = axis, .keepdims = keepdims})(x);
}

template <class>
SymbolicTensor std(const SymbolicTensor& x, const Axes& axis, bool keepdims) {
  return sqrt(var(x, axis, keepdims));
}

template <class>
SymbolicTensor softmax(const SymbolicTensor& x, std::int64_t axis) {
  return Softmax({.axis = axis})(x);
}

template <class>
SymbolicTensor log_softmax(const SymbolicTensor& x, std::int64_t axis) {
  return LogSoftmax({.axis = axis})(x);
}

// ---- shapes ---------------------------------------------------------------------------------------------------------

template <class Use>
SymbolicTensor reshape(const SymbolicTensor& x, const List<std::int64_t>& newshape) {
  require<ValueError>(!newshape.empty() && newshape[0] == -1,
                      "ops::reshape: expected a shape that begins with -1, the batch, got ",
                      newshape.empty() ? std::string("none") : text(newshape[0]), " first");
  return detail::call_for<Use>(Reshape(List<std::int64_t>(newshape.begin() + 1, newshape.end())), {x});
}

template <class Use>
SymbolicTensor transpose(const SymbolicTensor& x, const List<std::int64_t>& axes) {
  const auto rank = static_cast<std::int64_t>(x.shape().rank());
  List<std::int64_t> order;
  for (std::int64_t axis : axes) order.push_back(axis < 0 ? axis + rank + 1 : axis);
  require<ValueError>(!order.empty() && order[0] == 0,
                      "ops::transpose: expected axes that begin with 0, the batch, which cannot be moved, got ",
                      axes.empty() ? std::string("none") : text(axes[0]), " first");
  order.erase(order.begin());
  return detail::call_for<Use>(Permute(std::move(order)), {x});
}

template <class>
SymbolicTensor expand_dims(const SymbolicTensor& x, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(x.shape().rank());
  const std::int64_t place = axis < 0 ? axis + rank + 2 : axis;  // of the result, the batch counted
  require<ShapeError>(place >= 1 && place <= rank + 1, "ops::expand_dims: expected an axis from 1 to ", rank + 1,
                      " or from -1 to ", -rank - 1, ", as the batch stays in front, got ", axis);
  List<std::int64_t> target(x.shape().begin(), x.shape().end());
  target.insert(target.begin() + place - 1, 1);
  return Reshape(std::move(target))(x);
}

template <class>
SymbolicTensor squeeze(const SymbolicTensor& x, const Axes& axis) {
  const Shape& shape = x.shape();
  std::vector<bool> gone(shape.rank(), false);
  for (std::int64_t given : axis.values) {
    const std::size_t which = detail::sample_axis("squeezed", shape, given);
    require<ShapeError>(shape[which] == 1, "ops::squeeze: expected an axis of extent 1, got axis ", given, " of ",
                        shape.to_string_with_batch());
    gone[which] = true;
  }
  List<std::int64_t> target;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    if (!gone[i] && !(axis.values.empty() && shape[i] == 1)) target.push_back(shape[i]);
  }
  return Reshape(std::move(target))(x);
}

template <class>
SymbolicTensor getitem(const SymbolicTensor& x, const List<Index>& index) {
  return GetItem(index)(x);
}

template <class>
SymbolicTensor concatenate(const SymbolicTensors& xs, std::int64_t axis) {
  require<ValueError>(!xs.empty(), "ops::concatenate: expected one tensor or more, got none");
  return xs.size() == 1 ? xs[0] : Concatenate({.axis = axis})(xs);
}

template <class>
SymbolicTensor stack(const SymbolicTensors& xs, std::int64_t axis) {
  SymbolicTensors expanded;
  for (const SymbolicTensor& x : xs) expanded.push_back(expand_dims(x, axis));
  return concatenate(expanded, axis);
}

template <class>
SymbolicTensors split(const SymbolicTensor& x, const List<std::int64_t>& indices, std::int64_t axis) {
  const std::size_t along = detail::sample_axis("split", x.shape(), axis);
  SymbolicTensors parts;
  for (std::size_t part = 0; part <= indices.size(); ++part) {
    List<Index> index(along + 2, slice());
    index[along + 1] = slice(part == 0 ? 0 : indices[part - 1],
                             part == indices.size() ? std::optional<std::int64_t>() : indices[part]);
    parts.push_back(getitem(x, index));
  }
  return parts;
}

template <class>
SymbolicTensors split(const SymbolicTensor& x, std::int64_t sections, std::int64_t axis) {
  const std::int64_t extent = x.shape()[detail::sample_axis("split", x.shape(), axis)];
  require<ValueError>(sections >= 1 && extent % sections == 0, "ops::split: expected sections that divide the extent ",
                      extent, " of axis ", axis, ", got ", sections);
  List<std::int64_t> indices;
  for (std::int64_t part = 1; part < sections; ++part) indices.push_back(part * extent / sections);
  return split(x, indices, axis);
}

template <class>
SymbolicTensor glu(const SymbolicTensor& x, std::int64_t axis) {
  const SymbolicTensors halves = split(x, 2, axis);
  return halves[0] * sigmoid(halves[1]);
}

template <class>
SymbolicTensor take(const SymbolicTensor& x, const List<std::int64_t>& indices, std::int64_t axis) {
  return Take(indices, {.axis = axis})(x);
}

template <class>
SymbolicTensor one_hot(const SymbolicTensor& x, std::int64_t num_classes) {
  return OneHot(num_classes)(x);
}

}  // namespace ops

// ---- operators ------------------------------------------------------------------------------------------------------

template <class>
SymbolicTensor operator+(const SymbolicTensor& a, const SymbolicTensor& b) {
  return ops::add(a, b);
}

template <class>
SymbolicTensor operator+(const SymbolicTensor& a, double b) {
  return ops::add(a, b);
}

template <class>
SymbolicTensor operator+(double a, const SymbolicTensor& b) {
  return ops::add(a, b);
}

template <class>
SymbolicTensor operator-(const SymbolicTensor& a, const SymbolicTensor& b) {
  return ops::subtract(a, b);
}

template <class>
SymbolicTensor operator-(const SymbolicTensor& a, double b) {
  return ops::subtract(a, b);
}

template <class>
SymbolicTensor operator-(double a, const SymbolicTensor& b) {
  return ops::subtract(a, b);
}

template <class>
SymbolicTensor operator*(const SymbolicTensor& a, const SymbolicTensor& b) {
  return ops::multiply(a, b);
}

template <class>
SymbolicTensor operator*(const SymbolicTensor& a, double b) {
  return ops::multiply(a, b);
}

template <class>
SymbolicTensor operator*(double a, const SymbolicTensor& b) {
  return ops::multiply(a, b);
}

template <class>
SymbolicTensor operator/(const SymbolicTensor& a, const SymbolicTensor& b) {
  return ops::divide(a, b);
}

template <class>
SymbolicTensor operator/(const SymbolicTensor& a, double b) {
  return ops::divide(a, b);
}

template <class>
SymbolicTensor operator/(double a, const SymbolicTensor& b) {
  return ops::divide(a, b);
}

template <class>
SymbolicTensor operator-(const SymbolicTensor& x) {
  return ops::negative(x);
}

}  // namespace nacre
