// Scores of a classifier: against numbers worked out by hand after scikit-learn's definitions.

#include "figure_testing.hpp"

#include <nacre/reports/class_scores.hpp>
#include <nacre/reports/scores.hpp>

using namespace nacre::reports;
using figure_testing::classified;

namespace {

Classification six_samples() { return classified({0, 1, 2, 2, 1, 0}, {0, 2, 2, 2, 1, 1}, 4); }

void check_score(const ClassScore& score, double precision, double recall, double f1, std::int64_t support) {
  CHECK(score.precision == Approx(precision));
  CHECK(score.recall == Approx(recall));
  CHECK(score.f1 == Approx(f1));
  CHECK(score.support == support);
}

}  // namespace

TEST_CASE("Confusions are counted with the truth in rows") {
  const CountMatrix expected{{1, 1, 0, 0}, {0, 1, 1, 0}, {0, 0, 2, 0}, {0, 0, 0, 0}};
  CHECK((count_confusions(six_samples()) == expected));
  CHECK(share_correct(six_samples()) == Approx(4.0 / 6));
}

TEST_CASE("Classes are scored as scikit-learn does, 0 where nothing is defined") {
  const auto scores = score_classes(six_samples());
  REQUIRE(scores.size() == 4);
  check_score(scores[0], 1, 0.5, 2.0 / 3, 2);
  check_score(scores[1], 0.5, 0.5, 0.5, 2);
  check_score(scores[2], 2.0 / 3, 1, 0.8, 2);
  check_score(scores[3], 0, 0, 0, 0);
  check_score(macro_average(scores), 13.0 / 24, 0.5, 59.0 / 120, 6);
  check_score(weighted_average(scores), 13.0 / 18, 2.0 / 3, 59.0 / 90, 6);
}

TEST_CASE("Without samples all scores are 0") {
  const Classification none({}, xt::zeros<float>({0, 3}));
  CHECK(share_correct(none) == 0);
  for (const ClassScore& score : score_classes(none)) check_score(score, 0, 0, 0, 0);
  check_score(weighted_average(score_classes(none)), 0, 0, 0, 0);
  figure_testing::check_chart(class_scores(none));
}

TEST_CASE("The table of scores names each class with its numbers") {
  const Figure figure = class_scores(six_samples(), {.class_names = {"cat", "d<o>g", "", "\u732B"}});
  figure_testing::check_chart(figure);
  for (const char* content : {"cat", "d&lt;o&gt;g", "2", "\u732B", "0.6667", "0.8000", "1.0000", "0.5417", "0.7222",
                              "macro average", "weighted average", "6"}) {
    CAPTURE(content);
    CHECK(figure_testing::has_text(figure.bytes(), content));
  }
  // Six rows of three bars, of which class 3's are empty.
  CHECK(figure_testing::count_of(figure.bytes(), "rect", "track") == 18);
  CHECK(figure_testing::count_of(figure.bytes(), "rect", "blue") == 15);
  CHECK(class_scores(six_samples()).bytes() == class_scores(six_samples()).bytes());
}

TEST_CASE("A table of a hundred classes with long names holds all texts") {
  std::vector<std::int64_t> labels(100);
  ClassNames names;
  for (std::int64_t label = 0; label < 100; ++label) {
    labels[static_cast<std::size_t>(label)] = label;
    names.push_back("a name that is much too long for any table, " + std::to_string(label));
  }
  figure_testing::check_chart(class_scores(classified(labels, labels, 100), {.class_names = names}));
}
