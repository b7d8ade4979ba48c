// Precision and Recall: flattened as in Keras, and by class.

#include <vector>

#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/metrics/recall.hpp>

#include "catch.hpp"
#include "metrics/metric_rows.hpp"

using namespace nacre;

namespace {

// Four rows of three classes. The last has no output above a half.
const std::vector<float> outputs{0.8f, 0.1f, 0.1f, 0.6f, 0.3f, 0.1f, 0.1f, 0.2f, 0.7f, 0.4f, 0.3f, 0.3f};
const std::vector<float> one_hot{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
const std::vector<float> numbers{0, 1, 2, 0};

}  // namespace

TEST_CASE("all outputs count as one binary problem by default") {
  Precision precision;
  Recall recall;
  CategoricalAccuracy accuracy;
  add_batch(precision, 3, outputs, one_hot);
  add_batch(recall, 3, outputs, one_hot);
  add_batch(accuracy, 3, outputs, one_hot);
  CHECK(precision.result() == Approx(2.0 / 3));
  CHECK(recall.result() == Approx(2.0 / 4));
  CHECK(recall.result() <= accuracy.result());
}

TEST_CASE("class numbers serve as targets as one-hot rows do") {
  Recall from_one_hot;
  Recall from_numbers;
  add_batch(from_one_hot, 3, outputs, one_hot);
  add_batch(from_numbers, 3, outputs, numbers);
  CHECK(from_numbers.per_class() == from_one_hot.per_class());
  CHECK(from_numbers.result() == from_one_hot.result());
  CHECK_THROWS_WITH(add_batch(from_numbers, 3, {0, 0, 1}, {3}), ContainsSubstring("from 0 to 2, got 3"));
  CHECK_THROWS_AS(add_batch(from_numbers, 3, {0, 0, 1}, {0.5f}), ValueError);
}

TEST_CASE("results by class, and their averages") {
  Recall recall({.average = "macro"});
  add_batch(recall, 3, outputs, one_hot);
  CHECK(recall.per_class() == std::vector<double>{0.5, 0, 1});
  CHECK(recall.result() == Approx(0.5));

  Precision precision({.average = "macro"});
  add_batch(precision, 3, outputs, one_hot);
  CHECK(precision.per_class() == std::vector<double>{0.5, 0, 1});

  Recall weighted({.average = "weighted"});
  add_batch(weighted, 3, outputs, one_hot);
  CHECK(weighted.result() == Approx((2 * 0.5 + 0 + 1) / 4));
}

TEST_CASE("top_k lets only the largest outputs be positive, without a threshold of its own") {
  Recall first({.top_k = 1});
  add_batch(first, 3, outputs, one_hot);
  CHECK(first.result() == Approx(3.0 / 4));
  Recall second({.top_k = 2});
  add_batch(second, 3, outputs, one_hot);
  CHECK(second.result() == 1);
  Precision all({.top_k = 5});
  add_batch(all, 3, outputs, one_hot);
  CHECK(all.result() == Approx(4.0 / 12));
  Recall both({.thresholds = 0.5, .top_k = 2});
  add_batch(both, 3, outputs, one_hot);
  CHECK(both.result() == 0.5);

  // Of equal outputs the first are the larger ones.
  Precision equal({.top_k = 2});
  add_batch(equal, 4, {1, 1, 1, 1}, {1, 1, 0, 0});
  CHECK(equal.result() == 1);
}

TEST_CASE("class_id looks at one class") {
  Recall recall({.class_id = 0});
  add_batch(recall, 3, outputs, one_hot);
  CHECK(recall.result() == 0.5);
  CHECK(recall.per_class() == std::vector<double>{0.5});
  Recall beyond({.class_id = 3});
  CHECK_THROWS_WITH(add_batch(beyond, 3, outputs, one_hot), ContainsSubstring("class_id below the 3 outputs"));
}

TEST_CASE("the threshold is strict, and rows have weights") {
  Recall recall;
  add_batch(recall, 1, {0.5f, 0.6f}, {1, 1}, {1, 3});
  CHECK(recall.result() == 0.75);
  Precision none;
  add_batch(none, 1, {0.1f, 0.2f}, {1, 1});
  CHECK(none.result() == 0);
  CHECK(Recall().result() == 0);
}

TEST_CASE("counts gather over batches until reset") {
  Recall recall;
  add_batch(recall, 1, {0.9f}, {1});
  add_batch(recall, 1, {0.1f}, {1});
  CHECK(recall.result() == 0.5);
  CHECK_THROWS_AS(add_batch(recall, 2, {0.1f, 0.2f}, {1, 0}), ShapeError);
  recall.reset();
  CHECK(recall.result() == 0);
  add_batch(recall, 2, {0.1f, 0.9f}, {0, 1});
  CHECK(recall.result() == 1);
}

TEST_CASE("Precision and Recall refuse options outside what is allowed") {
  CHECK_THROWS_WITH(Recall({.average = "mean"}), ContainsSubstring("micro, macro or weighted"));
  CHECK_THROWS_AS(Precision({.top_k = 0}), ValueError);
  CHECK_THROWS_AS(Precision({.class_id = -1}), ValueError);
  CHECK_THROWS_AS(AnyMetric<float>(from_config<Recall>(Config("Recall", {{"top_k", ConfigValue(std::int64_t{0})}}))),
                  ValueError);
}

TEST_CASE("a held Recall can be asked for its classes") {
  AnyMetric<float> metric = Recall();
  add_batch(metric, 3, outputs, numbers);
  CHECK(metric.name() == "recall");
  CHECK(metric.get_if<Recall>()->per_class().size() == 3);
}

TEST_CASE("several thresholds have several results") {
  const std::vector<float> outputs{0.25f, 0.5f, 0.75f, 1};
  const std::vector<float> targets{1, 0, 1, 1};
  const ConfusionOptions several{.thresholds = {0.625, 0.125}};
  AnyMetric<float> precision = Precision(several);
  AnyMetric<float> recall = Recall(several);
  add_batch(precision, 1, outputs, targets);
  add_batch(recall, 1, outputs, targets);
  CHECK(precision.result() == 1);
  CHECK(precision.per_class() == std::vector<double>{1, 0.75});
  CHECK(recall.per_class() == std::vector<double>{2.0 / 3, 1});
}

TEST_CASE("files that call the thresholds by their former name are read") {
  register_metric<Recall>();
  const AnyMetric<float> read = Registry<AnyMetric<float>>::make(Config("Recall", {{"threshold", 0.25}}));
  CHECK(read == AnyMetric<float>(Recall({.thresholds = 0.25})));
  CHECK(Registry<AnyMetric<float>>::make(Config("Recall", {{"threshold", ConfigValue()}})) ==
        AnyMetric<float>(Recall()));
  CHECK(read.config().find("threshold") == nullptr);
}
