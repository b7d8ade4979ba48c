// The layers of nacre::compiled: their tables. Bodies are in src/convolutions.cpp, src/sequences.cpp and src/ops.cpp.

#include <nacre/layers/layers.hpp>

#include <nacre/kernels/activation-inl.hpp>
#include <nacre/layers/symbolic_tensor-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_CLASS(L) template const detail::LayerClass& Layer::compiled_class<L>();
NACRE_LAYERS(NACRE_CLASS)

template void register_layers<void>();
template void register_inference_layers<void>();

}  // namespace nacre
