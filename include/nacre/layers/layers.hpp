#pragma once
// All layers: the one list of them.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/activity_regularization.hpp>
#include <nacre/layers/additive_attention.hpp>
#include <nacre/layers/attention.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/bidirectional.hpp>
#include <nacre/layers/binary_function.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dot.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/einsum_dense.hpp>
#include <nacre/layers/elu.hpp>
#include <nacre/layers/embedding.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/get_item.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/group_query_attention.hpp>
#include <nacre/layers/gru.hpp>
#include <nacre/layers/gru_cell.hpp>
#include <nacre/layers/identity.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/lambda.hpp>
#include <nacre/layers/leaky_relu.hpp>
#include <nacre/layers/log_softmax.hpp>
#include <nacre/layers/lstm.hpp>
#include <nacre/layers/lstm_cell.hpp>
#include <nacre/layers/masking.hpp>
#include <nacre/layers/matmul.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/multi_head_attention.hpp>
#include <nacre/layers/one_hot.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/layers/permute.hpp>
#include <nacre/layers/reduction.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/residual.hpp>
#include <nacre/layers/rnn.hpp>
#include <nacre/layers/shared.hpp>
#include <nacre/layers/simple_rnn.hpp>
#include <nacre/layers/simple_rnn_cell.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/layers/stacked_rnn_cells.hpp>
#include <nacre/layers/take.hpp>
#include <nacre/layers/time_distributed.hpp>
#include <nacre/layers/unary_function.hpp>
#include <nacre/layers/where.hpp>

/// The list of nacre's layers.
// clang-format off
#define NACRE_LAYERS(X) \
  X(ActivationLayer) X(ActivityRegularization) X(Add) X(AdditiveAttention) X(Attention) X(Average) \
  X(AveragePooling2D) X(BatchNormalization) X(Bidirectional) X(BinaryFunction) X(Concatenate) X(Conv2D) X(Dense) \
  X(Dot) X(Dropout) X(ELU) X(EinsumDense) X(Embedding) X(Flatten) X(GRU) X(GRUCell) X(GetItem) \
  X(GlobalAveragePooling2D) X(GlobalMaxPooling2D) X(GroupQueryAttention) X(Identity) X(Input) X(LSTM) X(LSTMCell) \
  X(LeakyReLU) X(LogSoftmax) X(Masking) X(MatMul) X(MaxPooling2D) X(Maximum) X(Minimum) X(MultiHeadAttention) \
  X(Multiply) X(OneHot) X(Permute) X(RNN) X(ReLU) X(Reduction) X(Rescaling) X(Reshape) X(Residual) X(SimpleRNN) \
  X(SimpleRNNCell) X(Softmax) X(StackedRNNCells) X(Subtract) X(Take) X(TimeDistributed) X(UnaryFunction) X(Where)
// clang-format on

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

using Layers = ClassList<void NACRE_LAYERS(NACRE_NEXT_CLASS)>;

}  // namespace detail

#if !NACRE_HEADER_ONLY
// What a layer does stands in nacre::compiled once.
#define NACRE_COMPILED_CLASS(L) extern template const detail::LayerClass& Layer::compiled_class<L>();
NACRE_LAYERS(NACRE_COMPILED_CLASS)
#undef NACRE_COMPILED_CLASS
#endif

/// Makes nacre's layers known to `Registry<Layer>`. A template of nothing, so that only programs that call it compile
/// all of them.
template <class = void>
void register_layers() {
  detail::Layers::visit([]<class... L>() { Registry<Layer>::add<L...>(); });
}

/// Makes nacre's layers known to `Layer::make_for_inference`: their backward passes are not compiled.
template <class = void>
void register_inference_layers() {
  detail::Layers::visit([]<class... L>() {
    static constexpr ClassMaker makers[] = {{&detail::layer_class<L, detail::Scalars, false>, &make_default<L>}...};
    Layer::inference_classes().add(makers);
  });
}

}  // namespace nacre
