#pragma once
// The bodies of attention.hpp.

#include <nacre/kernels/attention.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/attention.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void attention_softmax(std::int64_t rows, std::int64_t columns, std::type_identity_t<T> scale,
                       const std::type_identity_t<T>* terms, T* scores) {
  NACRE_SIMD_CALL(attention_softmax<T>, rows, columns, scale, terms, scores);
}

template <class T>
void attention_softmax_gradient(std::int64_t rows, std::int64_t columns, std::type_identity_t<T> scale,
                                const T* probabilities, T* gradient) {
  NACRE_SIMD_CALL(attention_softmax_gradient<T>, rows, columns, scale, probabilities, gradient);
}

}  // namespace nacre::kernels
