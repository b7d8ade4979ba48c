#pragma once
// Bodies of layers/dot.hpp.

#include <utility>

#include <nacre/core/axes.hpp>
#include <nacre/core/list.hpp>
#include <nacre/layers/dot.hpp>
#include <nacre/layers/ops.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP Dot::Dot(Axes of_each, DotOptions chosen) : axes(std::move(of_each)), options(std::move(chosen)) {
  validate();
}

namespace detail {

/// Divided by its length along an axis of a sample.
template <class Use>
[[gnu::cold]] SymbolicTensor unit_vectors(const SymbolicTensor& x, std::int64_t axis) {
  const SymbolicTensor squares = ops::sum<Use>(ops::square<Use>(x), axis, true);
  return ops::divide<Use>(x, ops::sqrt<Use>(ops::maximum<Use>(squares, 1e-24)));
}

/// The tensor with an axis of its samples moved to the front or to the end.
template <class Use>
[[gnu::cold]] SymbolicTensor move_axis(const SymbolicTensor& x, std::size_t axis, bool to_end) {
  List<std::int64_t> order{0};
  if (!to_end) order.push_back(static_cast<std::int64_t>(axis) + 1);
  for (std::size_t other = 0; other < x.shape().rank(); ++other) {
    if (other != axis) order.push_back(static_cast<std::int64_t>(other) + 1);
  }
  if (to_end) order.push_back(static_cast<std::int64_t>(axis) + 1);
  return ops::transpose<Use>(x, order);
}

}  // namespace detail

template <class Use>
SymbolicTensors Dot::call(const SymbolicTensors& inputs) const {
  require<ShapeError>(inputs.size() == 2, "expected two inputs, got ", inputs.size());
  SymbolicTensor a = inputs[0], b = inputs[1];
  const std::size_t a_axis = detail::sample_axis("multiplied", a.shape(), axes.values.front());
  const std::size_t b_axis = detail::sample_axis("multiplied", b.shape(), axes.values.back());
  const std::int64_t depth = a.shape()[a_axis];
  require<ShapeError>(depth == b.shape()[b_axis], "expected axes of one extent, got ", depth, " along axis ",
                      axes.values.front(), " of ", a.shape().to_string_with_batch(), " and ", b.shape()[b_axis],
                      " along axis ", axes.values.back(), " of ", b.shape().to_string_with_batch());
  if (options.normalize) {
    a = detail::unit_vectors<Use>(a, static_cast<std::int64_t>(a_axis) + 1);
    b = detail::unit_vectors<Use>(b, static_cast<std::int64_t>(b_axis) + 1);
  }
  List<std::int64_t> output{-1};
  for (std::size_t axis = 0; axis < a.shape().rank(); ++axis) {
    if (axis != a_axis) output.push_back(a.shape()[axis]);
  }
  for (std::size_t axis = 0; axis < b.shape().rank(); ++axis) {
    if (axis != b_axis) output.push_back(b.shape()[axis]);
  }
  if (output.size() == 1) output.push_back(1);
  const std::int64_t rows = a.shape().size() / depth, columns = b.shape().size() / depth;
  a = ops::reshape<Use>(detail::move_axis<Use>(a, a_axis, true), {-1, rows, depth});
  b = ops::reshape<Use>(detail::move_axis<Use>(b, b_axis, false), {-1, depth, columns});
  return {ops::reshape<Use>(ops::matmul<Use>(a, b), output)};
}

}  // namespace nacre
