#pragma once
// All layers: the one list of them.

#include <nacre/layers/activation.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/elu.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/leaky_relu.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Calls `add` with all layers' classes as template arguments.
template <class Add>
void list_layers(Add add) {
  add.template operator()<ActivationLayer, AveragePooling2D, BatchNormalization, Conv2D, Dense, Dropout, ELU, Flatten,
                          GlobalAveragePooling2D, GlobalMaxPooling2D, Input, LeakyReLU, MaxPooling2D, ReLU, Rescaling,
                          Reshape, Softmax>();
}

}  // namespace detail

/// Makes nacre's layers known to `Registry<AnyLayer<T>>`.
template <class T>
void register_layers() {
  detail::list_layers([]<class... L>() { Registry<AnyLayer<T>>::template add<L...>(); });
}

/// Makes nacre's layers known to `AnyLayer<T>::make_for_inference`: their backward passes are not compiled.
template <class T>
void register_inference_layers() {
  detail::list_layers([]<class... L>() {
    static constexpr ClassMaker makers[] = {class_maker<detail::LayerHolder<T, L, false>, L>...};
    AnyLayer<T>::inference_classes().add(makers);
  });
}

}  // namespace nacre
