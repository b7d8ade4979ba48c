#pragma once
// What the optimizers do to a range of parameters, in one pass over it. The formulas are those of Keras 3.
// In all of them w are the parameters, g their gradients, and no two arrays overlap.
//
// Decay rates are doubles, since 1 - rate must be rounded once: 1 - 0.999 in float is off by 1e-5 of its value.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Gradient descent: w -= lr g.
template <class T>
void sgd(std::int64_t count, T* w, const T* g, std::type_identity_t<T> lr);

/// Gradient descent with momentum: v = momentum v - lr g; then w += v, or with Nesterov's momentum
/// w += momentum v - lr g.
template <class T>
void sgd_momentum(std::int64_t count, T* w, const T* g, T* velocity, std::type_identity_t<T> lr,
                  std::type_identity_t<T> momentum, bool nesterov);

/// RMSprop (Hinton, lecture 6e of "Neural networks for machine learning", 2012), epsilon inside the root:
/// ms += (1 - rho) (g^2 - ms); step = lr g / sqrt(ms + epsilon); w -= step.
/// Centered, where mean_gradient is not nullptr: mg += (1 - rho) (g - mg), and the root is of ms - mg^2 + epsilon.
/// With momentum, where momentum_slot is not nullptr: slot = momentum slot + step; w -= slot.
template <class T>
void rmsprop(std::int64_t count, T* w, const T* g, T* mean_square, std::type_identity_t<T>* mean_gradient,
             std::type_identity_t<T>* momentum_slot, std::type_identity_t<T> lr, double rho,
             std::type_identity_t<T> momentum, std::type_identity_t<T> epsilon);

/// Adam (Kingma and Ba, ICLR 2015) in its epsilon-hat form: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= alpha m / (sqrt(v) + epsilon) with alpha = lr sqrt(1 - beta_2^t) / (1 - beta_1^t) at step t = 1, 2, ...
/// AMSGrad (Reddi, Kale and Kumar, ICLR 2018), where v_max is not nullptr: v_max = max(v_max, v) takes v's place under
/// the root.
template <class T>
void adam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T>* v_max,
          std::type_identity_t<T> alpha, double beta_1, double beta_2, std::type_identity_t<T> epsilon);

/// Decoupled weight decay: w -= factor w.
template <class T>
void decay(std::int64_t count, T* w, std::type_identity_t<T> factor);

/// sum += g.
template <class T>
void accumulate(std::int64_t count, T* sum, const T* g);

/// g = min(max(g, -limit), limit); a NaN stays NaN.
template <class T>
void clip_value(std::int64_t count, T* g, std::type_identity_t<T> limit);

/// g *= factor.
template <class T>
void scale(std::int64_t count, T* g, std::type_identity_t<T> factor);

/// average = momentum average + (1 - momentum) w.
template <class T>
void moving_average(std::int64_t count, T* average, const T* w, double momentum);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/optimizers-inl.hpp>
#endif
