#pragma once
// The pieces of HTML that a page is put together from.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/reports/number_text.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

using reports::detail::escaped;  // for elements and for attributes in double quotes
using reports::detail::fixed;
using reports::detail::percent;

/// JSON that may stand inside a script element: without "<" nothing in it can end the element or begin a comment.
inline std::string escape_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

/// "1 image", "2 images".
inline std::string counted(std::int64_t count, std::string_view what) {
  return nacre::detail::grouped(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

/// A time for people: "0.42 ms", "12.3 s", "2 min 5 s", "1 h 3 min".
inline std::string readable_seconds(double seconds) {
  if (seconds < 1) return fixed(1000 * seconds, seconds < 0.01 ? 2 : 1) + " ms";
  if (seconds < 60) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 3600) return text(whole / 60, " min ", whole % 60, " s");
  return text(whole / 3600, " h ", whole % 3600 / 60, " min");
}

/// A part of the page under a heading: a sentence or two that say what it shows and how to read it, and the thing
/// itself. `heading` and `explanation` are HTML.
inline std::string section(std::string_view id, std::string_view heading, std::string_view explanation,
                           std::string_view body) {
  return text("<section id=\"", id, "\" aria-labelledby=\"", id, "-heading\">\n<h2 id=\"", id, "-heading\">", heading,
              "</h2>\n<p class=\"explanation\">", explanation, "</p>\n", body, "</section>\n");
}

using Row = std::vector<std::string>;

/// A table in a box that scrolls by itself where it is wider than the page. `alignment` has a letter a column: l or r
/// for left and right, p for sentences. Cells are HTML; the first of each row is its heading.
inline std::string table(std::string_view label, std::string_view alignment, const Row& head, const List<Row>& rows) {
  const auto cell = [&](std::string_view tag, std::size_t column, const std::string& content) {
    const char kind = alignment[column];
    return text("<", tag,
                kind == 'r'   ? " class=\"number\">"
                : kind == 'p' ? " class=\"prose\">"
                              : ">",
                content, "</", tag.substr(0, tag.find(' ')), ">");
  };
  std::string out =
      text("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", label, "\"><table>\n<thead><tr>");
  for (std::size_t c = 0; c < head.size(); ++c) out += cell("th scope=\"col\"", c, head[c]);
  out += "</tr></thead>\n<tbody>\n";
  for (const Row& row : rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) out += cell(c == 0 ? "th scope=\"row\"" : "td", c, row[c]);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

/// A place that a script fills with pictures.
inline std::string gallery(std::string_view id) { return text("<div class=\"gallery\" id=\"", id, "\"></div>\n"); }

}  // namespace nacre::reports::page
