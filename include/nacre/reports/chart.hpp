#pragma once
// Figure: lines and points in one plot, for what has no figure of its own.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/reports/axis.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/svg.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Numbers that a chart shows.
struct Series {
  std::string name;         ///< in the key; empty: none
  std::vector<double> y;    ///< NaN and infinite numbers are gaps
  std::vector<double> x{};  ///< as many; empty: 0, 1, 2, ...
  bool points = false;      ///< a dot for each in place of a line through them
};

/// Options of `chart`.
struct ChartOptions {
  std::string title = "";    ///< above the plot
  std::string x_label = "";  ///< below the axis
  std::string y_label = "";  ///< above the axis
  bool log_x = false;        ///< powers of ten; for numbers above 0
  bool log_y = false;        ///< the same for y
  bool diagonal = false;     ///< a dashed line where y = x, as where a prediction is right
  double width = 440;        ///< of the plot, in pixels
  double height = 240;       ///< of the plot, in pixels
};

namespace detail {

/// One plot with its axes, series and key.
class Chart {
 public:
  Chart(const List<Series>& series, const ChartOptions& options) : series_(series), options_(options) {
    List<double> x, y;
    for (const Series& each : series) {
      for (std::size_t i = 0; i < each.y.size(); ++i) {
        if (!is_drawable(each, i)) continue;
        x.push_back(x_of(each, i));
        y.push_back(each.y[i]);
      }
    }
    x_axis_ = axis_of(x, options.log_x);
    y_axis_ = axis_of(y, options.log_y);
    for (const Tick& tick : y_axis_.ticks) label_width_ = std::max(label_width_, text_width(tick.label, 11));
  }

  Figure figure() {
    const double keys = lay_out_keys();
    const double header = (options_.title.empty() ? 0 : 28) + keys + (options_.y_label.empty() ? 8 : 24);
    const double footer = 24 + (options_.x_label.empty() ? 0 : 18);
    plot_ = {margin + label_width_ + 8, margin + header};
    Svg svg(plot_.x + options_.width + margin + 8, plot_.y + options_.height + footer + margin - 6,
            options_.title.empty() ? "Chart" : options_.title);
    draw_header(svg);
    draw_axes(svg);
    for (std::size_t index = 0; index < series_.size(); ++index) draw_series(svg, index);
    return std::move(svg).figure();
  }

 private:
  static constexpr double margin = 20;
  static constexpr double symbol_width = 30;

  /// A colour's classes: of a line and of a dot. The second four are dashed.
  struct Look {
    std::string_view line;
    std::string_view dot;
  };
  static Look look_of(std::size_t index) {
    static constexpr std::array<Look, 8> looks{{{"line blue-line", "blue"},
                                                {"line orange-line", "orange"},
                                                {"line green-line", "green"},
                                                {"line purple-line", "purple"},
                                                {"line blue-line dashed", "blue"},
                                                {"line orange-line dashed", "orange"},
                                                {"line green-line dashed", "green"},
                                                {"line purple-line dashed", "purple"}}};
    return looks[index % looks.size()];
  }

  struct Key {
    std::size_t series;
    std::string text;
    Point at;
  };

  static double x_of(const Series& series, std::size_t i) {
    return series.x.empty() ? static_cast<double>(i) : series.x[i];
  }
  bool is_drawable(const Series& series, std::size_t i) const {
    const double x = x_of(series, i), y = series.y[i];
    return drawable(x) && drawable(y) && (!options_.log_x || x > 0) && (!options_.log_y || y > 0);
  }
  static Axis axis_of(const List<double>& values, bool logarithmic) {
    if (values.empty()) return linear_axis(0, 1);
    const auto [min, max] = std::minmax_element(values.begin(), values.end());
    return logarithmic ? logarithmic_axis(*min, *max) : linear_axis(*min, *max);
  }

  Point place(double x, double y) const {
    return {plot_.x + x_axis_.position(x) * options_.width, plot_.y + (1 - y_axis_.position(y)) * options_.height};
  }

  /// Places the keys in lines as wide as the plot, and returns how high they are.
  double lay_out_keys() {
    Point at{0, 0};
    for (std::size_t index = 0; index < series_.size(); ++index) {
      if (series_[index].name.empty()) continue;
      const auto width = [](std::string_view part) { return text_width(part, 12); };
      const std::string name = shortened(series_[index].name, options_.width - symbol_width, width);
      const double taken = symbol_width + width(name);
      if (at.x > 0 && at.x + taken > options_.width) at = {0, at.y + 20};
      keys_.push_back({index, name, at});
      at.x += taken + 20;
    }
    return keys_.empty() ? 0 : at.y + 22;
  }

