#pragma once
// Cross-entropy of probabilities, as CategoricalCrossentropy and SparseCategoricalCrossentropy compute it where they
// are not given logits.

#include <nacre/core/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Keras' `epsilon()`: probabilities nearer to 0 or 1 than this are cut before their logarithm is taken.
inline constexpr double probability_margin = 1e-7;

/// One row: q[c] = p[c] / sum(p), cut to [margin, 1 - margin]; returns -sum_c target(c) log q[c] and, unless `gradient`
/// is nullptr, writes the gradient by p of exactly this: a q that was cut has none, and the division by the sum is part
/// of it. Keras' `categorical_crossentropy`.
template <class T, class Target>
T probability_crossentropy(std::int64_t classes, const T* probabilities, const Target& target, T* gradient) {
  const T low = static_cast<T>(probability_margin);
  const T high = T(1) - low;
  T sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) sum += probabilities[c];
  T value = 0;
  T dot = 0;
  for (std::int64_t c = 0; c < classes; ++c) {
    const T t = target(c);
    const T q = probabilities[c] / sum;
    // A target of 0 adds nothing, and skipping it saves a logarithm; a NaN must still show.
    if (t != T(0) || q != q) value -= t * std::log(std::clamp(q, low, high));
    const bool cut = q < low || q > high;
    const T slope = cut ? T(0) : -t / q;
    dot += slope * q;
    if (gradient != nullptr) gradient[c] = slope;
  }
  if (gradient != nullptr) {
    for (std::int64_t c = 0; c < classes; ++c) gradient[c] = (gradient[c] - dot) / sum;
  }
  return value;
}

}  // namespace nacre::detail
