#pragma once
// A writer of SVG (W3C, Scalable Vector Graphics 1.1): the few elements that charts are made of.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/number_text.hpp>
#include <nacre/reports/palette.hpp>
#include <nacre/reports/utf8.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// A place in a drawing, in pixels to the right and down.
struct Point {
  double x;
  double y;
};

/// How a text is set.
struct TextStyle {
  double size = 12;                   ///< of the font, in pixels
  std::string_view css = "ink";       ///< classes of `chart_style`
  std::string_view anchor = "start";  ///< which end of the text stands at its place: "start", "middle" or "end"
  double angle = 0;                   ///< clockwise, in degrees, around its place
};

/// About the width of a text: fonts differ, so it is that of a wide one.
inline double text_width(std::string_view text, double size) {
  double width = 0;
  for (const char32_t character : characters(text)) {
    const auto is_one_of = [&](std::u32string_view set) { return set.find(character) != std::u32string_view::npos; };
    width += is_one_of(U" ijlI.,:;'|!()[]ft\u00B7") ? 0.37
             : is_one_of(U"mwMW@%\u2026")           ? 0.95
             : character >= 0x1100                  ? 1.0
             : character >= 'A' && character <= 'Z' ? 0.7
                                                    : 0.61;
  }
  return width * size;
}

/// `text` as XML may hold it. Characters that XML has no place for become U+FFFD.
inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char32_t character : characters(text)) {
    // clang-format off
    switch (character) {
      case U'&': out += "&amp;"; break;
      case U'<': out += "&lt;"; break;
      case U'>': out += "&gt;"; break;
      case U'"': out += "&quot;"; break;
      case U'\t': case U'\n': case U'\r': out += ' '; break;
      default:
        const bool foreign = character < 0x20 || character == 0xFFFE || character == 0xFFFF;
        out += to_utf8(std::u32string(1, foreign ? replacement_character : character));
    }
    // clang-format on
  }
  return out;
}

/// A coordinate, to a hundredth of a pixel.
inline std::string coordinate(double value) {
  const std::string number = trimmed(fixed(value, 2));
  return number == "-0" ? "0" : number;
}

/// A chart as it is written, element after element. Lengths are pixels from the upper left corner.
class Svg {
 public:
  /// @param title  what the chart shows, for readers who cannot see it.
  Svg(double width, double height, std::string_view title) {
    const std::string w = coordinate(width);
    const std::string h = coordinate(height);
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nacre\" role=\"img\" width=\"" + w + "\" height=\"" + h +
           "\" viewBox=\"0 0 " + w + " " + h +
           "\" font-family=\"-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif\">\n<title>" +
           escaped(title) + "</title>\n<style>" + std::string(chart_style) + "</style>\n";
    rect(0.5, 0.5, width - 1, height - 1, "surface", {.radius = 8});
  }

  void text(double x, double y, std::string_view content, const TextStyle& style = {}) {
    open("text", {{"x", x}, {"y", y}, {"font-size", style.size}}, style.css);
    if (style.anchor != "start") attribute("text-anchor", style.anchor);
    if (style.angle != 0) {
      attribute("transform", "rotate(" + coordinate(style.angle) + " " + coordinate(x) + " " + coordinate(y) + ")");
    }
    out_ += ">" + escaped(content) + "</text>\n";
  }

  void line(Point from, Point to, std::string_view css) {
    open("line", {{"x1", from.x}, {"y1", from.y}, {"x2", to.x}, {"y2", to.y}}, css);
    out_ += "/>\n";
  }

  struct RectStyle {
    double opacity = 1;
    double radius = 0;
  };
  void rect(double x, double y, double width, double height, std::string_view css, const RectStyle& style) {
    open("rect", {{"x", x}, {"y", y}, {"width", width}, {"height", height}}, css);
    if (style.radius > 0) attribute("rx", coordinate(style.radius));
    if (style.opacity < 1) attribute("fill-opacity", coordinate(style.opacity));
    out_ += "/>\n";
  }
  void rect(double x, double y, double width, double height, std::string_view css) {
    rect(x, y, width, height, css, RectStyle());
  }

  void circle(Point centre, double radius, std::string_view css) {
    open("circle", {{"cx", centre.x}, {"cy", centre.y}, {"r", radius}}, css);
    out_ += "/>\n";
  }

  void polyline(const List<Point>& points, std::string_view css) {
    std::string list;
    for (const Point& point : points) {
      if (!list.empty()) list += ' ';
      list.append(coordinate(point.x)).append(1, ',').append(coordinate(point.y));
    }
    open("polyline", {}, css);
    attribute("points", list);
    out_ += "/>\n";
  }

  Figure figure() && { return Figure(Figure::Format::svg, std::move(out_) + "</svg>\n"); }

 private:
  void open(std::string_view element, std::initializer_list<std::pair<std::string_view, double>> numbers,
            std::string_view css) {
    out_ += "<";
    out_ += element;
    for (const auto& [name, value] : numbers) attribute(name, coordinate(value));
    attribute("class", css);
  }

  void attribute(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"").append(value).append("\"");
  }

  std::string out_;
};

}  // namespace nacre::reports::detail
