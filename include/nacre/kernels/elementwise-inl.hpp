#pragma once
// The bodies of elementwise.hpp.

#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/elementwise.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void activate(Activation activation, std::int64_t count, const T* input, T* output) {
  NACRE_SIMD_CALL(activate<T>, activation.kind(), count, input, output);
}

template <class T>
void activation_gradient(Activation activation, std::int64_t count, const T* output, const T* output_gradient,
                         T* input_gradient) {
  NACRE_SIMD_CALL(activation_gradient<T>, activation.kind(), count, output, output_gradient, input_gradient);
}

template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y) {
  NACRE_SIMD_CALL(scale_shift<T>, count, x, scale, offset, y);
}

}  // namespace nacre::kernels
