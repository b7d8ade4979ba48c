#pragma once
// Softmax over the last axis, alone and together with the cross-entropy of its logits. A row's result depends on that
// row alone. Sums over a row are kept in double.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// probabilities[r, c] = exp(logits[r, c]) / sum_k exp(logits[r, k]), with each row's largest logit subtracted first so
/// that nothing overflows. Both are [rows, classes]. In place allowed.
template <class T>
void softmax(std::int64_t rows, std::int64_t classes, const T* logits, T* probabilities);

/// input_gradient[r, c] = p[r, c] (dp[r, c] - sum_k dp[r, k] p[r, k]), the gradient of the logits from the
/// probabilities p and their gradient dp. All are [rows, classes]. In place allowed.
template <class T>
void softmax_gradient(std::int64_t rows, std::int64_t classes, const T* probabilities, const T* output_gradient,
                      T* input_gradient);

/// Cross-entropy of softmax(logits) with target distributions: values[r] = -sum_c t[r, c] log softmax(z[r])[c], and,
/// unless `gradient` is nullptr, gradient[r, c] = p[r, c] sum_k t[r, k] - t[r, c], the gradient of values[r].
/// logits, targets and gradient are [rows, classes], values is [rows]. A class with target 0 adds nothing to the value,
/// even where its logit is minus infinity. `gradient` may be `logits`.
template <class T>
void softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* targets, T* values,
                          std::type_identity_t<T>* gradient);

/// The same with one label a row, a whole number in [0, classes) that the caller has checked: values[r] =
/// -log softmax(z[r])[label], gradient[r, c] = p[r, c] - (c == label). labels is [rows]. `gradient` may be `logits` or
/// nullptr.
template <class T>
void sparse_softmax_crossentropy(std::int64_t rows, std::int64_t classes, const T* logits, const T* labels, T* values,
                                 std::type_identity_t<T>* gradient);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/softmax-inl.hpp>
#endif
