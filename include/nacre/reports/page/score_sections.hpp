#pragma once
// The page's sections about how good the model is: scores, confusions, classes, and the samples it gets wrong.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/reports/page/facts.hpp>
#include <nacre/reports/page/markup.hpp>
#include <nacre/reports/scores.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::page {

inline std::string score_text(const ScoreFacts& score, double value) {
  return score.is_share ? percent(value, 2) : fixed(value, 4);
}

inline std::string interval_text(const ScoreFacts& score) {
  if (!score.interval) return "&ndash;";
  return text(score_text(score, score.interval->low), " to ", score_text(score, score.interval->high));
}

/// What a score says, for someone who has never met it.
inline std::string_view meaning_of(const ScoreFacts& score) {
  using Meaning = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Meaning, 7> meanings{
      {{"loss", "how wrong the answers are; 0 would be perfect"},
       {"Accuracy", "the share of samples that are recognized"},
       {"CategoricalAccuracy", "the share of samples that are recognized"},
       {"SparseCategoricalAccuracy", "the share of samples that are recognized"},
       {"BinaryAccuracy", "the share of answers on the right side of the threshold"},
       {"Recall", "of what should be found, the share given a probability above the threshold"},
       {"Precision", "of what is given a probability above the threshold, the share that is right"}}};
  const auto found = std::find_if(meanings.begin(), meanings.end(),
                                  [&](const Meaning& meaning) { return meaning.first == score.kind; });
  return found == meanings.end() ? "" : found->second;
}

inline std::string scores_section(const PageFacts& facts) {
  if (facts.scores.empty()) return {};
  List<Row> rows;
  for (const ScoreFacts& score : facts.scores) {
    rows.push_back(
        {escaped(score.name), score_text(score, score.value), interval_text(score), std::string(meaning_of(score))});
  }
  return section(
      "scores", "How good it is",
      text("Measured on the ", counted(facts.test_samples, "test sample"),
           "; they say how the model does on new data where it has learned from none of them. Another set of samples "
           "would have given slightly other numbers: of intervals made in this way, 95 % hold the value that endless "
           "test data would give."),
      table("Scores on the test data", "lrrp", {"Score", "Value", "95 % confidence interval", "What it says"}, rows) +
          "<p class=\"note\">Shares have Wilson&rsquo;s score interval (Wilson, JASA 22, 1927), the loss the "
          "normal interval of a mean, 1.96 standard errors to both sides (NIST/SEMATECH e-Handbook of "
          "Statistical Methods, 1.3.5.2).</p>\n");
}

/// How strongly a cell is tinted: the square root of its share of the row, so that rare mistakes can be seen.
inline double tint(std::int64_t count, std::int64_t of) {
  return of > 0 ? std::sqrt(static_cast<double>(count) / static_cast<double>(of)) : 0;
}

inline std::string matrix_cell(const PageFacts& facts, const CountMatrix& counts, std::int64_t truth,
                               std::int64_t predicted, std::int64_t support) {
  const std::int64_t count = counts(static_cast<std::size_t>(truth), static_cast<std::size_t>(predicted));
  const auto name = [&](std::int64_t label) { return escaped(facts.class_names[static_cast<std::size_t>(label)]); };
  const std::string share = support > 0 ? percent(static_cast<double>(count) / static_cast<double>(support), 1) : "0 %";
  const std::string label =
      text(name(truth), truth == predicted ? " recognized as " : " taken for ", name(predicted), ": ",
           nacre::detail::grouped(count), " of ", nacre::detail::grouped(support), " (", share, ")");
  const double shade = tint(count, support);
  return text("<td><button type=\"button\" class=\"",
              truth == predicted ? "hit"
              : count > 0        ? "miss"
                                 : "none",
              shade > 0.6 ? " strong" : "", "\" style=\"--tint:", fixed(shade, 3), "\" data-truth=\"", truth,
              "\" data-predicted=\"", predicted, "\" data-count=\"", count, "\" tabindex=\"",
              truth + predicted == 0 ? "0" : "-1", "\" aria-pressed=\"false\" title=\"", label, "\" aria-label=\"",
              label, "\">", count, "</button></td>");
}

