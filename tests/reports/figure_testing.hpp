#pragma once
// What the tests of figures look at them with: a small reader of the SVG that nacre writes, and libpng for the
// pictures.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if defined(NACRE_HAVE_PNG)
#include <png.h>
#endif

#include "catch.hpp"

#include <nacre/core/xtensor.hpp>
#include <nacre/data/image.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/svg.hpp>

namespace figure_testing {

using nacre::reports::Classification;
using nacre::reports::Figure;

/// What is wrong with `xml` as a document of elements, attributes and text; empty if nothing is.
inline std::string xml_fault(const std::string& xml) {
  static const std::regex tag(R"RE(^<(/?)([A-Za-z]+)((?: [A-Za-z][A-Za-z0-9:-]*="[^"<]*")*)(/?)>)RE");
  static const std::regex entity(R"(^&(amp|lt|gt|quot);)");
  std::vector<std::string> open;
  bool had_root = false;
  for (std::size_t at = 0; at < xml.size();) {
    std::smatch found;
    const auto rest = xml.cbegin() + static_cast<std::ptrdiff_t>(at);
    const auto end = rest + static_cast<std::ptrdiff_t>(std::min<std::size_t>(xml.size() - at, 20000));
    if (xml[at] == '<') {
      if (!std::regex_search(rest, end, found, tag)) return "a broken tag: " + xml.substr(at, 80);
      if (open.empty() && had_root) return "a second root";
      had_root = true;
      if (found[1].length() > 0) {
        if (open.empty() || open.back() != found[2]) return "a tag that closes nothing: " + found.str();
        open.pop_back();
      } else if (found[4].length() == 0) {
        open.push_back(found[2]);
      }
      at += static_cast<std::size_t>(found.length());
    } else if (xml[at] == '&') {
      if (!std::regex_search(rest, end, found, entity)) return "a broken entity: " + xml.substr(at, 20);
      at += static_cast<std::size_t>(found.length());
    } else {
      const auto byte = static_cast<unsigned char>(xml[at]);
      if (byte < 0x20 && xml[at] != '\n') return "a control character";
      if (open.empty() && xml[at] != '\n') return "text outside of the root";
      ++at;
    }
  }
  return open.empty() ? "" : "an open tag: " + open.back();
}

inline std::string attribute(const std::string& tag, const std::string& name, const std::string& otherwise = "") {
  std::smatch found;
  return std::regex_search(tag, found, std::regex(" " + name + "=\"([^\"]*)\"")) ? found[1].str() : otherwise;
}

inline double number(const std::string& tag, const std::string& name) {
  return std::strtod(attribute(tag, name, "0").c_str(), nullptr);
}

/// All tags of an element, such as "circle".
inline std::vector<std::string> tags(const std::string& svg, const std::string& element) {
  std::vector<std::string> all;
  const std::regex tag("<" + element + "(?= )[^>]*>");
  for (std::sregex_iterator it(svg.begin(), svg.end(), tag), end; it != end; ++it) all.push_back(it->str());
  return all;
}

/// How many tags of an element are of a class.
inline std::size_t count_of(const std::string& svg, const std::string& element, const std::string& css) {
  std::size_t count = 0;
  for (const std::string& tag : tags(svg, element)) {
    count += (" " + attribute(tag, "class") + " ").find(" " + css + " ") != std::string::npos;
  }
  return count;
}

struct Text {
  std::string tag;
  std::string content;
};

inline std::vector<Text> texts(const std::string& svg) {
  std::vector<Text> all;
  static const std::regex element("(<text [^>]*>)([^<]*)</text>");
  for (std::sregex_iterator it(svg.begin(), svg.end(), element), end; it != end; ++it) {
    all.push_back({(*it)[1].str(), (*it)[2].str()});
  }
  return all;
}

inline bool has_text(const std::string& svg, const std::string& content) {
  for (const Text& text : texts(svg)) {
    if (text.content == content) return true;
  }
  return false;
}

/// Checks what holds for every chart: it is XML, and no text leaves it.
inline void check_chart(const Figure& figure) {
  const std::string& svg = figure.bytes();
  CHECK(figure.format() == Figure::Format::svg);
  CHECK(xml_fault(svg) == "");
  const std::string root = tags(svg, "svg").at(0);
  const double width = number(root, "width");
  const double height = number(root, "height");
  CHECK(attribute(root, "viewBox") == "0 0 " + attribute(root, "width") + " " + attribute(root, "height"));
  CHECK(svg.find("nan") == std::string::npos);
  for (const Text& text : texts(svg)) {
    INFO(text.tag << text.content);
    const double size = number(text.tag, "font-size");
    static const std::regex entity("&[a-z]+;");
    const double length = nacre::reports::detail::text_width(std::regex_replace(text.content, entity, "&"), size);
    const std::string anchor = attribute(text.tag, "text-anchor", "start");
    const double from = anchor == "start" ? 0 : anchor == "middle" ? -length / 2 : -length;
    std::smatch turned;
    const std::string transform = attribute(text.tag, "transform");
    double angle = 0;
    if (std::regex_search(transform, turned, std::regex("rotate\\(([-0-9.]+)"))) {
      angle = std::strtod(turned[1].str().c_str(), nullptr) * std::acos(-1.0) / 180;
    }
    for (const double along : {from, from + length}) {
      const double x = number(text.tag, "x") + along * std::cos(angle);
      const double y = number(text.tag, "y") + along * std::sin(angle);
      CHECK(x >= 2);
      CHECK(x <= width - 2);
      CHECK(y >= size * 0.7);
      CHECK(y <= height - 4);
    }
  }
}

/// A classification with these truths, which is as sure of `predicted` as `confidence` says; the rest goes to the class
/// behind it.
inline Classification classified(std::vector<std::int64_t> truth, const std::vector<std::int64_t>& predicted,
                                 std::int64_t classes, float confidence = 0.75F) {
  xt::xarray<float> probabilities = xt::zeros<float>({truth.size(), static_cast<std::size_t>(classes)});
  for (std::size_t sample = 0; sample < truth.size(); ++sample) {
    probabilities(sample, static_cast<std::size_t>(predicted[sample])) = confidence;
    probabilities(sample, static_cast<std::size_t>((predicted[sample] + 1) % classes)) = 1 - confidence;
  }
  return Classification(std::move(truth), std::move(probabilities));
}

#if defined(NACRE_HAVE_PNG)

/// The pixels of a PNG file, with as many channels as it has.
inline nacre::Image decoded(const std::string& bytes) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&header, bytes.data(), bytes.size()) != 0);
  nacre::Image image(header.height, header.width, PNG_IMAGE_SAMPLE_CHANNELS(header.format));
  REQUIRE(png_image_finish_read(&header, nullptr, image.pixels.data(), 0, nullptr) != 0);
  return image;
}

#endif

}  // namespace figure_testing
