#pragma once
// A digit's ink as MNIST frames it: 20 pixels high or wide, with strokes as wide as a pen makes them there, centred by
// its mass in 28 x 28.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/digit_parts.hpp>
#include <nacre/pictures/mnist_frame.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// The digit is worked on in pixels of a quarter of MNIST's.
inline constexpr int fineness = 4;

/// More is ink, less is what lies around it.
inline constexpr float ink_threshold = 0.5f;

inline bool has_ink(const Plane& plane) {
  return std::any_of(plane.values.begin(), plane.values.end(), [](float value) { return value > ink_threshold; });
}

/// The smallest box around all ink; empty where there is none.
inline InkBox box_around(const Plane& ink) {
  InkBox box;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (ink.at(y, x) > ink_threshold) box.include(y, x);
    }
  }
  return box;
}

/// The part of the plane in the box, which may reach over its edges, to where there is no ink.
inline Plane cropped(const Plane& plane, const InkBox& box) {
  Plane result(box.height(), box.width());
  for (int y = 0; y < result.height; ++y) {
    for (int x = 0; x < result.width; ++x) result.at(y, x) = plane.or_zero(box.top + y, box.left + x);
  }
  return result;
}

/// The digit alone, its longer side `side` pixels. Throws ValueError where nothing is ink.
inline Plane fitted(const Plane& digit, int side) {
  const InkBox box = box_around(digit);
  require<ValueError>(box.longer_side() > 0, "prepare_digit: found no digit: no ink is left of the strokes in ", side,
                      " pixels; draw them bolder, or make the picture smaller");
  return scaled(cropped(digit, box), side, side);
}

/// Mean width of the strokes, in pixels: twice the ink's area by the length of its outline. Steps between pixels make
/// an outline longer than the curve they follow, by 4 / pi on average over all directions.
inline double stroke_width(const Plane& ink) {
  double area = 0;
  double steps = 0;
  const auto is_ink = [&](int y, int x) { return ink.or_zero(y, x) > ink_threshold; };
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      if (!is_ink(y, x)) continue;
      area += 1;
      steps += !is_ink(y - 1, x) + !is_ink(y + 1, x) + !is_ink(y, x - 1) + !is_ink(y, x + 1);
    }
  }
  return steps > 0 ? 2 * area / (steps * 0.7853981634) : 0;
}

/// The greatest (`grow`) or least value of each pixel's disc: strokes become wider or thinner by twice its radius.
inline Plane over_discs(const Plane& ink, int radius, bool grow) {
  Plane result(ink.height, ink.width);
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      float value = ink.at(y, x);
      for (int v = -radius; v <= radius; ++v) {
        for (int u = -radius; u <= radius; ++u) {
          if (v * v + u * u > radius * radius + 1) continue;
          const float other = ink.or_zero(y + v, x + u);
          value = grow ? std::max(value, other) : std::min(value, other);
        }
      }
      result.at(y, x) = value;
    }
  }
  return result;
}

/// The same digit, its strokes between `thinnest` and `boldest` of MNIST's pixels wide, if they were not. Holes in a
/// bold shape grow as it becomes thinner, and would leave nothing of it: it becomes as thin as it can.
inline Plane with_usual_strokes(const Plane& ink, double thinnest, double boldest) {
  const double width = stroke_width(ink) / fineness;
  const double wanted = std::clamp(width, thinnest, boldest);
  int radius = static_cast<int>(std::lround(std::abs(wanted - width) / 2 * fineness));
  const bool grow = wanted > width;
  Plane result = over_discs(ink, radius, grow);
  while (!grow && radius > 0 && !has_ink(result)) result = over_discs(ink, --radius, grow);
  return result;
}

/// The digit's ink, 0 to 1, in the middle of a frame of 28 x 28 pixels of 0 to 255.
inline Image framed(const Plane& ink) {
  const auto [top, left] = place_in_frame(ink.values, ink.height, ink.width);
  const float brightest = std::max(quantile(ink.values, 0.98), 0.2f);
  Image image(frame_side, frame_side);
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const float value = std::min(ink.at(y, x) / brightest, 1.0f);
      image.at(top + y, left + x) = static_cast<std::uint8_t>(std::lround(255 * value));
    }
  }
  return image;
}

}  // namespace nacre::datasets::detail
