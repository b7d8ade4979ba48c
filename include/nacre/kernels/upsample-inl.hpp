#pragma once
// The bodies of upsample.hpp.

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nacre/kernels/upsample.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_NARROW
#define NACRE_SIMD_SOURCE <nacre/kernels/simd/upsample.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

namespace detail {

inline double lanczos(double lobes, double x) {
  if (x >= lobes) return 0;
  if (x < 1e-9) return 1;
  const double angle = std::numbers::pi * x;
  return lobes * std::sin(angle) * std::sin(angle / lobes) / (angle * angle);
}

/// The weight of a cell at distance `x`.
inline double interpolation_weight(Interpolation interpolation, double x) {
  switch (interpolation) {
    case Interpolation::bilinear:
      return std::max(1 - x, 0.0);
    case Interpolation::bicubic:
      if (x <= 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    case Interpolation::lanczos3:
      return lanczos(3, x);
    case Interpolation::lanczos5:
      return lanczos(5, x);
  }
  return 0;
}

}  // namespace detail

NACRE_INLINE UpsampleAxis::UpsampleAxis(std::int64_t cells, std::int64_t times, Interpolation interpolation)
    : size(cells), factor(times) {
  constexpr std::int64_t reaches[] = {1, 2, 3, 5};
  reach = reaches[static_cast<std::size_t>(interpolation)];
}

template <class T>
void upsample_weights(const UpsampleAxis& axis, Interpolation interpolation, T* weights) {
  for (std::int64_t index = 0; index < axis.size * axis.factor; ++index, weights += axis.taps()) {
    const std::int64_t first = axis.first(index);
    const Range valid = axis.valid(first);
    const double place = (static_cast<double>(index) + 0.5) / static_cast<double>(axis.factor) - 0.5;
    const auto weight = [&](std::int64_t tap) {
      return detail::interpolation_weight(interpolation, std::abs(static_cast<double>(first + tap) - place));
    };
    double sum = 0;
    for (std::int64_t tap = valid.first; tap < valid.last; ++tap) sum += weight(tap);
    std::fill_n(weights, axis.taps(), T(0));
    for (std::int64_t tap = valid.first; tap < valid.last; ++tap) weights[tap] = static_cast<T>(weight(tap) / sum);
  }
}

template <class T>
void upsample(const UpsampleAxis& axis, std::int64_t outer, std::int64_t inner, const T* weights, const T* x, T* y) {
  NACRE_SIMD_CALL_NARROW(upsample<T>, axis, outer, inner, weights, x, y);
}

template <class T>
void upsample_gradient(const UpsampleAxis& axis, std::int64_t outer, std::int64_t inner, const T* weights, const T* dy,
                       T* dx) {
  std::fill_n(dx, outer * axis.size * inner, T(0));
  NACRE_SIMD_CALL_NARROW(upsample_gradient<T>, axis, outer, inner, weights, dy, dx);
}

}  // namespace nacre::kernels
