#pragma once
// Figure: how well each class is recognized.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/list.hpp>
#include <nacre/models/summary.hpp>
#include <nacre/reports/class_names.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/number_text.hpp>
#include <nacre/reports/scores.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Options of `class_scores`.
struct ClassScoresOptions {
  ClassNames class_names = {};  ///< class numbers where they are missing
};

namespace detail {

/// A table whose shares are bars, too.
class ClassScoresTable {
 public:
  ClassScoresTable(const Classification& classification, const ClassScoresOptions& options) {
    const List<ClassScore> scores = score_classes(classification);
    for (std::size_t label = 0; label < scores.size(); ++label) {
      const std::string name = class_name(options.class_names, static_cast<std::int64_t>(label));
      rows_.push_back(
          {shortened(name, 160, [](std::string_view part) { return text_width(part, 12); }), scores[label]});
    }
    rows_.push_back({"macro average", macro_average(scores)});
    rows_.push_back({"weighted average", weighted_average(scores)});
    for (const Row& row : rows_) name_width_ = std::max(name_width_, text_width(row.name, 12));
  }

  Figure figure() const {
    const double width = column(3) + support_width + margin;
    const double rule_gap = 10;
    const double top = margin + 26;
    Svg svg(width, top + static_cast<double>(rows_.size()) * row_height + rule_gap + margin - 4,
            "Scores of each class");
    const TextStyle head{.css = "muted"};
    svg.text(margin, margin + 12, "class", head);
    for (const auto& [index, title] : {std::pair{0, "precision"}, {1, "recall"}, {2, "F1"}}) {
      svg.text(column(index), margin + 12, title, head);
    }
    svg.text(width - margin, margin + 12, "support", {.css = "muted", .anchor = "end"});
    svg.line({margin, top - 4}, {width - margin, top - 4}, "axis");
    for (std::size_t index = 0; index < rows_.size(); ++index) {
      const bool average = index + 2 >= rows_.size();
      const double y = top + static_cast<double>(index) * row_height + (average ? rule_gap : 0);
      if (index + 2 == rows_.size()) svg.line({margin, y - 4}, {width - margin, y - 4}, "axis");
      draw_row(svg, rows_[index], y, width);
    }
    return std::move(svg).figure();
  }

 private:
  static constexpr double margin = 20;
  static constexpr double row_height = 26;
  static constexpr double bar_width = 84;
  static constexpr double column_width = bar_width + 76;
  static constexpr double support_width = 60;

  struct Row {
    std::string name;
    ClassScore score;
  };

  /// Where column `index` of the shares begins.
  double column(int index) const { return margin + name_width_ + 28 + index * column_width; }

  void draw_row(Svg& svg, const Row& row, double y, double width) const {
    const double baseline = y + 17;
    svg.text(margin, baseline, row.name);
    int index = 0;
    for (const double share : {row.score.precision, row.score.recall, row.score.f1}) {
      const double x = column(index++);
      svg.text(x, baseline, fixed(share, 4));
      svg.rect(x + 48, y + 9, bar_width, 8, "track", {.radius = 2});
      if (share > 0) svg.rect(x + 48, y + 9, bar_width * share, 8, "blue", {.radius = 2});
    }
    svg.text(width - margin, baseline, nacre::detail::grouped(row.score.support), {.anchor = "end"});
  }

  List<Row> rows_;
  double name_width_ = 0;
};

}  // namespace detail

/// Precision, recall, F1 and support of each class as a table with bars from 0 to 1, and below it their macro and their
/// weighted average (`score_classes`, `macro_average`, `weighted_average`).
inline Figure class_scores(const Classification& classification, const ClassScoresOptions& options = {}) {
  return detail::ClassScoresTable(classification, options).figure();
}

}  // namespace nacre::reports
