#pragma once
// Activations, their gradients, and scaling.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>
#include <nacre/kernels/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// y = f(x) over `rows` rows of `length` elements: activations that are no elementwise ones work on each row. In place
/// allowed. A NaN stays NaN.
template <class T>
void activate_rows(const Activation& activation, std::int64_t rows, std::int64_t length, const T* x, T* y);

/// dx = dy f'(x), with the derivative taken from `kept`: the activation's input x where `activation.keeps_input()`,
/// otherwise its output f(x). In place allowed.
template <class T>
void activation_rows_gradient(const Activation& activation, std::int64_t rows, std::int64_t length, const T* kept,
                              const T* dy, T* dx);

/// The same for any number of elements of an elementwise activation.
template <class T>
void activate(const Activation& activation, std::int64_t count, const T* x, T* y) {
  activate_rows(activation, 1, count, x, y);
}
template <class T>
void activation_gradient(const Activation& activation, std::int64_t count, const T* kept, const T* dy, T* dx) {
  activation_rows_gradient(activation, 1, count, kept, dy, dx);
}

/// y[i] = x[i] * scale + offset. In place allowed.
template <class T>
void scale_shift(std::int64_t count, const T* x, std::type_identity_t<T> scale, std::type_identity_t<T> offset, T* y);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/elementwise-inl.hpp>
#endif
