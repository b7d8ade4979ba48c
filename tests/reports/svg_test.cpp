// Svg: whatever a text is, what is written is XML; UTF-8 is read character by character.

#include "figure_testing.hpp"

using namespace nacre::reports::detail;

TEST_CASE("Texts are escaped, and bytes that are no UTF-8 are replaced") {
  CHECK(escaped("a<b & \"c\">") == "a&lt;b &amp; &quot;c&quot;&gt;");
  CHECK(escaped("Schr\u00F6dinger \u732B \U0001F408") == "Schr\u00F6dinger \u732B \U0001F408");
  CHECK(escaped("\x01\t\x7F") == "\uFFFD \x7F");
  CHECK(escaped("\xFF\xC3") == "\uFFFD\uFFFD");
  CHECK(escaped("\xC0\xAF") == "\uFFFD\uFFFD");            // '/' in a longer form than it needs
  CHECK(escaped("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
  CHECK(escaped("\xEF\xBF\xBF") == "\uFFFD");              // U+FFFF is no character
}

TEST_CASE("A text that does not fit ends in an ellipsis") {
  const auto length = [](std::string_view text) { return static_cast<double>(characters(text).size()); };
  CHECK(shortened("\u00E4\u00F6\u00FC", 3, length) == "\u00E4\u00F6\u00FC");
  CHECK(shortened("\u00E4\u00F6\u00FC\u00DF", 3, length) == "\u00E4\u00F6\u2026");
  CHECK(shortened("abc", 0, length) == "");
}

TEST_CASE("A chart is written as XML with its classes") {
  Svg svg(100, 50, "a & b");
  svg.text(10, 20.126, "<x>", {.size = 11, .css = "muted", .anchor = "end", .angle = -90});
  svg.line({0, 1}, {2, 3.5}, "grid");
  svg.rect(1, 2, 3, 4, "blue", {.opacity = 0.5, .radius = 2});
  svg.circle({5, 6}, 7, "ring");
  svg.polyline({{0, 0}, {1, -0.001}}, "line");
  const std::string bytes = std::move(svg).figure().bytes();
  CHECK(figure_testing::xml_fault(bytes) == "");
  CHECK_THAT(bytes, ContainsSubstring("<title>a &amp; b</title>"));
  CHECK_THAT(bytes, ContainsSubstring("<text x=\"10\" y=\"20.13\" font-size=\"11\" class=\"muted\" text-anchor=\"end\" "
                                      "transform=\"rotate(-90 10 20.13)\">&lt;x&gt;</text>"));
  CHECK_THAT(bytes, ContainsSubstring("<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" class=\"blue\" rx=\"2\" "
                                      "fill-opacity=\"0.5\"/>"));
  CHECK_THAT(bytes, ContainsSubstring("points=\"0,0 1,0\""));
  CHECK_THAT(bytes, ContainsSubstring("prefers-color-scheme:dark"));
}

TEST_CASE("The checker of these tests sees what is no XML") {
  CHECK(figure_testing::xml_fault("<a><b/></a>") == "");
  for (const char* wrong : {"<a>", "<a></b>", "<a>&</a>", "<a x=1/>", "<a/><b/>", "<a><</a>", "x<a/>"}) {
    CAPTURE(wrong);
    CHECK(figure_testing::xml_fault(wrong) != "");
  }
}
