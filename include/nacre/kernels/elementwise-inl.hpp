#pragma once
// The bodies of elementwise.hpp.

#include <limits>

#include <nacre/kernels/activation.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/simd/special.hpp>
#include <nacre/kernels/softmax-inl.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/elementwise.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/activations.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

template <class T>
const ActivationKernels<T>& activation_kernels(const Activation& activation) {
  if constexpr (std::is_same_v<T, float>) {
    return activation.activation_class().in_float;
  } else {
    return activation.activation_class().in_double;
  }
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_uncompiled(const Activation& activation) {
  throw StateError(text(activation.name(),
                        ": expected an activation that is compiled for this scalar type and, to be "
                        "trained, not loaded for inference alone"));
}

/// What a loop is compiled for, as one name.
template <class T, class A>
struct OwnActivation {
  using Scalar = T;
  using Function = A;
};

}  // namespace detail

template <class T, class A>
void own_activation(const void* options, std::int64_t rows, std::int64_t length, const T* x, T* y) {
  using Of = detail::OwnActivation<T, A>;
  NACRE_SIMD_CALL(activate_rows<Of>, options, rows, length, x, y);
}

template <class T, class A>
void own_activation_gradient(const void* options, std::int64_t rows, std::int64_t length, const T* kept, const T* dy,
                             T* dx) {
  using Of = detail::OwnActivation<T, A>;
  NACRE_SIMD_CALL(activation_rows_gradient<Of>, options, rows, length, kept, dy, dx);
}

template <class T>
void activate_rows(const Activation& activation, std::int64_t rows, std::int64_t length, const T* x, T* y) {
  const auto forward = detail::activation_kernels<T>(activation).forward;
  if (forward == nullptr) detail::fail_uncompiled(activation);
  forward(activation.options(), rows, length, x, y);
}

template <class T>
void activation_rows_gradient(const Activation& activation, std::int64_t rows, std::int64_t length, const T* kept,
                              const T* dy, T* dx) {
  const auto backward = detail::activation_kernels<T>(activation).backward;
  if (backward == nullptr) detail::fail_uncompiled(activation);
  backward(activation.options(), rows, length, kept, dy, dx);
}

template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y) {
  NACRE_SIMD_CALL(scale_shift<T>, count, x, scale, offset, y);
}

}  // namespace nacre::kernels
