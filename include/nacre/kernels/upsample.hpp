#pragma once
// Enlarging an axis by interpolation, and the gradient. Each new cell is a weighted sum of the old ones near its
// centre; its place among them is (i + 1/2) / factor - 1/2. Weights of cells outside of the axis are left out, and the
// others divided by their sum, as in Keras' image.resize.

#include <cstdint>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/range.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// How cells near a place are weighed: Keys, "Cubic convolution interpolation for digital image processing", 1981, with
/// a = -1/2; Lanczos' windowed sinc of 3 and 5 lobes.
enum class Interpolation : std::uint8_t { bilinear, bicubic, lanczos3, lanczos5 };

/// An axis of `size` cells that gets `factor` times as many.
struct UpsampleAxis {
  std::int64_t size = 1;
  std::int64_t factor = 1;
  std::int64_t reach = 1;  ///< cells on each side that have weight

  UpsampleAxis(std::int64_t cells, std::int64_t times, Interpolation interpolation);

  std::int64_t taps() const { return 2 * reach; }
  /// The first cell that new cell `index` sees; it may lie before the axis.
  std::int64_t first(std::int64_t index) const {
    const std::int64_t twice = 2 * index + 1 - factor;  // the place, times 2 factor
    const std::int64_t below = twice >= 0 ? twice / (2 * factor) : -((2 * factor - 1 - twice) / (2 * factor));
    return below - reach + 1;
  }
  /// Those of its taps that lie in the axis.
  Range valid(std::int64_t first) const {
    return {first < 0 ? -first : 0, first + taps() > size ? size - first : taps()};
  }
};

/// weights [size * factor, taps]: those of each new cell; 0 where a tap lies outside of the axis.
template <class T>
void upsample_weights(const UpsampleAxis& axis, Interpolation interpolation, T* weights);

/// y [outer, size * factor, inner] of x [outer, size, inner].
template <class T>
void upsample(const UpsampleAxis& axis, std::int64_t outer, std::int64_t inner, const T* weights, const T* x, T* y);

/// dx of dy, written whole.
template <class T>
void upsample_gradient(const UpsampleAxis& axis, std::int64_t outer, std::int64_t inner, const T* weights, const T* dy,
                       T* dx);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/upsample-inl.hpp>
#endif
