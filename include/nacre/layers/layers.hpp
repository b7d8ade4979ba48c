#pragma once
// All layers: the one list of them.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/activity_regularization.hpp>
#include <nacre/layers/additive_attention.hpp>
#include <nacre/layers/alpha_dropout.hpp>
#include <nacre/layers/attention.hpp>
#include <nacre/layers/average_pooling1d.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/average_pooling3d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/bidirectional.hpp>
#include <nacre/layers/category_encoding.hpp>
#include <nacre/layers/center_crop.hpp>
#include <nacre/layers/binary_function.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/conv1d.hpp>
#include <nacre/layers/conv1d_transpose.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/conv2d_transpose.hpp>
#include <nacre/layers/conv3d.hpp>
#include <nacre/layers/conv3d_transpose.hpp>
#include <nacre/layers/cropping1d.hpp>
#include <nacre/layers/cropping2d.hpp>
#include <nacre/layers/cropping3d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/depthwise_conv1d.hpp>
#include <nacre/layers/depthwise_conv2d.hpp>
#include <nacre/layers/discretization.hpp>
#include <nacre/layers/dot.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/einsum_dense.hpp>
#include <nacre/layers/elu.hpp>
#include <nacre/layers/embedding.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/gaussian_dropout.hpp>
#include <nacre/layers/gaussian_noise.hpp>
#include <nacre/layers/get_item.hpp>
#include <nacre/layers/global_average_pooling1d.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_average_pooling3d.hpp>
#include <nacre/layers/global_max_pooling1d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/global_max_pooling3d.hpp>
#include <nacre/layers/group_normalization.hpp>
#include <nacre/layers/group_query_attention.hpp>
#include <nacre/layers/gru.hpp>
#include <nacre/layers/gru_cell.hpp>
#include <nacre/layers/hashing.hpp>
#include <nacre/layers/identity.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/integer_lookup.hpp>
#include <nacre/layers/lambda.hpp>
#include <nacre/layers/layer_normalization.hpp>
#include <nacre/layers/leaky_relu.hpp>
#include <nacre/layers/log_softmax.hpp>
#include <nacre/layers/lstm.hpp>
#include <nacre/layers/lstm_cell.hpp>
#include <nacre/layers/masking.hpp>
#include <nacre/layers/matmul.hpp>
#include <nacre/layers/max_pooling1d.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/max_pooling3d.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/multi_head_attention.hpp>
#include <nacre/layers/normalization.hpp>
#include <nacre/layers/one_hot.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/layers/permute.hpp>
#include <nacre/layers/prelu.hpp>
#include <nacre/layers/random_brightness.hpp>
#include <nacre/layers/random_contrast.hpp>
#include <nacre/layers/random_crop.hpp>
#include <nacre/layers/random_elastic_transform.hpp>
#include <nacre/layers/random_erasing.hpp>
#include <nacre/layers/random_flip.hpp>
#include <nacre/layers/random_gaussian_blur.hpp>
#include <nacre/layers/random_invert.hpp>
#include <nacre/layers/random_perspective.hpp>
#include <nacre/layers/random_rotation.hpp>
#include <nacre/layers/random_shear.hpp>
#include <nacre/layers/random_translation.hpp>
#include <nacre/layers/random_zoom.hpp>
#include <nacre/layers/reduction.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/repeat_vector.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/residual.hpp>
#include <nacre/layers/resizing.hpp>
#include <nacre/layers/rms_normalization.hpp>
#include <nacre/layers/rnn.hpp>
#include <nacre/layers/separable_conv1d.hpp>
#include <nacre/layers/separable_conv2d.hpp>
#include <nacre/layers/shared.hpp>
#include <nacre/layers/simple_rnn.hpp>
#include <nacre/layers/simple_rnn_cell.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/layers/spatial_dropout1d.hpp>
#include <nacre/layers/spatial_dropout2d.hpp>
#include <nacre/layers/spatial_dropout3d.hpp>
#include <nacre/layers/stacked_rnn_cells.hpp>
#include <nacre/layers/take.hpp>
#include <nacre/layers/time_distributed.hpp>
#include <nacre/layers/unary_function.hpp>
#include <nacre/layers/unit_normalization.hpp>
#include <nacre/layers/up_sampling1d.hpp>
#include <nacre/layers/up_sampling2d.hpp>
#include <nacre/layers/up_sampling3d.hpp>
#include <nacre/layers/where.hpp>
#include <nacre/layers/zero_padding1d.hpp>
#include <nacre/layers/zero_padding2d.hpp>
#include <nacre/layers/zero_padding3d.hpp>

