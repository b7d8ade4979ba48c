#pragma once
// The bodies of optimizers.hpp.

#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/optimizers.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void sgd(std::int64_t count, T* w, const T* g, std::type_identity_t<T> lr) {
  NACRE_SIMD_CALL(sgd<T>, count, w, g, lr);
}

template <class T>
void sgd_momentum(std::int64_t count, T* w, const T* g, T* velocity, std::type_identity_t<T> lr,
                  std::type_identity_t<T> momentum, bool nesterov) {
  NACRE_SIMD_CALL(sgd_momentum<T>, count, w, g, velocity, lr, momentum, nesterov);
}

template <class T>
void rmsprop(std::int64_t count, T* w, const T* g, T* mean_square, std::type_identity_t<T>* mean_gradient,
             std::type_identity_t<T>* momentum_slot, std::type_identity_t<T> lr, double rho,
             std::type_identity_t<T> momentum, std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(rmsprop<T>, count, w, g, mean_square, mean_gradient, momentum_slot, lr, rho, momentum, epsilon);
}

template <class T>
void adam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T>* v_max,
          std::type_identity_t<T> alpha, double beta_1, double beta_2, std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(adam<T>, count, w, g, m, v, v_max, alpha, beta_1, beta_2, epsilon);
}

template <class T>
void decay(std::int64_t count, T* w, std::type_identity_t<T> factor) {
  const T* gradient = w;
  NACRE_SIMD_CALL(sgd<T>, count, w, gradient, factor);
}

template <class T>
void accumulate(std::int64_t count, T* sum, const T* g) {
  NACRE_SIMD_CALL(sgd<T>, count, sum, g, T{-1});
}

template <class T>
void clip_value(std::int64_t count, T* g, std::type_identity_t<T> limit) {
  NACRE_SIMD_CALL(clip_value<T>, count, g, limit);
}

template <class T>
void scale(std::int64_t count, T* g, std::type_identity_t<T> factor) {
  NACRE_SIMD_CALL(scale<T>, count, g, factor);
}

template <class T>
void moving_average(std::int64_t count, T* average, const T* w, double momentum) {
  NACRE_SIMD_CALL(moving_average<T>, count, average, w, momentum);
}

}  // namespace nacre::kernels