inline std::string matrix_table(const PageFacts& facts) {
  const CountMatrix counts = count_confusions(*facts.found);
  const List<ClassScore> scores = score_classes(*facts.found);
  const auto classes = static_cast<std::int64_t>(facts.class_names.size());
  std::string out =
      "<div class=\"scroll\"><table class=\"matrix\" id=\"matrix\">\n<thead><tr><td></td>"
      "<th scope=\"colgroup\" colspan=\"" +
      std::to_string(classes) + "\">taken for</th></tr>\n<tr><th scope=\"col\">is</th>";
  for (const std::string& name : facts.class_names) out += "<th scope=\"col\">" + escaped(name) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (std::int64_t truth = 0; truth < classes; ++truth) {
    const auto row = static_cast<std::size_t>(truth);
    out += "<tr><th scope=\"row\">" + escaped(facts.class_names[row]) + "</th>";
    for (std::int64_t predicted = 0; predicted < classes; ++predicted) {
      out += matrix_cell(facts, counts, truth, predicted, scores[row].support);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

/// More classes than this make no table that anyone reads.
inline constexpr std::size_t most_matrix_classes = 64;

inline bool has_matrix(const PageFacts& facts) {
  return facts.found && facts.class_names.size() <= most_matrix_classes;
}

inline std::string confusion_section(const PageFacts& facts) {
  if (!has_matrix(facts)) return {};
  const bool pictures = !facts.chosen.wrong.empty() || !facts.chosen.right.empty();
  return section(
      "confusions", "What it takes for what",
      text("A row holds the test samples of one class, a column what the model took them for. On the diagonal "
           "it is right; every number off it counts mistakes. Point at a cell to read it",
           pictures ? ", click it to see the pictures behind it" : "", "; arrow keys move from cell to cell."),
      matrix_table(facts) +
          "<p id=\"matrix-readout\" class=\"readout\" aria-live=\"polite\">&nbsp;</p>\n"
          "<div id=\"matrix-pictures\"></div>\n");
}

inline std::string classes_section(const PageFacts& facts) {
  if (!facts.found) return {};
  const List<ClassScore> scores = score_classes(*facts.found);
  List<Row> rows;
  const auto add = [&](const std::string& name, const ClassScore& score) {
    rows.push_back({name, percent(score.precision, 2), percent(score.recall, 2), percent(score.f1, 2),
                    nacre::detail::grouped(score.support)});
  };
  for (std::size_t label = 0; label < scores.size(); ++label) add(escaped(facts.class_names[label]), scores[label]);
  add("mean", macro_average(scores));
  return section(
      "classes", "Class by class",
      text("Precision: of what the model took for this class, how much is of it. Recall: of what is of this class, "
           "how much the model found. F1 is high only where both are. Support is the number of test samples.",
           has_matrix(facts) ? ""
                             : text(" What it takes for what is left out, since a table of more than ",
                                    most_matrix_classes, " classes is none to read.")),
      table("Scores of each class", "lrrrr", {"Class", "Precision", "Recall", "F1", "Support"}, rows));
}

inline std::string samples_section(const PageFacts& facts) {
  if (facts.chosen.train.empty()) return {};
  return section("samples", "What the data looks like",
                 "Some of the training samples, with the class that each is labelled with.",
                 gallery("sample-pictures"));
}

/// The first mistakes as a table, where there are no pictures to show.
inline std::string misclassified_table(const PageFacts& facts, const List<std::int64_t>& wrong, std::size_t count) {
  const auto name = [&](std::int64_t label) { return escaped(facts.class_names[static_cast<std::size_t>(label)]); };
  List<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    Row row{text("sample ", wrong[i]), name(facts.found->truth(wrong[i]))};
    const List<std::int64_t> ranked = facts.found->ranked(wrong[i]);
    for (std::size_t place = 0; place < 3; ++place) {
      row.push_back(place < ranked.size()
                        ? text(name(ranked[place]), ": ", percent(facts.found->probability(wrong[i], ranked[place]), 1))
                        : "");
    }
    rows.push_back(std::move(row));
  }
  return table("Misclassified samples", "lllll", {"Test sample", "Is", "First guess", "Second", "Third"}, rows);
}

inline std::string misclassified_section(const PageFacts& facts) {
  if (!facts.found) return {};
  const List<std::int64_t> wrong = facts.found->misclassified();
  if (wrong.empty()) {
    return section("misclassified", "What it gets wrong", "Nothing: every test sample is recognized.", "");
  }
  constexpr std::size_t most_rows = 30;
  const bool pictures = !facts.chosen.wrong.empty();
  const std::size_t shown = pictures ? facts.chosen.wrong.size() : std::min(wrong.size(), most_rows);
  const std::string held = shown == 1 ? "the worst one" : text("the worst ", shown);
  return section(
      "misclassified", "What it gets wrong",
      text(nacre::detail::grouped(static_cast<std::int64_t>(wrong.size())), " of ",
           counted(facts.test_samples, "test sample"),
           ", the worst first: those to whose true class the model gives the least probability. With each are "
           "its true class and the three that the model finds most likely.",
           wrong.size() > shown ? text(" The page holds ", held, ".") : ""),
      pictures ? gallery("misclassified-pictures") : misclassified_table(facts, wrong, shown));
}

}  // namespace nacre::reports::page
