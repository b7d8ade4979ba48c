// The layers of nacre::compiled, but for what src/ops.cpp has.

#include <nacre/layers/layers.hpp>

#include <nacre/kernels/activation-inl.hpp>
#include <nacre/layers/normalized_convolutions-inl.hpp>
#include <nacre/layers/symbolic_tensor-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                                                   \
  template void NormalizedConvolutions::forward(const Forward<T>&) const; \
  template void NormalizedConvolutions::predict(const Forward<T>&) const; \
  template void NormalizedConvolutions::backward(const Backward<T>&) const

NACRE_BODIES(float);
NACRE_BODIES(double);

#define NACRE_CLASS(L) template const detail::LayerClass& Layer::compiled_class<L>();
NACRE_LAYERS(NACRE_CLASS)

template void register_layers<void>();
template void register_inference_layers<void>();

}  // namespace nacre
