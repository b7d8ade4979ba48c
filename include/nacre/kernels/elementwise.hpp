#pragma once
// Work on each element alone: activations, their gradients, and scaling.

#include <cmath>
#include <cstdint>
#include <type_traits>

#include <nacre/kernels/activation.hpp>

namespace nacre::kernels {

/// output[i] = f(input[i]) for an elementwise activation (every kind but softmax, which leaves the input as it is).
/// In place allowed. A NaN stays NaN.
template <class T>
void activate(Activation activation, std::int64_t count, const T* input, T* output) {
  for (std::int64_t i = 0; i < count; ++i) {
    const T x = input[i];
    switch (activation.kind()) {
      case Activation::relu:
        output[i] = T(0) > x ? T(0) : x;
        break;
      case Activation::sigmoid:
        output[i] = T(1) / (T(1) + std::exp(-x));
        break;
      case Activation::tanh:
        output[i] = std::tanh(x);
        break;
      default:
        output[i] = x;
    }
  }
}

/// input_gradient[i] = output_gradient[i] * f'(x[i]), with the derivative taken from the activation's output y:
/// relu y > 0, sigmoid y (1 - y), tanh 1 - y^2. In place allowed.
template <class T>
void activation_gradient(Activation activation, std::int64_t count, const T* output, const T* output_gradient,
                         T* input_gradient) {
  for (std::int64_t i = 0; i < count; ++i) {
    const T y = output[i];
    const T dy = output_gradient[i];
    switch (activation.kind()) {
      case Activation::relu:
        input_gradient[i] = y > T(0) ? dy : T(0);
        break;
      case Activation::sigmoid:
        input_gradient[i] = dy * (y * (T(1) - y));
        break;
      case Activation::tanh:
        input_gradient[i] = dy * (T(1) - y * y);
        break;
      default:
        input_gradient[i] = dy;
    }
  }
}

/// y[i] = x[i] * scale + offset. In place allowed.
template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y) {
  for (std::int64_t i = 0; i < count; ++i) y[i] = x[i] * scale + offset;
}

}  // namespace nacre::kernels