  void draw_header(Svg& svg) const {
    double top = margin;
    if (!options_.title.empty()) {
      const auto width = [](std::string_view part) { return text_width(part, 15); };
      const double room = label_width_ + 8 + options_.width;
      svg.text(margin, top + 14, shortened(options_.title, room, width), {.size = 15, .css = "ink strong"});
      top += 28;
    }
    for (const Key& key : keys_) {
      const Point at{margin + key.at.x, top + key.at.y + 8};
      const Look look = look_of(key.series);
      if (!series_[key.series].points) svg.line(at, {at.x + 22, at.y}, look.line);
      if (series_[key.series].points) svg.circle({at.x + 11, at.y}, 3, look.dot);
      svg.text(at.x + symbol_width, at.y + 4, key.text, {.css = "muted"});
    }
    if (!options_.y_label.empty()) svg.text(margin, plot_.y - 12, options_.y_label, {.size = 11, .css = "muted"});
  }

  void draw_axes(Svg& svg) const {
    const double bottom = plot_.y + options_.height, right = plot_.x + options_.width;
    for (const Tick& tick : y_axis_.ticks) {
      const double y = bottom - y_axis_.position(tick.value) * options_.height;
      svg.line({plot_.x, y}, {right, y}, "grid");
      svg.text(plot_.x - 8, y + 4, tick.label, {.size = 11, .css = "muted", .anchor = "end"});
    }
    svg.line({plot_.x, bottom}, {right, bottom}, "axis");
    for (const Tick& tick : x_axis_.ticks) {
      const double x = plot_.x + x_axis_.position(tick.value) * options_.width;
      svg.line({x, bottom}, {x, bottom + 4}, "axis");
      svg.text(x, bottom + 17, tick.label, {.size = 11, .css = "muted", .anchor = "middle"});
    }
    if (!options_.x_label.empty()) {
      svg.text(plot_.x + options_.width / 2, bottom + 34, options_.x_label,
               {.size = 11, .css = "muted", .anchor = "middle"});
    }
    const double from = std::max(x_axis_.first, y_axis_.first), to = std::min(x_axis_.last, y_axis_.last);
    if (options_.diagonal && from < to) svg.line(place(from, from), place(to, to), "axis dashed");
  }

  /// A line has a gap where a number cannot be drawn, and a dot for one that stands alone.
  void draw_series(Svg& svg, std::size_t index) const {
    const Series& series = series_[index];
    const Look look = look_of(index);
    List<Point> run;
    const auto finish = [&] {
      if (run.size() == 1) svg.circle(run[0], 3, look.dot);
      if (run.size() > 1) svg.polyline(run, look.line);
      run.clear();
    };
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!is_drawable(series, i)) {
        finish();
        continue;
      }
      run.push_back(place(x_of(series, i), series.y[i]));
      if (series.points) finish();
    }
    finish();
  }

  const List<Series>& series_;
  const ChartOptions& options_;
  Axis x_axis_;
  Axis y_axis_;
  double label_width_ = 20;
  Point plot_{};
  List<Key> keys_;
};

}  // namespace detail

/// Series of numbers in one plot, as lines or points: `chart({{"measured", y}, {"forecast", z}}, {.x_label = "day"})`.
/// Four colours, then the same four dashed. Numbers that cannot be drawn are gaps: NaN, infinite ones, and on a
/// logarithmic axis those that are not above 0. Throws ValueError for no series, for x of another length than y, and
/// for a plot of less than 100 by 50 pixels.
inline Figure chart(const List<Series>& series, const ChartOptions& options = {}) {
  require<ValueError>(!series.empty(), "chart: expected 1 series or more, got none");
  require<ValueError>(options.width >= 100 && options.height >= 50 && options.width <= 10000 && options.height <= 10000,
                      "chart: expected a plot of 100 by 50 to 10000 by 10000 pixels, got ", options.width, " by ",
                      options.height);
  for (const Series& each : series) {
    require<ValueError>(each.x.empty() || each.x.size() == each.y.size(), "chart: series \"", each.name,
                        "\": expected as many x as y, got ", each.x.size(), " and ", each.y.size());
  }
  return detail::Chart(series, options).figure();
}

}  // namespace nacre::reports
