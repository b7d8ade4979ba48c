// Classification: predicted classes, the order of the misclassified, and what is refused.

#include "catch.hpp"

#include <limits>

#include <nacre/nacre.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

using namespace nacre;
using reports::Classification;

TEST_CASE("Classification ranks classes and puts the worst mistakes first") {
  const Classification found(
      {0, 1, 2, 2},
      xt::xarray<float>{{0.7F, 0.2F, 0.1F}, {0.6F, 0.3F, 0.1F}, {0.5F, 0.4F, 0.1F}, {0.25F, 0.25F, 0.5F}});
  CHECK(found.size() == 4);
  CHECK(found.classes() == 3);
  CHECK(found.predicted(0) == 0);
  CHECK(found.confidence(0) == Approx(0.7));
  CHECK(found.correct(3));
  CHECK(found.ranked(3) == std::vector<std::int64_t>{2, 0, 1});
  CHECK(found.misclassified() == std::vector<std::int64_t>{2, 1});
}

TEST_CASE("Classification takes what is no number for the least probable") {
  constexpr float none = std::numeric_limits<float>::quiet_NaN();
  const Classification found({0, 1, 1}, xt::xarray<float>{{none, 0.2F, 0.8F}, {0.1F, 0.2F, none}, {0.3F, none, 0.2F}});
  CHECK(found.ranked(0) == std::vector<std::int64_t>{2, 1, 0});
  CHECK(found.ranked(1) == std::vector<std::int64_t>{1, 0, 2});
  CHECK(found.misclassified() == std::vector<std::int64_t>{0, 2});
}

TEST_CASE("Classification refuses probabilities that do not belong to the classes") {
  CHECK_THROWS_AS(Classification({0, 1}, xt::xarray<float>{{0.5F, 0.5F}}), ShapeError);
  CHECK_THROWS_AS(Classification({2}, xt::xarray<float>{{0.5F, 0.5F}}), ValueError);
}

TEST_CASE("classify predicts each sample of a data set") {
  set_random_seed(1);
  const auto data = datasets::synthetic_digits(20, 1);
  Sequential model{Input({28, 28, 1}), Flatten(), Dense(10, {.activation = softmax})};
  const Classification found = reports::classify(model, data);
  REQUIRE(found.size() == 20);
  for (std::int64_t sample = 0; sample < 20; ++sample) CHECK(found.truth(sample) == data.label(sample));
  Sequential regression{Input({28, 28, 1}), Flatten(), Dense(1)};
  CHECK_THROWS_AS(reports::classify(regression, data), ShapeError);
}

TEST_CASE("A figure is saved under the name of its format only") {
  const reports::Figure figure(reports::Figure::Format::svg, "<svg/>");
  CHECK(figure.media_type() == "image/svg+xml");
  CHECK_THROWS_AS(figure.save("figure.png"), ValueError);
}
