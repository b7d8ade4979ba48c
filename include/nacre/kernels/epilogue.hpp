#pragma once
// The end of a layer that multiplies: output = activation(z), where z are products plus bias.

#include <cstdint>

#include <nacre/kernels/activation.hpp>
#include <nacre/kernels/elementwise.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Where a task's products go and what becomes of them. A plain relu is left to the tiles of the products; other
/// activations are a pass over a block of z that is still in cache.
template <class T>
struct Epilogue {
  const Activation& activation;
  T* output;
  T* before;  ///< takes z, where the activation's derivative needs it; nullptr: z is overwritten by the output

  /// Where the products and the bias go.
  T* products() const { return before == nullptr ? output : before; }

  /// Whether the products end in max(z, 0) themselves.
  bool is_relu() const { return activation == relu; }

  /// `rows` rows of `columns` elements of the output, `distance` apart, the first of which is element `first`.
  void finish(std::int64_t first, std::int64_t rows, std::int64_t columns, std::int64_t distance) const {
    if (activation == linear || is_relu()) return;
    const T* z = products() + first;
    T* y = output + first;
    if (columns == distance) return activate_rows(activation, rows, columns, z, y);
    for (std::int64_t row = 0; row < rows; ++row) {
      activate_rows(activation, 1, columns, z + row * distance, y + row * distance);
    }
  }
};

}  // namespace nacre::kernels
