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

/// The kernels of an activation of one's own for T.
template <class T>
const ActivationKernels<T>& own_kernels(const ActivationClass& of) {
  if constexpr (std::is_same_v<T, float>) {
    return of.in_float;
  } else {
    return of.in_double;
  }
}

}  // namespace detail

template <class T>
void activate_rows(const Activation& activation, std::int64_t rows, std::int64_t length, const T* x, T* y) {
  const ActivationClass& known = activation.activation_class();
  const void* options = activation.options();
  if (known.place < 0) return detail::own_kernels<T>(known).forward(options, rows, length, x, y);
  NACRE_SIMD_CALL(activate_rows<T>, known.place, options, rows, length, x, y);
}

template <class T>
void activation_rows_gradient(const Activation& activation, std::int64_t rows, std::int64_t length, const T* kept,
                              const T* dy, T* dx) {
  const ActivationClass& known = activation.activation_class();
  const void* options = activation.options();
  if (known.place < 0) return detail::own_kernels<T>(known).backward(options, rows, length, kept, dy, dx);
  NACRE_SIMD_CALL(activation_rows_gradient<T>, known.place, options, rows, length, kept, dy, dx);
}

template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y) {
  NACRE_SIMD_CALL(scale_shift<T>, count, x, scale, offset, y);
}

}  // namespace nacre::kernels
