// Learning curves: which panels and marks a history gets, and that no history is too odd to be drawn.

#include "figure_testing.hpp"

#include <cmath>
#include <limits>

#include <nacre/reports/learning_curves.hpp>

using namespace nacre;
using namespace figure_testing;
using reports::learning_curves;

namespace {

using Entries = std::vector<std::pair<std::string, double>>;

History history_of(const std::vector<Entries>& epochs) {
  History history;
  for (const Entries& entries : epochs) {
    Logs logs;
    for (const auto& [name, value] : entries) logs.set(name, value);
    history.add(static_cast<std::int64_t>(history.size()), logs);
  }
  return history;
}

History usual() {
  History history = history_of({{{"loss", 0.9}, {"accuracy", 0.7}, {"val_loss", 0.5}, {"val_accuracy", 0.8}},
                                {{"loss", 0.4}, {"accuracy", 0.8}, {"val_loss", 0.2}, {"val_accuracy", 0.9}},
                                {{"loss", 0.2}, {"accuracy", 0.9}, {"val_loss", 0.3}, {"val_accuracy", 0.95}}});
  history.set_names({LogName("accuracy", true), LogName("val_accuracy", true)});
  return history;
}

/// A history of one number an epoch.
History numbers(const std::string& name, const std::vector<double>& values) {
  std::vector<Entries> epochs;
  for (const double value : values) epochs.push_back({{name, value}});
  return history_of(epochs);
}

}  // namespace

TEST_CASE("Loss and metrics get a panel each, with validation next to training and the best epoch marked") {
  const Figure figure = learning_curves(usual(), {.title = "A & B"});
  check_chart(figure);
  const std::string& svg = figure.bytes();
  for (const char* content : {"A &amp; B", "loss", "accuracy", "training", "validation", "epoch", "0.2", "0.9",
                              "best epoch: 2 (val_loss 0.2)"}) {
    CAPTURE(content);
    CHECK(has_text(svg, content));
  }
  CHECK(count_of(svg, "polyline", "blue-line") == 2);
  CHECK(count_of(svg, "polyline", "orange-line") == 2);
  CHECK(count_of(svg, "line", "dashed") == 2);
  CHECK(learning_curves(usual(), {.title = "A & B"}).bytes() == svg);
}

TEST_CASE("A curve passes through its numbers") {
  const std::string svg = learning_curves(numbers("loss", {1, 0, 0.5})).bytes();
  const std::string line = attribute(tags(svg, "polyline").at(0), "points");
  double x[3];
  double y[3];
  REQUIRE(std::sscanf(line.c_str(), "%lf,%lf %lf,%lf %lf,%lf", &x[0], &y[0], &x[1], &y[1], &x[2], &y[2]) == 6);
  CHECK(x[1] - x[0] == Approx(x[2] - x[1]));
  CHECK(y[1] - y[0] == Approx(170));  // the height of the panel: the axis goes from 0 to 1
  CHECK(y[2] - y[0] == Approx(85));
}

TEST_CASE("The best epoch follows the monitor, larger or smaller as it counts") {
  CHECK(has_text(learning_curves(usual(), {.monitor = "val_accuracy"}).bytes(), "best epoch: 3 (val_accuracy 0.95)"));
  CHECK(has_text(learning_curves(usual(), {.monitor = "loss"}).bytes(), "best epoch: 3 (loss 0.2)"));
  CHECK(has_text(learning_curves(numbers("loss", {3, 1, 2})).bytes(), "best epoch: 2 (loss 1)"));
  CHECK(learning_curves(numbers("accuracy", {1, 2})).bytes().find("best epoch") == std::string::npos);
  CHECK_THROWS_AS(learning_curves(usual(), {.monitor = "val_acuracy"}), ValueError);
}

TEST_CASE("Only the metrics that are asked for are drawn") {
  const std::string svg = learning_curves(usual(), {.metrics = {"accuracy"}}).bytes();
  CHECK(has_text(svg, "accuracy"));
  CHECK_FALSE(has_text(svg, "loss"));
  CHECK_THROWS_WITH(learning_curves(usual(), {.metrics = {"recall"}}), ContainsSubstring("loss, accuracy"));
}

TEST_CASE("The learning rate is drawn if it changes") {
  const auto with_rates = [](double first, double second) {
    return history_of({{{"learning_rate", first}, {"loss", 2}}, {{"learning_rate", second}, {"loss", 1}}});
  };
  const Figure changing = learning_curves(with_rates(1e-3, 1e-4));
  check_chart(changing);
  CHECK(has_text(changing.bytes(), "learning_rate (log)"));
  CHECK(has_text(changing.bytes(), "1e-3"));
  CHECK(has_text(changing.bytes(), "1e-4"));
  CHECK_FALSE(has_text(learning_curves(with_rates(1e-3, 1e-3)).bytes(), "learning_rate"));
}

TEST_CASE("NaN and infinite numbers are gaps, missing ones are not") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string gaps = learning_curves(numbers("loss", {3, 2, nan, 2, 1, INFINITY, 1})).bytes();
  CHECK(count_of(gaps, "polyline", "blue-line") == 2);
  CHECK(count_of(gaps, "circle", "blue") == 1);  // the last stands alone
  check_chart(learning_curves(numbers("loss", {nan, nan})));
  check_chart(learning_curves(numbers("loss", {-INFINITY, INFINITY, 1e300, -1e300})));
  const std::string seldom =
      learning_curves(history_of({{{"loss", 3}, {"val_loss", 3}}, {{"loss", 2}}, {{"loss", 1}, {"val_loss", 2}}}))
          .bytes();
  CHECK(count_of(seldom, "polyline", "orange-line") == 1);
}

TEST_CASE("Histories of one epoch, of one number and of any size are drawn") {
  check_chart(learning_curves(numbers("loss", {0.5})));
  check_chart(learning_curves(numbers("val_loss", {0.5, 0.25})));
  check_chart(learning_curves(numbers("loss", {0.5, 0.5, 0.5})));
  check_chart(learning_curves(numbers("loss", {0, 0})));
  check_chart(learning_curves(numbers("loss", {1e9, 1e-9})));
  check_chart(learning_curves(numbers("loss", {1e9, 1e9 + 1})));
  check_chart(learning_curves(numbers("loss", {-1e9, 1e9})));
  check_chart(learning_curves(numbers("loss", {1e-320, 2e-320, 1e-9})));
  check_chart(
      learning_curves(numbers("a metric <named> \"at\" length & with \xFF bytes, for whatever reason", {1, 2})));
  std::vector<double> many(1000);
  for (std::size_t epoch = 0; epoch < many.size(); ++epoch) many[epoch] = 1 / (1 + static_cast<double>(epoch));
  check_chart(learning_curves(numbers("val_loss", many)));
}

TEST_CASE("Panels of any number stand in rows") {
  for (const std::size_t metrics : {1U, 2U, 3U, 4U, 5U, 9U}) {
    Entries entries;
    for (std::size_t metric = 0; metric < metrics; ++metric) entries.push_back({"m" + std::to_string(metric), 0.5});
    const Figure figure = learning_curves(history_of({entries, entries}), {.title = std::string(300, 'W')});
    check_chart(figure);
    CHECK(count_of(figure.bytes(), "polyline", "blue-line") == metrics);
  }
}

TEST_CASE("A history without epochs or numbers is refused") {
  CHECK_THROWS_AS(learning_curves(History()), ValueError);
  CHECK_THROWS_AS(learning_curves(history_of({{}})), ValueError);
}
