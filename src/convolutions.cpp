// The layers of images, signals and volumes in nacre::compiled.

#include <nacre/layers/convolution-inl.hpp>
#include <nacre/layers/convolution_transpose-inl.hpp>
#include <nacre/layers/group_normalization-inl.hpp>
#include <nacre/layers/margins-inl.hpp>
#include <nacre/layers/noise-inl.hpp>
#include <nacre/layers/normalized_convolutions-inl.hpp>
#include <nacre/layers/pooling-inl.hpp>
#include <nacre/layers/row_normalization-inl.hpp>
#include <nacre/layers/separable_convolution-inl.hpp>
#include <nacre/layers/spatial-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

#define NACRE_PASSES(T)                                                                  \
  template void convolution_forward(const ConvolutionGeometry&, const Forward<T>&);      \
  template void convolution_backward(const ConvolutionGeometry&, const Backward<T>&);    \
  template void transpose_forward(const TransposeGeometry&, const Forward<T>&);          \
  template void transpose_backward(const TransposeGeometry&, const Backward<T>&);        \
  template void row_normalization_forward(const RowNormalization&, const Forward<T>&);   \
  template void row_normalization_backward(const RowNormalization&, const Backward<T>&); \
  template void separable_forward(const SeparableGeometry&, const Forward<T>&);          \
  template void separable_backward(const SeparableGeometry&, const Backward<T>&)

NACRE_PASSES(float);
NACRE_PASSES(double);

}  // namespace detail

#define NACRE_BODIES(T)                                                   \
  template void GroupNormalization::forward(const Forward<T>&) const;     \
  template void GroupNormalization::backward(const Backward<T>&) const;   \
  template void NormalizedConvolutions::forward(const Forward<T>&) const; \
  template void NormalizedConvolutions::predict(const Forward<T>&) const; \
  template void NormalizedConvolutions::backward(const Backward<T>&) const

NACRE_BODIES(float);
NACRE_BODIES(double);

}  // namespace nacre
