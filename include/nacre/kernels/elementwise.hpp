#pragma once
// Work on each element alone: activations, their gradients, and scaling.

#include <cstdint>
#include <type_traits>

#include <nacre/kernels/activation.hpp>
#include <nacre/kernels/compiled.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/elementwise.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::kernels {

/// output[i] = f(input[i]) for an elementwise activation (every kind but softmax, which leaves the input as it is).
/// In place allowed. A NaN stays NaN.
template <class T>
void activate(Activation activation, std::int64_t count, const T* input, T* output) {
  NACRE_SIMD_CALL(activate, activation.kind(), count, input, output);
}

/// input_gradient[i] = output_gradient[i] * f'(x[i]), with the derivative taken from the activation's output y:
/// relu y > 0, sigmoid y (1 - y), tanh 1 - y^2. In place allowed.
template <class T>
void activation_gradient(Activation activation, std::int64_t count, const T* output, const T* output_gradient,
                         T* input_gradient) {
  NACRE_SIMD_CALL(activation_gradient, activation.kind(), count, output, output_gradient, input_gradient);
}

/// y[i] = x[i] * scale + offset. In place allowed.
template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y) {
  NACRE_SIMD_CALL(scale_shift, count, x, scale, offset, y);
}

NACRE_KERNEL(activate);
NACRE_KERNEL(activation_gradient);
NACRE_KERNEL(scale_shift);

}  // namespace nacre::kernels
