#pragma once
// Softmax over the last axis, alone and together with the cross-entropy of its logits.

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace nacre::kernels {

/// probabilities[r, c] = exp(logits[r, c]) / sum_k exp(logits[r, k]), with each row's largest logit subtracted first so
/// that nothing overflows. Both are [rows, classes]. In place allowed.
template <class T>
void softmax(std::int64_t rows, std::int64_t classes, const T* logits, T* probabilities) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* z = logits + r * classes;
    T* p = probabilities + r * classes;
    T largest = z[0];
    for (std::int64_t c = 1; c < classes; ++c) largest = z[c] > largest ? z[c] : largest;
    T total = 0;
    for (std::int64_t c = 0; c < classes; ++c) total += p[c] = std::exp(z[c] - largest);
    for (std::int64_t c = 0; c < classes; ++c) p[c] /= total;
  }
}

/// input_gradient[r, c] = p[r, c] (dp[r, c] - sum_k dp[r, k] p[r, k]), the gradient of the logits from the
/// probabilities p and their gradient dp. All are [rows, classes]. In place allowed.
template <class T>
void softmax_gradient(std::int64_t rows, std::int64_t classes, const T* probabilities, const T* output_gradient,
                      T* input_gradient) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* p = probabilities + r * classes;
    const T* dp = output_gradient + r * classes;
    T* dz = input_gradient + r * classes;
    T dot = 0;
    for (std::int64_t c = 0; c < classes; ++c) dot += p[c] * dp[c];
    for (std::int64_t c = 0; c < classes; ++c) dz[c] = p[c] * (dp[c] - dot);
  }
}

/// Cross-entropy of softmax(logits) with target distributions: values[r] = -sum_c t[r, c] log softmax(z[r])[c], and,
/// unless `gradient` is nullptr, gradient[r, c] = p[r, c] sum_k t[r, k] - t[r, c], the gradient of values[r].
/// logits, targets and gradient are [rows, classes], values is [rows]. A class with target 0 adds nothing to the value,
/// even where its logit is minus infinity. `gradient` may be `logits`.
template <class T>
void softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* targets, T* values,
                          std::type_identity_t<T>* gradient) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* z = logits + r * classes;
    const T* t = targets + r * classes;
    T largest = z[0];
    for (std::int64_t c = 1; c < classes; ++c) largest = z[c] > largest ? z[c] : largest;
    T total = 0;
    T mass = 0;
    T linear_part = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      total += std::exp(z[c] - largest);
      mass += t[c];
      if (t[c] != T(0)) linear_part += t[c] * (z[c] - largest);
    }
    values[r] = mass * std::log(total) - linear_part;
    if (gradient == nullptr) continue;
    T* dz = gradient + r * classes;
    const T scale = mass / total;
    for (std::int64_t c = 0; c < classes; ++c) dz[c] = std::exp(z[c] - largest) * scale - t[c];
  }
}

/// The same with one label a row, a whole number in [0, classes) that the caller has checked: values[r] =
/// -log softmax(z[r])[label], gradient[r, c] = p[r, c] - (c == label). labels is [rows]. `gradient` may be `logits` or
/// nullptr.
template <class T>
void sparse_softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* labels, T* values,
                                 std::type_identity_t<T>* gradient) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* z = logits + r * classes;
    const auto label = static_cast<std::int64_t>(labels[r]);
    T largest = z[0];
    for (std::int64_t c = 1; c < classes; ++c) largest = z[c] > largest ? z[c] : largest;
    T total = 0;
    for (std::int64_t c = 0; c < classes; ++c) total += std::exp(z[c] - largest);
    values[r] = std::log(total) - (z[label] - largest);
    if (gradient == nullptr) continue;
    T* dz = gradient + r * classes;
    for (std::int64_t c = 0; c < classes; ++c) dz[c] = std::exp(z[c] - largest) / total;
    dz[label] -= T(1);
  }
}

}  // namespace nacre::kernels
