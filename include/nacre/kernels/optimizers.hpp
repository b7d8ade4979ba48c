#pragma once
// What the optimizers do to a range of parameters, in one pass over it. The formulas are those of Keras 3.
// In all of them w are the parameters, g their gradients, and no two arrays overlap.

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace nacre::kernels {

/// Gradient descent: w -= lr g.
template <class T>
void sgd(std::int64_t count, T* w, const T* g, std::type_identity_t<T> lr) {
  for (std::int64_t i = 0; i < count; ++i) w[i] -= lr * g[i];
}

/// Gradient descent with momentum: v = momentum v - lr g; then w += v, or with Nesterov's momentum
/// w += momentum v - lr g.
template <class T>
void sgd_momentum(std::int64_t count, T* w, const T* g, T* velocity, std::type_identity_t<T> lr,
                  std::type_identity_t<T> momentum, bool nesterov) {
  for (std::int64_t i = 0; i < count; ++i) {
    velocity[i] = momentum * velocity[i] - lr * g[i];
    w[i] += nesterov ? momentum * velocity[i] - lr * g[i] : velocity[i];
  }
}

/// RMSprop (Hinton, lecture 6e of "Neural networks for machine learning", 2012), epsilon inside the root:
/// ms = rho ms + (1 - rho) g^2; step = lr g / sqrt(ms + epsilon); w -= step.
/// Centered, where mean_gradient is not nullptr: mg = rho mg + (1 - rho) g, and the root is of ms - mg^2 + epsilon.
/// With momentum, where momentum_slot is not nullptr: slot = momentum slot + step; w -= slot.
template <class T>
void rmsprop(std::int64_t count, T* w, const T* g, T* mean_square, std::type_identity_t<T>* mean_gradient,
             std::type_identity_t<T>* momentum_slot, std::type_identity_t<T> lr, std::type_identity_t<T> rho,
             std::type_identity_t<T> momentum, std::type_identity_t<T> epsilon) {
  for (std::int64_t i = 0; i < count; ++i) {
    mean_square[i] = rho * mean_square[i] + (T(1) - rho) * g[i] * g[i];
    T radicand = mean_square[i] + epsilon;
    if (mean_gradient != nullptr) {
      mean_gradient[i] = rho * mean_gradient[i] + (T(1) - rho) * g[i];
      radicand -= mean_gradient[i] * mean_gradient[i];
    }
    T step = lr * g[i] / std::sqrt(radicand);
    if (momentum_slot != nullptr) step = momentum_slot[i] = momentum * momentum_slot[i] + step;
    w[i] -= step;
  }
}

/// Adam (Kingma and Ba, ICLR 2015) in its epsilon-hat form: m = beta_1 m + (1 - beta_1) g,
/// v = beta_2 v + (1 - beta_2) g^2, w -= alpha m / (sqrt(v) + epsilon) with
/// alpha = lr sqrt(1 - beta_2^t) / (1 - beta_1^t) at step t = 1, 2, ...
/// AMSGrad (Reddi, Kale and Kumar, ICLR 2018), where v_max is not nullptr: v_max = max(v_max, v) takes v's place under
/// the root.
template <class T>
void adam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T>* v_max,
          std::type_identity_t<T> alpha, std::type_identity_t<T> beta_1, std::type_identity_t<T> beta_2,
          std::type_identity_t<T> epsilon) {
  for (std::int64_t i = 0; i < count; ++i) {
    m[i] = beta_1 * m[i] + (T(1) - beta_1) * g[i];
    v[i] = beta_2 * v[i] + (T(1) - beta_2) * g[i] * g[i];
    T second = v[i];
    if (v_max != nullptr) second = v_max[i] = v_max[i] > v[i] ? v_max[i] : v[i];
    w[i] -= alpha * m[i] / (std::sqrt(second) + epsilon);
  }
}

/// Decoupled weight decay: w -= factor w.
template <class T>
void decay(std::int64_t count, T* w, std::type_identity_t<T> factor) {
  for (std::int64_t i = 0; i < count; ++i) w[i] -= factor * w[i];
}

/// g = min(max(g, -limit), limit); a NaN stays NaN.
template <class T>
void clip_value(std::int64_t count, T* g, std::type_identity_t<T> limit) {
  for (std::int64_t i = 0; i < count; ++i) {
    const T low = -limit > g[i] ? -limit : g[i];
    g[i] = limit < low ? limit : low;
  }
}

/// g *= factor.
template <class T>
void scale(std::int64_t count, T* g, std::type_identity_t<T> factor) {
  for (std::int64_t i = 0; i < count; ++i) g[i] *= factor;
}

/// average = momentum average + (1 - momentum) w.
template <class T>
void moving_average(std::int64_t count, T* average, const T* w, std::type_identity_t<T> momentum) {
  for (std::int64_t i = 0; i < count; ++i) average[i] = momentum * average[i] + (T(1) - momentum) * w[i];
}

}  // namespace nacre::kernels
