#pragma once
// The page as a whole: one file with its style, its data and its scripts, which needs nothing from anywhere.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <nacre/reports/figure.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/page/markup.hpp>
#include <nacre/reports/page/model_sections.hpp>
#include <nacre/reports/page/run_sections.hpp>
#include <nacre/reports/page/score_sections.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

// Each is a raw string whose first and last line only C++ reads, so that editors know the rest for what it is.

inline constexpr std::string_view style =
#include <nacre/reports/page/style.css>
    ;
inline constexpr std::string_view inference_script =
#include <nacre/reports/page/inference.js>
    ;
inline constexpr std::string_view pictures_script =
#include <nacre/reports/page/pictures.js>
    ;
inline constexpr std::string_view matrix_script =
#include <nacre/reports/page/matrix.js>
    ;
inline constexpr std::string_view feature_maps_script =
#include <nacre/reports/page/feature_maps.js>
    ;
inline constexpr std::string_view digit_canvas_script =
#include <nacre/reports/page/digit_canvas.js>
    ;
inline constexpr std::string_view page_script =
#include <nacre/reports/page/page.js>
    ;

inline std::string banner(const PageFacts& facts) {
  if (!facts.synthetic) return {};
  return "<p class=\"banner\" role=\"note\"><strong>Synthetic data.</strong> The samples were drawn by a "
         "program, not taken from the world. Nothing on this page says how the model does on real data.</p>\n";
}

/// A number that one looks for first.
inline std::string tile(std::string_view value, std::string_view what, std::string_view detail) {
  return text("<div><dt>", what, "</dt><dd>", value, detail.empty() ? "" : text("<small>", detail, "</small>"),
              "</dd></div>\n");
}

inline std::string headline(const PageFacts& facts) {
  std::string tiles;
  for (const ScoreFacts& score : facts.scores) {
    tiles +=
        tile(score_text(score, score.value), escaped("test " + score.name), score.interval ? interval_text(score) : "");
  }
  tiles += tile(nacre::detail::grouped(facts.parameters), "parameters", "");
  if (facts.train_seconds > 0) {
    tiles +=
        tile(readable_seconds(facts.train_seconds), "training", facts.epochs > 0 ? counted(facts.epochs, "epoch") : "");
  }
  return text("<header>\n<h1>", escaped(facts.title), "</h1>\n<p class=\"lead\">A model that was ",
              facts.train_samples > 0 ? "given " + counted(facts.train_samples, "training sample") + " and " : "",
              "evaluated on ", counted(facts.test_samples, "test sample"),
              facts.data_name.empty() ? "" : " of " + escaped(facts.data_name), ".</p>\n", banner(facts),
              "<dl class=\"headline\">\n", tiles, "</dl>\n");
}

/// Links to the sections that are there.
inline std::string contents(std::string_view sections) {
  const std::pair<std::string_view, std::string_view> all[] = {
      {"scores", "scores"},   {"curves", "learning"}, {"confusions", "confusions"},
      {"classes", "classes"}, {"samples", "samples"}, {"misclassified", "mistakes"},
      {"filters", "filters"}, {"time", "time"},       {"model", "model"},
      {"run", "run"},         {"try", "try it"}};
  std::string out = "<nav aria-label=\"Contents\">\n";
  for (const auto& [id, name] : all) {
    if (sections.find(text("<section id=\"", id, "\"")) != std::string_view::npos) {
      out += text("<a href=\"#", id, "\">", name, "</a>\n");
    }
  }
  return out + "</nav>\n</header>\n";
}

inline std::string sections(const PageFacts& facts) {
  return scores_section(facts) + curves_section(facts) + confusion_section(facts) + classes_section(facts) +
         samples_section(facts) + misclassified_section(facts) + filters_section(facts) + times_section(facts) +
         model_section(facts) + run_section(facts) + drawing_section(facts);
}

/// What the scripts read.
inline std::string script_data(const PageFacts& facts) {
  const nlohmann::ordered_json data{
      {"classes", facts.class_names}, {"model", facts.model}, {"pictures", facts.pictures}, {"drawing", facts.drawing}};
  return escape_script(data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

/// The page. Its content security policy keeps it from the network.
inline Figure render(const PageFacts& facts) {
  const std::string body = sections(facts);
  return Figure(
      Figure::Format::html,
      text("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
           "<meta name=\"color-scheme\" content=\"light dark\">\n",
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; ",
           "script-src 'unsafe-inline'; img-src data:\">\n<title>", escaped(facts.title),
           "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>", style, "</style>\n</head>\n<body>\n<main>\n",
           headline(facts), contents(body), body, "</main>\n", "<script type=\"application/json\" id=\"report-data\">",
           script_data(facts), "</script>\n<script>\"use strict\";", inference_script, pictures_script, matrix_script,
           feature_maps_script, digit_canvas_script, page_script, "</script>\n</body>\n</html>\n"));
}

}  // namespace nacre::reports::page
