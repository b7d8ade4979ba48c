#pragma once
// Figure: how training went.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/models/history.hpp>
#include <nacre/reports/axis.hpp>
#include <nacre/reports/curves.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Options of `learning_curves`.
struct LearningCurvesOptions {
  std::string monitor = "val_loss";       ///< what the best epoch is chosen by, as EarlyStopping chooses
  std::vector<std::string> metrics = {};  ///< what to draw, named without "val_"; empty: everything
  std::string title = "";                 ///< above the panels
};

namespace detail {

/// Panels side by side, each with the curves of training and validation.
class LearningCurvesChart {
 public:
  LearningCurvesChart(const History& history, const LearningCurvesOptions& options)
      : options_(options), panels_(panels_of(history, options.metrics)), best_(best_epoch(history, options.monitor)) {
    for (const std::int64_t epoch : history.epoch()) epochs_.push_back(static_cast<double>(epoch) + 1);
    const auto [first, last] = std::minmax_element(epochs_.begin(), epochs_.end());
    epoch_axis_ = counting_axis(static_cast<std::int64_t>(*first), static_cast<std::int64_t>(*last));
    for (const Panel& panel : panels_) {
      for (const Tick& tick : panel.axis.ticks) label_width_ = std::max(label_width_, text_width(tick.label, 11));
    }
    columns_ = panels_.size() == 4 ? 2 : std::min<std::size_t>(panels_.size(), 3);
    if (columns_ == 1) plot_width_ = 440;
  }

  Figure figure() {
    const double inner = static_cast<double>(columns_) * (panel_width() + gap) - gap;
    lay_out_keys(inner);
    const double top = margin + title_height() + keys_.back().y + 36;
    const auto rows = static_cast<double>((panels_.size() + columns_ - 1) / columns_);
    Svg svg(2 * margin + inner, top + rows * (panel_height + gap) - gap + margin, "Learning curves");
    if (!options_.title.empty()) {
      const auto width = [](std::string_view part) { return text_width(part, 15); };
      svg.text(margin, margin + 14, shortened(options_.title, inner, width), {.size = 15, .css = "ink strong"});
    }
    for (const Key& key : keys_) draw_key(svg, key, {margin + key.x, margin + title_height() + key.y + 8});
    for (std::size_t index = 0; index < panels_.size(); ++index) {
      const auto column = static_cast<double>(index % columns_);
      const auto row = static_cast<double>(index / columns_);
      draw_panel(svg, panels_[index],
                 {margin + column * (panel_width() + gap) + label_width_ + 8, top + row * (panel_height + gap)});
    }
    return std::move(svg).figure();
  }

 private:
  static constexpr double margin = 20;
  static constexpr double gap = 28;
  static constexpr double plot_height = 170;
  static constexpr double header_height = 26;
  static constexpr double symbol_width = 30;
  static constexpr std::size_t most_dots = 30;
  static constexpr double panel_height = header_height + plot_height + 36;

  enum class Symbol { training, validation, best };
  struct Key {
    Symbol symbol;
    std::string text;
    double x;
    double y;
  };

  double panel_width() const { return label_width_ + 8 + plot_width_; }
  double title_height() const { return options_.title.empty() ? 0 : 28; }
  bool has_validation() const {
    return std::any_of(panels_.begin(), panels_.end(), [](const Panel& panel) {
      return std::any_of(panel.validation.begin(), panel.validation.end(), [](const auto& v) { return v.has_value(); });
    });
  }

  /// What the symbols mean, in lines of `room` pixels.
  void lay_out_keys(double room) {
    keys_ = {{Symbol::training, "training", 0, 0}};
    if (has_validation()) keys_.push_back({Symbol::validation, "validation", 0, 0});
    if (best_) {
      keys_.push_back({Symbol::best,
                       text("best epoch: ", std::llround(epochs_[best_->index]), " (", best_->monitor, " ",
                            significant(best_->value), ")"),
                       0, 0});
    }
    double x = 0;
    double y = 0;
    for (Key& key : keys_) {
      const auto width = [](std::string_view part) { return text_width(part, 12); };
      key.text = shortened(key.text, room - symbol_width, width);
      const double taken = symbol_width + text_width(key.text, 12);
      if (x > 0 && x + taken > room) {
        x = 0;
        y += 20;
      }
      key.x = std::exchange(x, x + taken + 20);
      key.y = y;
    }
  }

  void draw_symbol(Svg& svg, Symbol symbol, Point at, double width) const {
    if (symbol == Symbol::best) {
      svg.circle({at.x + width / 2, at.y}, 4, "hollow ink-line ring");
      return;
    }
    const bool training = symbol == Symbol::training;
    svg.line(at, {at.x + width, at.y}, training ? "line blue-line" : "line orange-line");
    if (!training) svg.circle({at.x + width / 2, at.y}, 3, "orange");
  }

  void draw_key(Svg& svg, const Key& key, Point at) const {
    draw_symbol(svg, key.symbol, at, 22);
    svg.text(at.x + symbol_width, at.y + 4, key.text, {.css = "muted"});
  }

