#pragma once
// Figure: what a model takes each class for.

#include <algorithm>
#include <cmath>
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

/// Options of `confusion_matrix`.
struct ConfusionMatrixOptions {
  bool normalize = false;       ///< shares of each true class in percent instead of numbers of samples
  ClassNames class_names = {};  ///< class numbers where they are missing
};

namespace detail {

/// Cells in two colours: what is right on the diagonal, and around it what is wrong, each as deep as it is much. They
/// are graded apart, as otherwise the mistakes of a good model could not be seen.
class ConfusionMatrixChart {
 public:
  ConfusionMatrixChart(const Classification& classification, const ConfusionMatrixOptions& options)
      : options_(options), classes_(static_cast<std::size_t>(classification.classes())) {
    const CountMatrix counts = count_confusions(classification);
    for (std::size_t row = 0; row < classes_; ++row) {
      std::int64_t total = 0;
      for (std::size_t column = 0; column < classes_; ++column) total += counts(row, column);
      for (std::size_t column = 0; column < classes_; ++column) add_cell(counts(row, column), total, row == column);
    }
    cell_ = std::clamp(440 / static_cast<double>(classes_), 7.0, 60.0);
    choose_label_size();
    choose_number_size();
    summary_ =
        text(nacre::detail::grouped(classification.size()), " samples, ", percent(share_correct(classification), 2),
             " right", options.normalize ? "; shares of each true class in %" : "");
  }

  Figure figure() const {
    const double scales = 150;
    const double left = margin + 24 + label_width_ + 8;
    const double top = margin + 50;
    const double header = std::max(text_width("Confusion matrix", 15), text_width(summary_, 12));
    const double width = std::max(left + side() + scales, 2 * margin + header);
    const double bottom_labels = slanted_ ? label_width_ * 0.71 + 14 : 18;
    Svg svg(width, std::max(top + side(), top + 130) + bottom_labels + 24 + margin - 4,
            "Confusion matrix: " + summary_);
    svg.text(margin, margin + 14, "Confusion matrix", {.size = 15, .css = "ink strong"});
    svg.text(margin, margin + 34, summary_, {.css = "muted"});
    draw_cells(svg, {left, top});
    draw_labels(svg, {left, top});
    svg.text(margin + 10, top + side() / 2, "true class", {.css = "muted", .anchor = "middle", .angle = -90});
    svg.text(left + side() / 2, top + side() + bottom_labels + 22, "predicted class",
             {.css = "muted", .anchor = "middle"});
    if (most_right_ > 0) draw_scale(svg, {left + side() + 28, top}, "right", "heat-blue", most_right_);
    if (most_wrong_ > 0) draw_scale(svg, {left + side() + 88, top}, "wrong", "heat-orange", most_wrong_);
    return std::move(svg).figure();
  }

 private:
  static constexpr double margin = 20;
  static constexpr double smallest_text = 8;

  struct Cell {
    double value;
    std::string text;
    bool right;
  };

  double side() const { return cell_ * static_cast<double>(classes_); }

  void add_cell(std::int64_t count, std::int64_t total, bool right) {
    const double share = total > 0 ? static_cast<double>(count) / static_cast<double>(total) : 0;
    const double value = options_.normalize ? 100 * share : static_cast<double>(count);
    (right ? most_right_ : most_wrong_) = std::max(right ? most_right_ : most_wrong_, value);
    cells_.push_back({value, count == 0 ? "0" : shown(value), right});
  }

  std::string shown(double value) const { return fixed(value, options_.normalize ? 1 : 0); }

  void choose_label_size() {
    label_size_ = cell_ < 14 ? 10 : 12;
    for (std::size_t label = 0; label < classes_; ++label) {
      label_width_ = std::max(label_width_, text_width(name(label), label_size_));
    }
    const bool numbers = label_width_ < 30;  // or names as short: rather fewer of them than slanted ones
    const double least = numbers ? label_width_ + 4 : label_size_ + 2;
    for (const std::int64_t stride : {1, 2, 5, 10, 20, 50, 100}) {
      stride_ = static_cast<std::size_t>(stride);
      if (cell_ * static_cast<double>(stride) >= least) break;
    }
    slanted_ = label_width_ > cell_ * static_cast<double>(stride_) - 4;
  }

