// Merging layers and operations on symbolic tensors in nacre::compiled.

#include <nacre/core/list.hpp>
#include <nacre/layers/layers.hpp>

#include <nacre/core/axes-inl.hpp>
#include <nacre/layers/broadcasting-inl.hpp>
#include <nacre/layers/concatenate-inl.hpp>
#include <nacre/layers/dot-inl.hpp>
#include <nacre/layers/get_item-inl.hpp>
#include <nacre/layers/matmul-inl.hpp>
#include <nacre/layers/merge-inl.hpp>
#include <nacre/layers/ops-inl.hpp>
#include <nacre/layers/reduction-inl.hpp>
#include <nacre/layers/residual-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

#define NACRE_BODIES(T)                                                  \
  template void Merge::forward(const Forward<T>&) const;                 \
  template void Merge::backward(const Backward<T>&) const;               \
  template void matmul_forward(const Forward<T>&);                       \
  template void matmul_backward(const Backward<T>&);                     \
  template void reduce_forward(const Forward<T>&, Reduce, const Shape&); \
  template void reduce_backward(const Backward<T>&, Reduce, const Shape&)

NACRE_BODIES(float);
NACRE_BODIES(double);

}  // namespace detail

using Tensor = SymbolicTensor;
using Tensors = SymbolicTensors;
template Tensors Dot::call<void>(const Tensors&) const;
template Tensor Residual::call<void>(const Tensor&) const;
template Tensors Dot::call<detail::ForInference>(const Tensors&) const;
template Tensor Residual::call<detail::ForInference>(const Tensor&) const;
using Numbers = List<std::int64_t>;

#define NACRE_OPERATOR(SYMBOL)                                         \
  template Tensor operator SYMBOL<void>(const Tensor&, const Tensor&); \
  template Tensor operator SYMBOL<void>(const Tensor&, double);        \
  template Tensor operator SYMBOL<void>(double, const Tensor&)

NACRE_OPERATOR(+);
NACRE_OPERATOR(-);
NACRE_OPERATOR(*);
NACRE_OPERATOR(/);
template Tensor operator-<void>(const Tensor&);

namespace ops {

#define NACRE_UNARY(NAME) template Tensor NAME<void>(const Tensor&)
#define NACRE_BINARY(NAME)                                  \
  template Tensor NAME<void>(const Tensor&, const Tensor&); \
  template Tensor NAME<void>(const Tensor&, double);        \
  template Tensor NAME<void>(double, const Tensor&)
#define NACRE_REDUCTION(NAME) template Tensor NAME<void>(const Tensor&, const Axes&, bool)

NACRE_UNARY(exp);
NACRE_UNARY(log);
NACRE_UNARY(sqrt);
NACRE_UNARY(square);
NACRE_UNARY(abs);
NACRE_UNARY(negative);
NACRE_UNARY(sigmoid);
NACRE_UNARY(tanh);
NACRE_UNARY(relu);
NACRE_UNARY(erf);

NACRE_BINARY(add);
NACRE_BINARY(subtract);
NACRE_BINARY(multiply);
NACRE_BINARY(divide);
NACRE_BINARY(power);
NACRE_BINARY(maximum);
NACRE_BINARY(minimum);
NACRE_BINARY(greater);
NACRE_BINARY(greater_equal);
NACRE_BINARY(less);
NACRE_BINARY(less_equal);
NACRE_BINARY(equal);
NACRE_BINARY(not_equal);

NACRE_REDUCTION(sum);
NACRE_REDUCTION(mean);
NACRE_REDUCTION(max);
NACRE_REDUCTION(min);
NACRE_REDUCTION(var);
NACRE_REDUCTION(std);

template Tensor clip<void>(const Tensor&, double, double);
template Tensor where<void>(const Tensor&, const Tensor&, const Tensor&);
template Tensor where<void>(const Tensor&, const Tensor&, double);
template Tensor where<void>(const Tensor&, double, const Tensor&);
template Tensor where<void>(const Tensor&, double, double);
template Tensor matmul<void>(const Tensor&, const Tensor&);
template Tensor softmax<void>(const Tensor&, std::int64_t);
template Tensor log_softmax<void>(const Tensor&, std::int64_t);
template Tensor glu<void>(const Tensor&, std::int64_t);
template Tensor reshape<void>(const Tensor&, const Numbers&);
template Tensor transpose<void>(const Tensor&, const Numbers&);
template Tensor expand_dims<void>(const Tensor&, std::int64_t);
template Tensor squeeze<void>(const Tensor&, const Axes&);
template Tensor getitem<void>(const Tensor&, const List<Index>&);
template Tensor concatenate<void>(const Tensors&, std::int64_t);
template Tensor stack<void>(const Tensors&, std::int64_t);
template Tensors split<void>(const Tensor&, std::int64_t, std::int64_t);
template Tensors split<void>(const Tensor&, const Numbers&, std::int64_t);
template Tensor take<void>(const Tensor&, const Numbers&, std::int64_t);
template Tensor one_hot<void>(const Tensor&, std::int64_t);

}  // namespace ops
}  // namespace nacre