  /// `corner` is the upper left one of the panel, the axis' labels left aside.
  void draw_panel(Svg& svg, const Panel& panel, Point corner) const {
    draw_header(svg, panel, corner);
    const Point plot{corner.x, corner.y + header_height};
    const double bottom = plot.y + plot_height;
    for (const Tick& tick : panel.axis.ticks) {
      const double y = bottom - panel.axis.position(tick.value) * plot_height;
      svg.line({plot.x, y}, {plot.x + plot_width_, y}, "grid");
      svg.text(plot.x - 8, y + 4, tick.label, {.size = 11, .css = "muted", .anchor = "end"});
    }
    svg.line({plot.x, bottom}, {plot.x + plot_width_, bottom}, "axis");
    for (const Tick& tick : epoch_axis_.ticks) {
      const double x = plot.x + epoch_axis_.position(tick.value) * plot_width_;
      svg.line({x, bottom}, {x, bottom + 4}, "axis");
      svg.text(x, bottom + 17, tick.label, {.size = 11, .css = "muted", .anchor = "middle"});
    }
    svg.text(plot.x + plot_width_ / 2, bottom + 34, "epoch", {.size = 11, .css = "muted", .anchor = "middle"});
    if (best_) {
      const double x = plot.x + epoch_axis_.position(epochs_[best_->index]) * plot_width_;
      svg.line({x, plot.y}, {x, bottom}, "axis dashed");
    }
    draw_curve(svg, panel, panel.training, plot, Symbol::training);
    draw_curve(svg, panel, panel.validation, plot, Symbol::validation);
    if (best_) draw_best(svg, panel, plot);
  }

  /// The name, and at the right the numbers of the best epoch.
  void draw_header(Svg& svg, const Panel& panel, Point corner) const {
    double right = corner.x + plot_width_;
    const auto number = [&](Symbol symbol, const Curve& curve) {
      const std::optional<double> value = curve[best_->index];
      if (!drawable(value)) return;
      const std::string label = significant(*value);
      svg.text(right, corner.y + 11, label, {.size = 11, .css = "muted", .anchor = "end"});
      right -= text_width(label, 11) + 18;
      draw_symbol(svg, symbol, {right, corner.y + 7}, 14);
      right -= 10;
    };
    if (best_) {
      const double before = right;
      number(Symbol::validation, panel.validation);
      number(Symbol::training, panel.training);
      if (right < before) {
        right -= 10;
        draw_symbol(svg, Symbol::best, {right, corner.y + 7}, 10);
        right -= 8;
      }
    }
    const auto width = [](std::string_view part) { return text_width(part, 14); };
    const std::string name = panel.name + (panel.axis.logarithmic ? " (log)" : "");
    svg.text(corner.x, corner.y + 12, shortened(name, right - corner.x, width), {.size = 14, .css = "ink strong"});
  }

  Point place(const Panel& panel, std::size_t epoch, double value, Point plot) const {
    return {plot.x + epoch_axis_.position(epochs_[epoch]) * plot_width_,
            plot.y + (1 - panel.axis.position(value)) * plot_height};
  }

  /// A line through the numbers, with a gap at each that cannot be drawn; a dot for one that stands alone. Validation
  /// has dots along the line, too, so that the two can be told apart without colours.
  void draw_curve(Svg& svg, const Panel& panel, const Curve& curve, Point plot, Symbol symbol) const {
    const bool training = symbol == Symbol::training;
    List<Point> run;
    const auto finish = [&] {
      if (run.size() > 1) svg.polyline(run, training ? "line blue-line" : "line orange-line");
      const std::size_t stride = (run.size() + most_dots - 1) / most_dots;
      for (std::size_t dot = 0; dot < run.size() && (!training || run.size() == 1); dot += stride) {
        svg.circle(run[dot], 3, training ? "blue" : "orange");
      }
      run.clear();
    };
    for (std::size_t epoch = 0; epoch < curve.size(); ++epoch) {
      if (!curve[epoch]) continue;
      if (drawable(*curve[epoch])) {
        run.push_back(place(panel, epoch, *curve[epoch], plot));
      } else {
        finish();
      }
    }
    finish();
  }

  void draw_best(Svg& svg, const Panel& panel, Point plot) const {
    for (const Curve* curve : {&panel.validation, &panel.training}) {
      const std::optional<double> value = (*curve)[best_->index];
      if (!drawable(value)) continue;
      svg.circle(place(panel, best_->index, *value, plot), 4.5, "hollow ink-line ring");
      return;
    }
  }

  LearningCurvesOptions options_;
  List<Panel> panels_;
  std::optional<BestEpoch> best_;
  std::vector<double> epochs_;  ///< as people count them, from 1
  Axis epoch_axis_;
  double label_width_ = 20;
  double plot_width_ = 236;
  std::size_t columns_ = 1;
  List<Key> keys_;
};

}  // namespace detail

/// The loss and each metric epoch by epoch, in training and validation, and the learning rate where it changes. The
/// best epoch is marked in each panel, with its numbers above. Numbers that span more than a factor of 1000 (the
/// learning rate: 10) get a logarithmic axis. NaN and infinite numbers are gaps. Epochs are counted from 1. Throws
/// ValueError for a history without epochs or numbers, and for metrics and a monitor that it does not have (without
/// "val_loss", the default, "loss" is monitored).
inline Figure learning_curves(const History& history, const LearningCurvesOptions& options = {}) {
  require<ValueError>(!history.empty(), "learning_curves: expected a history of 1 epoch or more, got none");
  return detail::LearningCurvesChart(history, options).figure();
}

}  // namespace nacre::reports
