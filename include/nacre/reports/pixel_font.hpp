#pragma once
// A font of strokes for texts in pictures: printable ASCII, an ellipsis, a check mark and a cross.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <nacre/core/list.hpp>
#include <nacre/reports/utf8.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// A point of a glyph, in tenths of the height of a capital: x to the right, y from the capitals' top down; lines of
/// text stand on y = 10.
struct GlyphPoint {
  double x;
  double y;
};

/// The glyphs from ' ' to '~', then the ellipsis, the check mark and the cross. A glyph is strokes with spaces between
/// them, a stroke is points: a digit for x and a letter for y, 'a' at the top, 'k' on the line. Lower case letters are
/// control points of a quadratic B-spline; the stroke passes through upper case ones, with a corner. A stroke of one
/// point is a dot.
// clang-format off
inline constexpr std::array<std::string_view, 98> glyphs{
    "", "0A0G 0K", "0A0C 2A2C", "2A1K 5A4K 0D6D 0G6G", "6C6a0a0e6g6k0k0I 3A3K", "0C0a3a3e0e0C 4I4g7g7k4k4I 6A1K",
    "7K1c1a5a5d0f0k6k6G", "0A0C", "2A0c0i2L", "0A2c2i0L", "2B2H 0C4G 4C0G", "3D3J 0G6G", "1J0L", "0G4G", "0K",
    "4A0L",                                                                                   // ' ' to '/'
    "0F0a6a6k0k0F", "1C4A4K", "0C0a6a6e0K6K", "0B0a6a6e3E2E 3E6e6k0k0I", "4K4A0H6H", "6A1A0E6d6k0k0I",
    "5A0b0k6k6e0e0G", "0A6A2K", "3E0e0a6a6e3E 3E6e6k0k0e3E", "1K6j6a0a0g6g6E",                // '0' to '9'
    "0E 0K", "1E 1J0L", "6D0G6J", "0E6E 0H6H", "0D6G0J", "0C0a5a5d2F2H 2K", "5G5d2d2h5h5G 5G5i8i8a0a0k6K",  // to '@'
    "0K3A6K 1G5G", "0K0A3A5a5e3E0E 3E6e6k3K0K", "6C6a0a0k6k6I", "0K0A2A6a6k2K0K", "5A0A0K5K 0E4E", "5A0A0K 0E4E",
    "6C6a0a0k6k6F3F", "0A0K 6A6K 0E6E", "0A0K", "4A4G4k0k0H", "0A0K 6A0G 2E6K", "0A0K5K", "0K0A4G8A8K", "0K0A6K6A",
    "0F0a7a7k0k0F", "0K0A3A6a6f3F0F", "0F0a7a7k0k0F 4H7K", "0K0A3A6a6f3F0F 3F6K", "6C6a0a0e6g6k0k0I", "0A6A 3A3K",
    "0A0G0k6k6G6A", "0A3K6A", "0A2K4B6K8A", "0A6K 6A0K", "0A3F6A 3F3K", "0A6A0K6K",          // 'A' to 'Z'
    "2A0A0L2L", "0A4L", "0A2A2L0L", "0D2A4D", "0L5L", "0A1C",                                 // '[' to '`'
    "0E0d5d5G5K 5G0g0k5k5H", "0A0K 0G0d5d5k0k0G", "5E5d0d0k5k5I", "5A5K 5G5d0d0k5k5G", "0G5G5d0d0k5k5I",
    "3A1a1D1K 0D3D", "5D5J5n0n0M 5G5d0d0k5k5G", "0A0K 0G0d5d5G5K", "0D0K 0A", "2D2K2n0N 2A", "0A0K 5D0H 2F5K",
    "0A0I0k2K", "0D0K 0G0d4d4G4K 4G4d8d8G8K", "0D0K 0G0d5d5G5K", "0G0d5d5k0k0G", "0D0N 0G0d5d5k0k0G",
    "5D5N 5G5d0d0k5k5G", "0D0K 0G0d3D", "5E5d0d0f5h5k0k0I", "1A1H1k4K 0D4D", "0D0G0k5k5G 5D5K", "0D3K6D",
    "0D2K4D6K8D", "0D5K 5D0K", "0D3K 6D2N", "0D5D0K5K",                                       // 'a' to 'z'
    "3A1a1f0F 0F1f1l3L", "0A0L", "0A2a2f3F 3F2f2l0L", "0H0f3f3h6h6F",                         // '{' to '~'
    "0K 3K 6K", "0G2J7C", "0C7J 7C0J"};
