#pragma once
// Which of a picture's ink is the digit: connected parts, without specks, edges of the page and other things.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Rows and columns from `top` and `left` up to, not including, `bottom` and `right`.
struct InkBox {
  int top = 0;
  int left = 0;
  int bottom = 0;
  int right = 0;

  int height() const { return bottom - top; }
  int width() const { return right - left; }
  int longer_side() const { return std::max(height(), width()); }

  void include(int y, int x) {
    if (bottom == top) *this = {y, x, y + 1, x + 1};
    *this = {std::min(top, y), std::min(left, x), std::max(bottom, y + 1), std::max(right, x + 1)};
  }
};

/// How far two boxes are apart; 0 where they touch or overlap.
inline int gap(const InkBox& a, const InkBox& b) {
  const int columns = std::max({a.left - b.right, b.left - a.right, 0});
  const int rows = std::max({a.top - b.bottom, b.top - a.bottom, 0});
  return std::max(columns, rows);
}

/// Ink that hangs together.
struct InkPart {
  List<std::size_t> pixels;  ///< their places in the plane
  InkBox box;
  double mass = 0;      ///< all its ink
  double depth = 0;     ///< the same, but that faint ink, as the rest of a shadow is, hardly counts
  int edge_pixels = 0;  ///< how many of its pixels lie at the picture's edge
};

/// The parts of more than `threshold` ink, connected by sides and corners.
inline List<InkPart> ink_parts(const Plane& ink, float threshold) {
  std::vector<char> waiting(ink.values.size());
  for (std::size_t i = 0; i < waiting.size(); ++i) waiting[i] = ink.values[i] > threshold;
  List<InkPart> parts;
  const auto width = static_cast<std::size_t>(ink.width);
  for (std::size_t start = 0; start < waiting.size(); ++start) {
    if (!waiting[start]) continue;
    InkPart& part = parts.emplace_back();
    part.pixels.push_back(start);
    waiting[start] = 0;
    for (std::size_t next = 0; next < part.pixels.size(); ++next) {
      const int y = static_cast<int>(part.pixels[next] / width);
      const int x = static_cast<int>(part.pixels[next] % width);
      part.mass += ink.at(y, x);
      part.depth += std::pow(std::min(ink.at(y, x), 1.0f), 4);
      part.box.include(y, x);
      part.edge_pixels += y == 0 || x == 0 || y == ink.height - 1 || x == ink.width - 1;
      for (int v = std::max(y - 1, 0); v < std::min(y + 2, ink.height); ++v) {
        for (int u = std::max(x - 1, 0); u < std::min(x + 2, ink.width); ++u) {
          if (std::exchange(waiting[ink.index(v, u)], char{0})) part.pixels.push_back(ink.index(v, u));
        }
      }
    }
  }
  return parts;
}

/// Whether the picture cuts a part off along more than strokes are wide, as it does with a table next to the paper.
inline bool is_cut_off(const InkPart& part, const Plane& ink) {
  return part.edge_pixels > 0.05 * 2 * (ink.height + ink.width);
}

/// How much a part may be the digit that the picture is of: less where it reaches the edge, least where it is cut off.
inline double wholeness(const InkPart& part, const Plane& ink) {
  return part.edge_pixels == 0 ? 1.0 : is_cut_off(part, ink) ? 0.1 : 0.5;
}

/// The most prominent part with those that belong to it: near, as the bar of a 5 is, as dark, and more than specks.
inline List<InkPart> digit_parts(List<InkPart> parts, const Plane& ink) {
  const auto main = std::max_element(parts.begin(), parts.end(), [&](const InkPart& a, const InkPart& b) {
    return a.depth * wholeness(a, ink) < b.depth * wholeness(b, ink);
  });
  if (main == parts.end()) return {};
  std::iter_swap(parts.begin(), main);
  List<InkPart> digit;
  digit.push_back(std::move(parts.front()));
  const InkBox box = digit.front().box;
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    const bool near = gap(part->box, box) <= 0.2 * box.longer_side();
    const bool speck = part->mass < 0.04 * digit.front().mass;
    const bool larger = part->box.longer_side() > 1.5 * box.longer_side();
    const bool pale = part->depth * digit.front().mass < 0.4 * part->mass * digit.front().depth;
    if (near && !speck && !pale && !larger && !is_cut_off(*part, ink)) digit.push_back(std::move(*part));
  }
  return digit;
}

}  // namespace nacre::datasets::detail
