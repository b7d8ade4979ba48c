#pragma once
// Canvas: a picture that is drawn on.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <nacre/core/list.hpp>
#include <nacre/data/image.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/palette.hpp>
#include <nacre/reports/pixel_font.hpp>
#include <nacre/reports/png.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// Where and how large something is, in pixels from the upper left corner.
struct Box {
  std::int64_t x;
  std::int64_t y;
  std::int64_t width;
  std::int64_t height;
};

/// A picture in red, green and blue. What lies outside of it is not drawn.
class Canvas {
 public:
  Canvas(std::int64_t width, std::int64_t height, Colour ground) : image_(height, width, 3) {
    fill({0, 0, width, height}, ground);
  }

  void fill(const Box& box, Colour colour) {
    for (std::int64_t y = std::max<std::int64_t>(box.y, 0); y < std::min(box.y + box.height, image_.height); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(box.x, 0); x < std::min(box.x + box.width, image_.width); ++x) {
        blend(y, x, colour, 1);
      }
    }
  }

  /// A frame of `thickness` pixels around `box`, outside of it.
  void frame(const Box& box, std::int64_t thickness, Colour colour) {
    const std::int64_t t = thickness;
    fill({box.x - t, box.y - t, box.width + 2 * t, t}, colour);
    fill({box.x - t, box.y + box.height, box.width + 2 * t, t}, colour);
    fill({box.x - t, box.y, t, box.height}, colour);
    fill({box.x + box.width, box.y, t, box.height}, colour);
  }

  /// A grey or coloured picture, each of its pixels `scale` pixels wide and high.
  void picture(std::int64_t left, std::int64_t top, const Image& picture, std::int64_t scale) {
    for (std::int64_t y = 0; y < picture.height * scale; ++y) {
      for (std::int64_t x = 0; x < picture.width * scale; ++x) {
        for (std::int64_t c = 0; c < 3; ++c) {
          image_.at(top + y, left + x, c) = picture.at(y / scale, x / scale, picture.channels == 3 ? c : 0);
        }
      }
    }
  }

  /// A text that begins at `x` and stands on `baseline`, with capitals of `size` pixels.
  void text(double x, double baseline, std::string_view text, double size, Colour colour) {
    x += stroke_radius * size / 10;
    for (const char32_t character : characters(text)) {
      const std::size_t glyph = glyph_of(character);
      if (glyph < glyphs.size()) this->glyph(x, baseline - size, glyphs[glyph], size / 10, colour);
      x += advance_of(character) * size / 10;
    }
  }

  Figure figure() const { return Figure(Figure::Format::png, encode_png(image_)); }

 private:
  /// Each pixel is covered as much as its distance from the strokes' middle says.
  void glyph(double left, double top, std::string_view glyph, double unit, Colour colour) {
    const double radius = stroke_radius * unit;
    const auto strokes = strokes_of(glyph);
    const auto first_x = static_cast<std::int64_t>(std::floor(left - 2 * unit));
    const auto first_y = static_cast<std::int64_t>(std::floor(top - 2 * unit));
    const auto size = static_cast<std::int64_t>(std::ceil(18 * unit));
    for (std::int64_t y = std::max<std::int64_t>(first_y, 0); y < std::min(first_y + size, image_.height); ++y) {
      for (std::int64_t x = std::max<std::int64_t>(first_x, 0); x < std::min(first_x + size, image_.width); ++x) {
        const GlyphPoint centre{(static_cast<double>(x) + 0.5 - left) / unit,
                                (static_cast<double>(y) + 0.5 - top) / unit};
        double distance = 1e9;
        for (const auto& stroke : strokes) distance = std::min(distance, distance_to(stroke, centre));
        blend(y, x, colour, std::clamp(radius + 0.5 - distance * unit, 0.0, 1.0));
      }
    }
  }

  static double distance_to(const List<GlyphPoint>& line, GlyphPoint point) {
    double least = std::hypot(point.x - line[0].x, point.y - line[0].y);
    for (std::size_t end = 1; end < line.size(); ++end) {
      const GlyphPoint from = line[end - 1];
      const double dx = line[end].x - from.x;
      const double dy = line[end].y - from.y;
      const double length = dx * dx + dy * dy;
      if (length == 0) continue;
      const double along = std::clamp(((point.x - from.x) * dx + (point.y - from.y) * dy) / length, 0.0, 1.0);
      least = std::min(least, std::hypot(point.x - from.x - along * dx, point.y - from.y - along * dy));
    }
    return least;
  }

  void blend(std::int64_t y, std::int64_t x, Colour colour, double coverage) {
    const std::uint8_t parts[] = {colour.red, colour.green, colour.blue};
    for (std::int64_t c = 0; c < 3; ++c) {
      std::uint8_t& part = image_.at(y, x, c);
      const double mixed = part + coverage * (parts[c] - part);
      part = static_cast<std::uint8_t>(std::lround(mixed));
    }
  }

  Image image_;
};

}  // namespace nacre::reports::detail