// clang-format on

/// The glyph of a character, or glyphs.size() where the font has none.
inline std::size_t glyph_of(char32_t character) {
  if (character >= U' ' && character <= U'~') return character - U' ';
  constexpr std::u32string_view others = U"\u2026\u2713\u2717";
  const std::size_t found = others.find(character);
  return found == std::u32string_view::npos ? glyphs.size() : U'~' - U' ' + 1 + found;
}

/// Whether the font has a glyph for each character of `text`.
inline bool can_draw(std::string_view text) {
  const std::u32string all = characters(text);
  return std::all_of(all.begin(), all.end(), [](char32_t c) { return glyph_of(c) < glyphs.size(); });
}

/// The strokes of a glyph as lines from point to point.
inline List<List<GlyphPoint>> strokes_of(std::string_view glyph) {
  List<List<GlyphPoint>> strokes;
  while (!glyph.empty()) {
    const std::string_view stroke = glyph.substr(0, glyph.find(' '));
    glyph.remove_prefix(std::min(glyph.size(), stroke.size() + 1));
    List<GlyphPoint> controls;
    for (std::size_t at = 0; at + 1 < stroke.size(); at += 2) {
      const char letter = stroke[at + 1];
      const bool corner = letter < 'a';
      const GlyphPoint point{static_cast<double>(stroke[at] - '0'), static_cast<double>(letter - (corner ? 'A' : 'a'))};
      controls.insert(controls.end(), corner ? 2 : 1, point);  // twice the same, and the spline passes through it
    }
    List<GlyphPoint> line{controls.front()};
    for (std::size_t c = 1; c + 1 < controls.size(); ++c) {
      const GlyphPoint from = line.back();
      const GlyphPoint control = controls[c];
      const GlyphPoint to{(control.x + controls[c + 1].x) / 2, (control.y + controls[c + 1].y) / 2};
      constexpr int pieces = 8;
      for (int piece = 1; piece <= pieces; ++piece) {
        const double t = static_cast<double>(piece) / pieces;
        const double a = (1 - t) * (1 - t);
        const double b = 2 * t * (1 - t);
        line.push_back({a * from.x + b * control.x + t * t * to.x, a * from.y + b * control.y + t * t * to.y});
      }
    }
    strokes.push_back(std::move(line));
  }
  return strokes;
}

/// How far the next character stands behind this one, in tenths of a capital's height. Digits are equally wide.
inline double advance_of(char32_t character) {
  constexpr double gap = 3;
  if (character == U' ') return 4.5;
  if (character >= U'0' && character <= U'9') return 6 + gap;
  const std::size_t glyph = glyph_of(character);
  if (glyph == glyphs.size()) return 6 + gap;
  char width = '0';
  for (const char part : glyphs[glyph]) {
    if (part >= '0' && part <= '9') width = std::max(width, part);
  }
  return width - '0' + gap;
}

/// Half of how thick strokes are, in tenths of a capital's height.
inline constexpr double stroke_radius = 0.7;

/// The width of a text whose capitals are `size` pixels high.
inline double pixel_text_width(std::string_view text, double size) {
  double width = 0;
  for (const char32_t character : characters(text)) width += advance_of(character);
  return std::max(0.0, width - 3 + 2 * stroke_radius) * size / 10;
}

}  // namespace nacre::reports::detail
