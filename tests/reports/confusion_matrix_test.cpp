// The confusion matrix as a chart: what stands in its cells, and what it leaves out when it is large.

#include "figure_testing.hpp"

#include <algorithm>

#include <nacre/reports/confusion_matrix.hpp>

using namespace nacre::reports;
using namespace figure_testing;

namespace {

/// What stands in the cells, row by row: texts in the middle that do not name a class or an axis.
std::vector<std::string> cell_texts(const Figure& figure) {
  std::vector<std::string> all;
  for (const Text& text : texts(figure.bytes())) {
    const std::string css = attribute(text.tag, "class");
    if (attribute(text.tag, "text-anchor") == "middle" && css != "muted") all.push_back(text.content);
  }
  return all;
}

/// Samples of `classes` classes, some of which are taken for others.
Classification many(std::int64_t classes, std::int64_t samples) {
  std::vector<std::int64_t> truth;
  std::vector<std::int64_t> predicted;
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    truth.push_back(sample % classes);
    predicted.push_back(sample % 7 == 3 ? (sample * 5 + 1) % classes : truth.back());
  }
  return classified(truth, predicted, classes);
}

}  // namespace

TEST_CASE("The cells hold the counts, rows for the truth") {
  const Figure figure = confusion_matrix(classified({0, 0, 0, 1, 1, 2}, {0, 0, 1, 1, 1, 0}, 3));
  check_chart(figure);
  auto cells = cell_texts(figure);
  REQUIRE(cells.size() == 12);  // 9 cells and 3 names below
  cells.resize(9);
  CHECK(cells == std::vector<std::string>{"2", "1", "0", "0", "2", "0", "1", "0", "0"});
  CHECK(has_text(figure.bytes(), "true class"));
  CHECK(has_text(figure.bytes(), "predicted class"));
  CHECK(has_text(figure.bytes(), "6 samples, 66.67 % right"));
}

TEST_CASE("Normalized, the cells hold shares of the true class in percent") {
  const Figure figure = confusion_matrix(classified({0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 1, 1}, 3), {.normalize = true});
  check_chart(figure);
  auto cells = cell_texts(figure);
  cells.resize(9);
  CHECK(cells == std::vector<std::string>{"66.7", "33.3", "0", "0", "100.0", "0", "0", "0", "0"});
}

TEST_CASE("A matrix of any size keeps its texts apart") {
  for (const std::int64_t classes : {2, 3, 10, 15, 25, 40, 64, 100}) {
    CAPTURE(classes);
    for (const bool normalize : {false, true})
      check_chart(confusion_matrix(many(classes, 5000), {.normalize = normalize}));
    ClassNames names;
    for (std::int64_t label = 0; label < classes; ++label)
      names.push_back("a long & <odd> name \u732B " + std::to_string(label));
    check_chart(confusion_matrix(many(classes, 5000), {.class_names = names}));
  }
}

TEST_CASE("Numbers are left out where cells are too small for them") {
  CHECK(cell_texts(confusion_matrix(many(10, 5000))).size() == 110);
  const auto labels = cell_texts(confusion_matrix(many(100, 5000)));
  CHECK(labels.size() < 100);  // not even each class is named
  CHECK(std::find(labels.begin(), labels.end(), "5") != labels.end());
}

TEST_CASE("A matrix without samples or without mistakes is drawn, too") {
  check_chart(confusion_matrix(Classification({}, xt::zeros<float>({0, 4}))));
  const Figure perfect = confusion_matrix(classified({0, 1}, {0, 1}, 2));
  check_chart(perfect);
  CHECK(has_text(perfect.bytes(), "right"));
  CHECK_FALSE(has_text(perfect.bytes(), "wrong"));
}

TEST_CASE("The same classification gives the same bytes") {
  CHECK(confusion_matrix(many(10, 500)).bytes() == confusion_matrix(many(10, 500)).bytes());
}
