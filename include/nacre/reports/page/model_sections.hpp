#pragma once
// The page's sections that compute: the filters and what they find, and the canvas to draw a digit on.

#include <string>

#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/page/markup.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

inline std::string filters_section(const PageFacts& facts) {
  if (!facts.convolution || !facts.found || !facts.picture_shape) return {};
  const std::string heading = "What the first layer sees";
  if (facts.model.is_null()) {
    return section("filters", heading, text("The filters are left out, since ", escaped(facts.why_no_model), "."), "");
  }
  const ConvolutionFacts& convolution = *facts.convolution;
  const bool maps = !facts.chosen.right.empty();
  const std::string body =
      text("<h3>Filters of ", escaped(convolution.name), "</h3>\n<div class=\"tiles\" id=\"filter-tiles\"></div>\n",
           maps ? "<h3>What they find in</h3>\n<div class=\"choices\" id=\"feature-choices\"></div>\n"
                  "<div class=\"tiles maps\" id=\"feature-maps\" aria-live=\"polite\"></div>\n"
                : "",
           convolution.filters > 64 ? text("<p class=\"note\">The first 64 of ", convolution.filters, " filters.</p>\n")
                                    : "");
  return section(
      "filters", heading,
      text("A filter is a small pattern that the model has learned to look for: orange counts for, blue against it.",
           maps ? " Below is what each filter finds in a picture that you choose, in the same order: the brighter, the "
                  "better the pattern fits there."
                : ""),
      body);
}

inline std::string probability_list(const PageFacts& facts) {
  std::string out = "<ol id=\"probabilities\" aria-label=\"Probability of each class\">\n";
  for (const std::string& name : facts.class_names) {
    out += "<li><b>" + escaped(name) + "</b><span class=\"meter\"></span><output></output></li>\n";
  }
  return out + "</ol>\n";
}

inline std::string drawing_section(const PageFacts& facts) {
  const std::string heading = "Try it yourself";
  if (!facts.why_no_canvas.empty()) {
    return section("try", heading,
                   text("There is no canvas to draw on here, since ", escaped(facts.why_no_canvas), "."), "");
  }
  const std::string body =
      "<div class=\"desk\">\n<div class=\"paper\">\n"
      "<div class=\"sheet\"><canvas id=\"drawing\" class=\"empty\" width=\"280\" height=\"280\" role=\"img\" "
      "aria-label=\"Draw a digit here with a mouse, a pen or a finger\"></canvas>"
      "<span class=\"hint\" aria-hidden=\"true\">draw here</span></div>\n"
      "<p><button type=\"button\" id=\"clear\">Clear</button>"
      "<span class=\"seen\">The model sees <canvas id=\"seen\" width=\"28\" height=\"28\" role=\"img\" "
      "aria-label=\"The drawing as the model sees it\"></canvas></span></p>\n</div>\n"
      "<div class=\"answer\">\n<p id=\"answer\" aria-live=\"polite\"></p>\n" +
      probability_list(facts) + "</div>\n</div>\n";
  return section(
      "try", heading,
      "Draw a digit, large, with mouse or finger. It is cropped, shrunk and centred as the training pictures "
      "were; then the trained model, which is in this page, answers at once. Nothing leaves your computer.",
      body);
}

}  // namespace nacre::reports::page