  /// As large as the cells have room for; 0, for no numbers, where nobody could read them.
  void choose_number_size() {
    double widest = 0;
    for (const Cell& cell : cells_) widest = std::max(widest, text_width(cell.text, 1));
    number_size_ = std::min({13.0, (cell_ - 4) / widest, cell_ * 0.6});
    if (number_size_ < smallest_text) number_size_ = 0;
  }

  std::string name(std::size_t label) const {
    return shortened(class_name(options_.class_names, static_cast<std::int64_t>(label)), 140,
                     [&](std::string_view part) { return text_width(part, label_size_); });
  }

  /// How deep the colour of a number is: something that is there can be seen.
  static double depth(double value, double most) { return value > 0 ? 0.1 + 0.9 * value / most : 0; }

  void draw_cells(Svg& svg, Point corner) const {
    svg.rect(corner.x, corner.y, side(), side(), "well");
    for (std::size_t index = 0; index < cells_.size(); ++index) {
      const Cell& cell = cells_[index];
      const double x = corner.x + static_cast<double>(index % classes_) * cell_;
      const double y = corner.y + static_cast<double>(index / classes_) * cell_;
      const double deep = depth(cell.value, cell.right ? most_right_ : most_wrong_);
      if (deep > 0) {
        const double seam = cell_ > 14 ? 1 : 0;
        svg.rect(x + seam / 2, y + seam / 2, cell_ - seam, cell_ - seam, cell.right ? "heat-blue" : "heat-orange",
                 {.opacity = deep, .radius = seam * 2});
      }
      if (number_size_ == 0) continue;
      svg.text(x + cell_ / 2, y + cell_ / 2 + number_size_ * 0.35, cell.text,
               {.size = number_size_,
                .css = cell.value == 0 ? "faint"
                       : deep > 0.75   ? "on-heat"
                                       : "ink",
                .anchor = "middle"});
    }
  }

  void draw_labels(Svg& svg, Point corner) const {
    for (std::size_t label = 0; label < classes_; label += stride_) {
      const double middle = (static_cast<double>(label) + 0.5) * cell_;
      svg.text(corner.x - 8, corner.y + middle + label_size_ * 0.35, name(label),
               {.size = label_size_, .anchor = "end"});
      const double bottom = corner.y + side();
      if (slanted_) {
        svg.text(corner.x + middle + 4, bottom + 14, name(label), {.size = label_size_, .anchor = "end", .angle = -45});
      } else {
        svg.text(corner.x + middle, bottom + 18, name(label), {.size = label_size_, .anchor = "middle"});
      }
    }
  }

  void draw_scale(Svg& svg, Point corner, std::string_view what, std::string_view css, double most) const {
    constexpr int steps = 8;
    constexpr double step_height = 13;
    svg.text(corner.x, corner.y + 10, what, {.css = "muted"});
    const double top = corner.y + 20;
    for (int step = 0; step < steps; ++step) {
      svg.rect(corner.x, top + step * step_height, 14, step_height, css, {.opacity = depth(steps - step, steps)});
    }
    svg.text(corner.x + 19, top + 9, shown(most), {.size = 11, .css = "muted"});
    svg.text(corner.x + 19, top + steps * step_height, "0", {.size = 11, .css = "muted"});
  }

  ConfusionMatrixOptions options_;
  std::size_t classes_;
  List<Cell> cells_;
  double most_right_ = 0;
  double most_wrong_ = 0;
  double cell_ = 0;
  double number_size_ = 0;
  double label_size_ = 0;
  double label_width_ = 0;
  std::size_t stride_ = 1;  ///< every how many classes are named
  bool slanted_ = false;
  std::string summary_;
};

}  // namespace detail

/// The confusion matrix: how many samples of each true class (rows) the model takes for each class (columns), or their
/// shares of the true class. What is right is blue, what is wrong is orange, each deeper the more there is of it. Where
/// classes are too many for numbers in the cells, or a name for each, these are left out.
inline Figure confusion_matrix(const Classification& classification, const ConfusionMatrixOptions& options = {}) {
  return detail::ConfusionMatrixChart(classification, options).figure();
}

}  // namespace nacre::reports
