#pragma once
// From light to ink: the paper, with its shadows, is estimated and removed, be the ink dark or light.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/pictures/digit_parts.hpp>
#include <nacre/pictures/picture_light.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Paper changes slowly: it is estimated in this size.
inline constexpr int paper_side = 160;

/// The mean side of a picture.
inline double side_of(const Plane& plane) {
  return std::sqrt(static_cast<double>(plane.height) * static_cast<double>(plane.width));
}

/// The median of each pixel's square of `radius`.
inline Plane median(const Plane& plane, int radius) {
  Plane result(plane.height, plane.width);
  std::vector<float> values;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      values.clear();
      for (int v = std::max(y - radius, 0); v < std::min(y + radius + 1, plane.height); ++v) {
        for (int u = std::max(x - radius, 0); u < std::min(x + radius + 1, plane.width); ++u) {
          values.push_back(plane.at(v, u));
        }
      }
      const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
      std::nth_element(values.begin(), middle, values.end());
      result.at(y, x) = *middle;
    }
  }
  return result;
}

/// How prominent the parts of a picture are that depart from what is around them, to the light (`sign` 1) or to the
/// dark (-1).
inline double departure(const Plane& light, const Plane& around, float sign) {
  Plane squares(light.height, light.width);
  const float scale = sign / std::max(contrast(light), 1e-6f);
  for (std::size_t i = 0; i < squares.values.size(); ++i) {
    const float difference = std::max(scale * (light.values[i] - around.values[i]), 0.0f);
    squares.values[i] = difference * difference;
  }
  double sum = 0;
  for (const InkPart& part : ink_parts(squares, 0.01f)) sum += part.mass * wholeness(part, squares);
  return sum;
}

/// How light the picture's edge is, where there is paper mostly: 0 as its darkest parts, 1 as its lightest.
inline float lightness_of_edge(const Plane& light) {
  std::vector<float> edge;
  for (int y = 0; y < light.height; ++y) {
    for (int x = 0; x < light.width; ++x) {
      if (y == 0 || x == 0 || y == light.height - 1 || x == light.width - 1) edge.push_back(light.at(y, x));
    }
  }
  const float darkest = quantile(light.values, 0.002);
  return std::clamp((quantile(std::move(edge), 0.5) - darkest) / std::max(contrast(light), 1e-6f), 0.0f, 1.0f);
}

/// The logarithm of light, in which a shadow is the same difference everywhere.
inline Plane logarithm(Plane light) {
  for (float& value : light.values) value = std::log(value + 0.08f);
  return light;
}

/// How far the lightest points of a picture depart from what is around them, by how far the darkest do: fine strokes do
/// more than shadows, whose edges depart as far to either side.
inline double lightness_of_points(const Plane& light) {
  Plane points = logarithm(median(scaled(light, 1, paper_side), 1));
  const Plane around = blurred(points, 6);
  for (std::size_t i = 0; i < points.values.size(); ++i) points.values[i] -= around.values[i];
  const double lightest = std::max(quantile(points.values, 0.9995), 1e-3f);
  const double darkest = std::max(-quantile(points.values, 0.0005), 1e-3f);
  return lightest / darkest;
}

/// Whether the ink is lighter than the paper. Three things tell: ink is the rarer of the two around most places, so
/// that it departs from the median there more than paper does; its strokes have the most extreme points; and it is
/// unlike the picture's edge, as the white inside of a bold 0 is not.
inline bool is_light_on_dark(const Plane& light) {
  const Plane small = logarithm(scaled(light, 1, 48));
  const Plane around = median(small, std::max(1, static_cast<int>(std::lround(0.16 * side_of(small)))));
  const double points = std::pow(lightness_of_points(light), 4);
  const float edge = lightness_of_edge(small);
  const double unlike_edge = edge < 0.2f ? 10 : edge > 0.8f ? 0.1 : 1;  // between them, shadows lie on the edge
  return unlike_edge * points * departure(small, around, 1) > departure(small, around, -1);
}

/// What the paper would look like without ink, which is darker: a morphological closing, wider than any stroke, fills
/// what is dark and narrow and leaves gradients and the edges of shadows.
inline Plane paper_of(const Plane& light) {
  const Plane small = scaled(light, 1, paper_side);
  const int radius = static_cast<int>(std::ceil(0.15 * side_of(small)));
  // The median takes away noise, and leaves the edges of shadows sharp, as the closing does.
  const Plane closed = eroded(dilated(median(small, 1), radius), radius);
  return resized(closed, light.height, light.width);
}

/// The ink of a picture: 0 is paper, 1 is where no light comes back at all.
inline Plane ink_of(Plane light) {
  if (is_light_on_dark(light)) {
    for (float& value : light.values) value = 1 - value;
  }
  const Plane paper = paper_of(light);
  Plane ink(light.height, light.width);
  for (std::size_t i = 0; i < ink.values.size(); ++i) {
    ink.values[i] = std::clamp(1 - light.values[i] / std::max(paper.values[i], 0.05f), 0.0f, 1.0f);
  }
  return ink;
}

}  // namespace nacre::datasets::detail
