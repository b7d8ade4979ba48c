// The layers of sequences in nacre::compiled.

#include <nacre/layers/bidirectional-inl.hpp>
#include <nacre/layers/einsum_dense-inl.hpp>
#include <nacre/layers/embedding-inl.hpp>
#include <nacre/layers/head_attention-inl.hpp>
#include <nacre/layers/recurrent-inl.hpp>
#include <nacre/layers/rnn-inl.hpp>
#include <nacre/layers/sequence_attention-inl.hpp>
#include <nacre/layers/stacked_rnn_cells-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

#define NACRE_PASSES(T)                                                           \
  template void Lookup::forward(const Forward<T>&) const;                         \
  template void Lookup::backward(const Backward<T>&) const;                       \
  template void forward_attention(const SequenceAttention&, const Forward<T>&);   \
  template void backward_attention(const SequenceAttention&, const Backward<T>&); \
  template void forward_attention(const HeadAttention&, const Forward<T>&);       \
  template void backward_attention(const HeadAttention&, const Backward<T>&);     \
  template void forward_recurrence(const Recurrence&, const Forward<T>&);         \
  template void backward_recurrence(const Recurrence&, const Backward<T>&)

NACRE_PASSES(float);
NACRE_PASSES(double);

}  // namespace nacre::detail

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template void EinsumDense::forward(const Forward<float>&) const;
template void EinsumDense::forward(const Forward<double>&) const;
template void EinsumDense::backward(const Backward<float>&) const;
template void EinsumDense::backward(const Backward<double>&) const;

#define NACRE_CALLS(L)                                                         \
  template SymbolicTensors L::call<void>(const SymbolicTensors& inputs) const; \
  template SymbolicTensors L::call<detail::ForInference>(const SymbolicTensors& inputs) const

NACRE_CALLS(Bidirectional);
NACRE_CALLS(RNN);

}  // namespace nacre
