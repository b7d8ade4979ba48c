#pragma once
// Work on each element alone: activations, their gradients, and scaling.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/kernels/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// output[i] = f(input[i]) for an elementwise activation (every kind but softmax, which leaves the input as it is).
/// In place allowed. A NaN stays NaN.
template <class T>
void activate(Activation activation, std::int64_t count, const T* input, T* output);

/// input_gradient[i] = output_gradient[i] * f'(x[i]), with the derivative taken from the activation's output y:
/// relu y > 0, sigmoid y (1 - y), tanh 1 - y^2. In place allowed.
template <class T>
void activation_gradient(Activation activation, std::int64_t count, const T* output, const T* output_gradient,
                         T* input_gradient);

/// y[i] = x[i] * scale + offset. In place allowed.
template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/elementwise-inl.hpp>
#endif
