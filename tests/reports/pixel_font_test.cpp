// The font of pictures: every character that it promises has strokes inside of its place.

#include "catch.hpp"

#include <nacre/reports/pixel_font.hpp>

using namespace nacre::reports::detail;

TEST_CASE("Every printable character has strokes of its own within its place") {
  for (std::size_t glyph = 1; glyph < glyphs.size(); ++glyph) {
    CAPTURE(glyph, glyphs[glyph]);
    const auto strokes = strokes_of(glyphs[glyph]);
    CHECK_FALSE(strokes.empty());
    for (const auto& stroke : strokes) {
      for (const GlyphPoint& point : stroke) {
        CHECK(point.x >= 0);
        CHECK(point.x <= 8);
        CHECK(point.y >= 0);
        CHECK(point.y <= 13);
      }
    }
    for (std::size_t other = 0; other < glyph; ++other) CHECK(glyphs[glyph] != glyphs[other]);
  }
}

TEST_CASE("A stroke passes through its corners and bends at its control points") {
  const auto straight = strokes_of("0A4K");
  REQUIRE(straight.size() == 1);
  CHECK(straight[0].front().y == 0);
  CHECK(straight[0].back().x == 4);
  CHECK(straight[0].back().y == 10);
  const auto bent = strokes_of("0A4a4K");  // from (0, 0) towards (4, 0), and then down
  for (const GlyphPoint& point : bent[0]) CHECK((point.y == 0 || point.x > 0));
  CHECK(strokes_of("0A 2A2C").size() == 2);
}

TEST_CASE("Texts are as wide as their characters, digits equally wide") {
  CHECK(pixel_text_width("111", 10) == Approx(pixel_text_width("888", 10)));
  CHECK(pixel_text_width("ab", 20) == Approx(2 * pixel_text_width("ab", 10)));
  CHECK(pixel_text_width("W", 10) > pixel_text_width("i", 10));
  CHECK(pixel_text_width("", 10) >= 0);
}

TEST_CASE("The font knows what it cannot draw") {
  CHECK(can_draw("abc XYZ 0123 ~!@\u2026\u2713\u2717"));
  CHECK_FALSE(can_draw("\u732B"));
  CHECK_FALSE(can_draw("tab\t"));
  CHECK_FALSE(can_draw("\xFF"));
}
