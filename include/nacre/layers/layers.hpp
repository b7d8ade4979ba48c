#pragma once
// All layers: the one list of them.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/activity_regularization.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/binary_function.hpp>
#include <nacre/layers/concatenate.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dot.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/elu.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/get_item.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/identity.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/lambda.hpp>
#include <nacre/layers/leaky_relu.hpp>
#include <nacre/layers/log_softmax.hpp>
#include <nacre/layers/masking.hpp>
#include <nacre/layers/matmul.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/one_hot.hpp>
#include <nacre/layers/ops.hpp>
#include <nacre/layers/permute.hpp>
#include <nacre/layers/reduction.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/residual.hpp>
#include <nacre/layers/shared.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/layers/take.hpp>
#include <nacre/layers/time_distributed.hpp>
#include <nacre/layers/unary_function.hpp>
#include <nacre/layers/where.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Calls `visit` with all layers' classes as template arguments.
template <class Visit>
void list_layers(Visit visit) {
  visit.template
  operator()<ActivationLayer, ActivityRegularization, Add, Average, AveragePooling2D, BatchNormalization,
             BinaryFunction, Concatenate, Conv2D, Dense, Dot, Dropout, ELU, Flatten, GetItem, GlobalAveragePooling2D,
             GlobalMaxPooling2D, Identity, Input, LeakyReLU, LogSoftmax, Masking, MatMul, Maximum, MaxPooling2D,
             Minimum, Multiply, OneHot, Permute, ReLU, Reduction, Rescaling, Reshape, Residual, Softmax, Subtract, Take,
             TimeDistributed, UnaryFunction, Where>();
}

}  // namespace detail

/// Makes nacre's layers known to `Registry<Layer>`. A template of nothing, so that only programs that call it compile
/// all of them.
template <class = void>
void register_layers() {
  detail::list_layers([]<class... L>() { Registry<Layer>::add<L...>(); });
}

/// Makes nacre's layers known to `Layer::make_for_inference`: their backward passes are not compiled.
template <class = void>
void register_inference_layers() {
  detail::list_layers([]<class... L>() {
    static constexpr ClassMaker makers[] = {{&detail::layer_class<L, detail::Scalars, false>, &make_default<L>}...};
    Layer::inference_classes().add(makers);
  });
}

}  // namespace nacre
