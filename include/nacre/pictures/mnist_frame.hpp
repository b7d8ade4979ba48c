#pragma once
// How MNIST frames a digit: fitted into 20 x 20 pixels, its centre of mass in the middle of 28 x 28. LeCun, Bottou,
// Bengio and Haffner, "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86 (1998),
// section III.A.

#include <nacre/core/version.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

inline constexpr int frame_side = 28;
inline constexpr int framed_side = 20;  ///< of the digit's box in the frame

/// Where the upper left corner of a digit's box lies in the frame.
struct FramePlace {
  int top;
  int left;
};

/// The place for ink of `height` rows of `width` pixels that brings the centre of its mass to the middle of the frame,
/// as far as the box stays inside.
inline FramePlace place_in_frame(std::span<const float> ink, int height, int width) {
  double mass = 1e-9;
  double mass_x = 0;
  double mass_y = 0;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const double value = double{ink[static_cast<std::size_t>(row * width + column)]};
      mass += value;
      mass_x += value * (column + 0.5);
      mass_y += value * (row + 0.5);
    }
  }
  const auto shift = [](double centre, int size) {
    return std::clamp(static_cast<int>(std::lround(frame_side / 2.0 - centre)), 0, frame_side - size);
  };
  return {shift(mass_y / mass, height), shift(mass_x / mass, width)};
}

}  // namespace nacre::datasets::detail
