#pragma once
// The bodies of softmax.hpp.

#include <cmath>
#include <limits>

#include <nacre/kernels/simd/math.hpp>
#include <nacre/kernels/softmax.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/softmax.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void softmax(std::int64_t rows, std::int64_t classes, const T* logits, T* probabilities) {
  NACRE_SIMD_CALL(softmax<T>, rows, classes, logits, probabilities);
}

template <class T>
void softmax_gradient(std::int64_t rows, std::int64_t classes, const T* probabilities, const T* output_gradient,
                      T* input_gradient) {
  NACRE_SIMD_CALL(softmax_gradient<T>, rows, classes, probabilities, output_gradient, input_gradient);
}

template <class T>
void softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* targets, T* values,
                          std::type_identity_t<T>* gradient) {
  const T* labels = nullptr;
  NACRE_SIMD_CALL(softmax_crossentropy<T>, rows, classes, logits, targets, labels, values, gradient);
}

template <class T>
void sparse_softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* labels, T* values,
                                 std::type_identity_t<T>* gradient) {
  const T* targets = nullptr;
  NACRE_SIMD_CALL(softmax_crossentropy<T>, rows, classes, logits, targets, labels, values, gradient);
}

}  // namespace nacre::kernels
