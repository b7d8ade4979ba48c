#pragma once
// The softmax of attention: scores are scaled, and masked, on the way.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// What is added to the scores of places that are masked, as Keras does.
inline constexpr double masked_score = -1e9;

/// In place: each row of scores [rows, columns] becomes softmax(scale scores + terms). `terms` [rows, columns], zeros
/// and `masked_score`, may be nullptr.
template <class T>
void attention_softmax(std::int64_t rows, std::int64_t columns, std::type_identity_t<T> scale,
                       const std::type_identity_t<T>* terms, T* scores);

/// In place: the gradient of the probabilities becomes that of the scores.
template <class T>
void attention_softmax_gradient(std::int64_t rows, std::int64_t columns, std::type_identity_t<T> scale,
                                const T* probabilities, T* gradient);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/attention-inl.hpp>
#endif