/// The list of nacre's layers.
// clang-format off
#define NACRE_LAYERS(X) \
  X(ActivationLayer) X(ActivityRegularization) X(Add) X(AdditiveAttention) X(AlphaDropout) X(Attention) X(Average) \
  X(AveragePooling1D) X(AveragePooling2D) X(AveragePooling3D) X(BatchNormalization) X(Bidirectional) \
  X(BinaryFunction) X(CategoryEncoding) X(CenterCrop) X(Concatenate) X(Conv1D) X(Conv1DTranspose) X(Conv2D) \
  X(Conv2DTranspose) X(Conv3D) X(Conv3DTranspose) X(Cropping1D) X(Cropping2D) X(Cropping3D) X(Dense) \
  X(DepthwiseConv1D) X(DepthwiseConv2D) X(Discretization) X(Dot) X(Dropout) X(ELU) X(EinsumDense) X(Embedding) \
  X(Flatten) X(GRU) X(GRUCell) X(GaussianDropout) X(GaussianNoise) X(GetItem) X(GlobalAveragePooling1D) \
  X(GlobalAveragePooling2D) X(GlobalAveragePooling3D) X(GlobalMaxPooling1D) X(GlobalMaxPooling2D) \
  X(GlobalMaxPooling3D) X(GroupNormalization) X(GroupQueryAttention) X(Hashing) X(Identity) X(Input) \
  X(IntegerLookup) X(LSTM) X(LSTMCell) X(LayerNormalization) X(LeakyReLU) X(LogSoftmax) X(Masking) X(MatMul) \
  X(MaxPooling1D) X(MaxPooling2D) X(MaxPooling3D) X(Maximum) X(Minimum) X(MultiHeadAttention) X(Multiply) \
  X(Normalization) X(OneHot) X(PReLU) X(Permute) X(RMSNormalization) X(RNN) X(RandomBrightness) X(RandomContrast) \
  X(RandomCrop) X(RandomElasticTransform) X(RandomErasing) X(RandomFlip) X(RandomGaussianBlur) X(RandomInvert) \
  X(RandomPerspective) X(RandomRotation) X(RandomShear) X(RandomTranslation) X(RandomZoom) X(ReLU) X(Reduction) \
  X(RepeatVector) X(Rescaling) X(Reshape) X(Residual) X(Resizing) X(SeparableConv1D) X(SeparableConv2D) X(SimpleRNN) \
  X(SimpleRNNCell) X(Softmax) X(SpatialDropout1D) X(SpatialDropout2D) X(SpatialDropout3D) X(StackedRNNCells) \
  X(Subtract) X(Take) X(TimeDistributed) X(UnaryFunction) X(UnitNormalization) X(UpSampling1D) X(UpSampling2D) \
  X(UpSampling3D) X(Where) X(ZeroPadding1D) X(ZeroPadding2D) X(ZeroPadding3D)
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
    static constexpr ClassMaker makers[] = {
        {&detail::layer_class<L, detail::Scalars, false>, &ConfigAccess::make_held<L>}...};
    Layer::inference_classes().add(makers);
  });
}

#if !NACRE_HEADER_ONLY
extern template void register_layers<void>();
extern template void register_inference_layers<void>();
#endif

}  // namespace nacre
