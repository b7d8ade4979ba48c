// Charts: series as lines and points, their axes and keys, and that no number is too odd to be drawn.

#include "figure_testing.hpp"

#include <cmath>
#include <limits>

#include <nacre/reports/chart.hpp>

using namespace nacre;
using namespace figure_testing;
using reports::chart;
using reports::Series;

TEST_CASE("Lines and points get a key, axes and labels") {
  const Figure figure = chart({{"measured", {1, 2, 3}}, {"forecast <1>", {2, 3}, {1, 2}, true}},
                              {.title = "A & B", .x_label = "day", .y_label = "level"});
  check_chart(figure);
  const std::string& svg = figure.bytes();
  for (const char* content : {"A &amp; B", "measured", "forecast &lt;1&gt;", "day", "level", "3.0"}) {
    CAPTURE(content);
    CHECK(has_text(svg, content));
  }
  CHECK(count_of(svg, "polyline", "blue-line") == 1);
  CHECK(count_of(svg, "circle", "orange") == 3);  // two points, and the key's
  CHECK(chart({{"measured", {1, 2, 3}}}).bytes() == chart({{"measured", {1, 2, 3}}}).bytes());
}

TEST_CASE("A line has a gap at each number that cannot be drawn") {
  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  const Figure figure = chart({{"", {1, 2, nan, 3, infinite, 4, 5}}});
  check_chart(figure);
  CHECK(count_of(figure.bytes(), "polyline", "blue-line") == 2);
  CHECK(count_of(figure.bytes(), "circle", "blue") == 1);  // the 3 stands alone
}

TEST_CASE("On a logarithmic axis numbers that are not above 0 are gaps") {
  const Figure figure = chart({{"loss", {0, 1, 10}, {0.001, 0.1, 10}}}, {.log_x = true, .log_y = true});
  check_chart(figure);
  CHECK(tags(figure.bytes(), "polyline").size() == 1);
  CHECK(has_text(figure.bytes(), "10"));
}

TEST_CASE("More series than colours are dashed") {
  List<Series> series;
  for (int i = 0; i < 5; ++i) series.push_back({"number " + std::to_string(i), {0, 1.0 * i}});
  const Figure figure = chart(series, {.diagonal = true});
  check_chart(figure);
  CHECK(tags(figure.bytes(), "polyline").size() == 5);
  CHECK(count_of(figure.bytes(), "polyline", "dashed") == 1);
  CHECK(count_of(figure.bytes(), "line", "axis dashed") == 1);
}

TEST_CASE("Charts of nothing, and of numbers that cannot be drawn, have axes") {
  check_chart(chart({{"", {}}}));
  check_chart(chart({{"", {std::nan("")}}}));
  check_chart(chart({{"", {7, 7, 7}}}));
}

TEST_CASE("What cannot be a chart is refused") {
  CHECK_THROWS_AS(chart({}), ValueError);
  CHECK_THROWS_WITH(chart({{"a", {1, 2}, {1}}}), "chart: series \"a\": expected as many x as y, got 1 and 2");
  CHECK_THROWS_AS(chart({{"a", {1}}}, {.width = 20}), ValueError);
}
