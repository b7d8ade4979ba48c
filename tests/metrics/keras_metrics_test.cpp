// Metrics of Keras on small batches whose results can be computed by hand.

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <nacre/metrics/metrics.hpp>

#include "catch.hpp"
#include "metrics/metric_rows.hpp"

using namespace nacre;

namespace {

double result_of(AnyMetric<float> metric, std::int64_t outputs, const std::vector<float>& predictions,
                 const std::vector<float>& targets, const std::vector<float>& weights = {}) {
  add_batch(metric, outputs, predictions, targets, weights);
  return metric.result();
}

std::vector<double> classes_of(AnyMetric<float> metric, std::int64_t outputs, const std::vector<float>& predictions,
                               const std::vector<float>& targets) {
  add_batch(metric, outputs, predictions, targets);
  return metric.per_class();
}

void check_values(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]));
}

}  // namespace

TEST_CASE("the right class may be among the largest outputs") {
  const std::vector<float> outputs{0.1f, 0.7f, 0.2f, 0.5f, 0.3f, 0.2f};
  CHECK(result_of(TopKCategoricalAccuracy({.k = 1}), 3, outputs, {0, 0, 1, 1, 0, 0}) == 0.5);
  CHECK(result_of(TopKCategoricalAccuracy({.k = 2}), 3, outputs, {0, 0, 1, 1, 0, 0}) == 1);
  CHECK(result_of(TopKCategoricalAccuracy(), 3, outputs, {0, 0, 1, 1, 0, 0}) == 1);
  CHECK(result_of(SparseTopKCategoricalAccuracy({.k = 2}), 3, outputs, {0, 0}, {1, 3}) == 0.75);
  CHECK(result_of(SparseTopKCategoricalAccuracy({.k = 2}), 3, outputs, {-1, 5}) == 0);
  CHECK(result_of(SparseTopKCategoricalAccuracy({.k = 1}), 3, {1, 1, 0}, {1}) == 1);  // ties are in
  const float nan = std::nanf("");
  CHECK(result_of(SparseTopKCategoricalAccuracy({.k = 2}), 3, {nan, 0.2f, 0.1f}, {0}) == 0);
  CHECK(result_of(SparseTopKCategoricalAccuracy({.k = 2, .from_sorted_ids = true}), 3, {4, 7, 1, 0, 1, 2}, {7, 2}) ==
        0.5);
  CHECK_THROWS_AS(TopKCategoricalAccuracy({.k = 0}), ValueError);
  CHECK_THROWS_WITH(result_of(SparseTopKCategoricalAccuracy(), 3, outputs, {0, 0, 1, 1, 0, 0}),
                    ContainsSubstring("use TopKCategoricalAccuracy"));
}

TEST_CASE("outcomes are counted at each threshold") {
  const std::vector<float> outputs{1, 0, 1, 1};
  const std::vector<float> targets{0, 1, 1, 1};
  CHECK(result_of(TruePositives(), 1, outputs, targets) == 2);
  CHECK(result_of(TruePositives(), 1, outputs, targets, {0, 0, 1, 0}) == 1);
  CHECK(result_of(FalsePositives(), 1, outputs, targets) == 1);
  CHECK(result_of(FalseNegatives(), 1, outputs, targets, {1, 4, 1, 1}) == 4);
  CHECK(result_of(TrueNegatives(), 2, {0, 1, 0.25f, 1}, {0, 1, 0, 0}) == 2);
  const OutcomeOptions several{.thresholds = {0.75, 0.25, 0.5}};
  CHECK(classes_of(TruePositives(several), 1, {0.3f, 0.5f, 0.6f, 0.9f}, {1, 1, 1, 1}) == std::vector<double>{1, 4, 2});
  CHECK(result_of(TruePositives(several), 1, {0.3f, 0.5f, 0.6f, 0.9f}, {1, 1, 1, 1}) == 1);
  CHECK(classes_of(FalseNegatives(several), 1, {0.3f, 0.5f, 0.6f, 0.9f}, {1, 1, 1, 1}) == std::vector<double>{3, 0, 2});
  CHECK_THROWS_WITH(FalseNegatives({.thresholds = {0.5, 1.5}}),
                    "FalseNegatives: expected thresholds from 0 to 1, got 1.5");
  CHECK_THROWS_AS(result_of(TrueNegatives(), 3, {1, 2, 3}, {1}), ShapeError);
}

TEST_CASE("the area under a curve") {
  const std::vector<float> outputs{0, 0.5f, 0.3f, 0.9f};
  const std::vector<float> targets{0, 0, 1, 1};
  CHECK(result_of(AUC({.num_thresholds = 3}), 1, outputs, targets) == Approx(0.75));
  CHECK(result_of(AUC({.num_thresholds = 3}), 1, outputs, targets, {1, 0, 0, 1}) == Approx(1));
  CHECK(result_of(AUC(), 1, outputs, targets) == Approx(0.75));
  CHECK(result_of(AUC({.thresholds = {{0.5}}}), 1, outputs, targets) == Approx(0.75));
  // Points of the curve, (false positive rate, recall): (1, 1), (0, 0.5), (0, 0).
  CHECK(result_of(AUC({.num_thresholds = 3, .summation_method = "minoring"}), 1, outputs, targets) == Approx(0.5));
  CHECK(result_of(AUC({.num_thresholds = 3, .summation_method = "majoring"}), 1, outputs, targets) == Approx(1));
  // (recall, precision): (1, 0.5), (0.5, 1), (0, 0).
  CHECK(result_of(AUC({.num_thresholds = 3, .curve = "PR", .summation_method = "minoring"}), 1, outputs, targets) ==
        Approx(0.25));
  CHECK(result_of(AUC({.num_thresholds = 3, .curve = "PR", .summation_method = "majoring"}), 1, outputs, targets) ==
        Approx(1));
  CHECK(result_of(AUC({.from_logits = true}), 1, {-5, 0, -0.8f, 2}, targets) == Approx(0.75));

  // The second output is perfect, the first as before.
  const std::vector<float> two{0, 0.1f, 0.5f, 0.2f, 0.3f, 0.8f, 0.9f, 0.9f};
  const std::vector<float> labels{0, 0, 0, 0, 1, 1, 1, 1};
  check_values(classes_of(AUC({.multi_label = true}), 2, two, labels), {0.75, 1});
  CHECK(result_of(AUC({.multi_label = true}), 2, two, labels) == Approx(0.875));
  CHECK(result_of(AUC({.multi_label = true, .label_weights = {{3, 1}}}), 2, two, labels) == Approx(0.8125));
  CHECK(result_of(AUC({.label_weights = {{0, 1}}}), 2, two, labels) == Approx(1));
  CHECK(classes_of(AUC(), 2, two, labels).empty());
  CHECK(AnyMetric<float>(AUC()).result() == 0);

  CHECK_THROWS_AS(AUC({.curve = "roc curve"}), ValueError);
  CHECK_THROWS_AS(AUC({.num_thresholds = 1}), ValueError);
  CHECK_THROWS_AS(AUC({.thresholds = {{2}}}), ValueError);
  CHECK_THROWS_AS(result_of(AUC({.multi_label = true, .num_labels = 3}), 2, two, labels), ShapeError);
  CHECK_THROWS_AS(result_of(AUC({.label_weights = {{1, 2, 3}}}), 2, two, labels), ShapeError);
}

TEST_CASE("the best of one score where another is large enough") {
  const std::vector<float> outputs{0, 0.3f, 0.8f, 0.3f, 0.8f};
  const std::vector<float> targets{0, 0, 0, 1, 1};
  CHECK(result_of(PrecisionAtRecall(0.5), 1, outputs, targets) == Approx(0.5));
  CHECK(result_of(PrecisionAtRecall(0.5), 1, outputs, targets, {2, 2, 2, 1, 1}) == Approx(1.0 / 3));
  CHECK(result_of(SensitivityAtSpecificity(0.5), 1, outputs, targets) == Approx(0.5));
  CHECK(result_of(SensitivityAtSpecificity(0.5), 1, outputs, targets, {1, 1, 2, 2, 1}) == Approx(1.0 / 3));
  CHECK(result_of(SpecificityAtSensitivity(0.5), 1, outputs, targets) == Approx(2.0 / 3));
  CHECK(result_of(SpecificityAtSensitivity(0.5), 1, outputs, targets, {1, 1, 2, 2, 2}) == Approx(0.5));
  CHECK(result_of(RecallAtPrecision(0.8), 1, {0, 0.5f, 0.3f, 0.9f}, {0, 0, 1, 1}) == Approx(0.5));
  CHECK(result_of(RecallAtPrecision(0.8), 1, {0, 0.5f, 0.3f, 0.9f}, {0, 0, 1, 1}, {1, 0, 0, 1}) == Approx(1));
  CHECK(result_of(RecallAtPrecision(1), 1, {0.9f, 0.1f}, {0, 1}) == 0);
  CHECK(result_of(PrecisionAtRecall(0.5, {.num_thresholds = 1}), 1, outputs, targets) == Approx(0.5));
  CHECK(result_of(PrecisionAtRecall(1, {.class_id = 1}), 2, {1, 0.2f, 0, 0.9f}, {0, 0, 1, 1}) == Approx(1));
  CHECK_THROWS_WITH(PrecisionAtRecall(1.5), "PrecisionAtRecall: expected recall from 0 to 1, got 1.5");
  CHECK_THROWS_AS(RecallAtPrecision(0.5, {.num_thresholds = 0}), ValueError);
  CHECK_THROWS_AS(result_of(PrecisionAtRecall(1, {.class_id = 2}), 2, {1, 0}, {1, 0}), ValueError);
}

TEST_CASE("how far areas overlap") {
  const std::vector<float> outputs{0, 1, 0, 1};
  const std::vector<float> targets{0, 0, 1, 1};
  CHECK(result_of(IoU(2, {0}), 1, outputs, targets) == Approx(1.0 / 3));
  CHECK(result_of(IoU(2, {0}), 1, outputs, targets, {0.3f, 0.3f, 0.3f, 0.1f}) == Approx(1.0 / 3));
  CHECK(result_of(IoU(2, {1}), 4, outputs, targets) == Approx(1.0 / 3));
  CHECK(result_of(MeanIoU(2), 1, outputs, targets, {0.3f, 0.3f, 0.3f, 0.1f}) == Approx(0.23809525));
  check_values(classes_of(MeanIoU(3), 1, outputs, targets), {1.0 / 3, 1.0 / 3, -1});
  CHECK(result_of(MeanIoU(3), 1, outputs, targets) == Approx(1.0 / 3));
  CHECK(result_of(MeanIoU(2, {.ignore_class = 255}), 1, outputs, {0, 255, 1, 1}) == Approx(0.5));
  CHECK(result_of(BinaryIoU({.target_class_ids = {0, 1}, .threshold = 0.3}), 1, {0.1f, 0.2f, 0.4f, 0.7f},
                  {0, 1, 0, 1}) == Approx(1.0 / 3));
  CHECK(result_of(BinaryIoU({.threshold = 0.3}), 1, {0.1f, 0.2f, 0.4f, 0.7f}, {0, 1, 0, 1}, {0.2f, 0.3f, 0.4f, 0.1f}) ==
        Approx(0.17361112));
  const std::vector<float> scores{0.2f, 0.3f, 0.5f, 0.1f, 0.2f, 0.7f, 0.5f, 0.3f, 0.1f, 0.1f, 0.4f, 0.5f};
  const std::vector<float> one_hot{0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0};
  const std::vector<float> weights{0.1f, 0.2f, 0.3f, 0.4f};
  CHECK(result_of(OneHotIoU(3, {0, 2}), 3, scores, one_hot, weights) == Approx(0.07142856));
  CHECK(result_of(OneHotMeanIoU(3), 3, scores, one_hot, weights) == Approx(0.047619));
  CHECK(result_of(MeanIoU(3, {.sparse_y_pred = false}), 3, scores, {2, 0, 1, 0}, weights) == Approx(0.047619));
  CHECK_THROWS_WITH(result_of(MeanIoU(2), 1, {3}, {0}),
                    "MeanIoU: row 0: expected a prediction that is the number of a class from 0 to 1, got 3");
  CHECK_THROWS_WITH(IoU(2, {2}), "IoU: expected target_class_ids from 0 to 1, got 2");
  CHECK_THROWS_AS(MeanIoU(0), ValueError);
  CHECK_THROWS_AS(result_of(MeanIoU(3), 3, scores, {2, 0, 1, 0}), ShapeError);
}

TEST_CASE("means of precision and recall") {
  const std::vector<float> outputs{0.2f, 0.6f, 0.7f, 0.2f, 0.6f, 0.6f, 0.6f, 0.8f, 0};
  const std::vector<float> targets{1, 1, 1, 1, 0, 0, 1, 1, 0};
  check_values(classes_of(F1Score({.threshold = 0.5}), 3, outputs, targets), {0.5, 0.8, 2.0 / 3});
  check_values(classes_of(FBetaScore({.beta = 2, .threshold = 0.5}), 3, outputs, targets),
               {0.3846154, 0.90909094, 0.8333334});
  CHECK(result_of(F1Score({.average = "macro", .threshold = 0.5}), 3, outputs, targets) == Approx(5.9 / 9));
  CHECK(result_of(F1Score({.threshold = 0.5}), 3, outputs, targets) == Approx(5.9 / 9));
  CHECK(result_of(F1Score({.average = "weighted", .threshold = 0.5}), 3, outputs, targets) ==
        Approx((3 * 0.5 + 2 * 0.8 + 2.0 / 3) / 6));
  CHECK(result_of(F1Score({.average = "micro", .threshold = 0.5}), 3, outputs, targets) == Approx(2 * 4 / (6 + 6.0)));
  // Without a threshold the largest is positive, but no row of zeros.
  CHECK(result_of(F1Score({.average = "micro"}), 2, {0, 0, 0.2f, 0.1f}, {1, 0, 1, 0}) == Approx(2.0 / 3));
  CHECK(AnyMetric<float>(F1Score()).name() == "f1_score");
  CHECK(AnyMetric<float>(FBetaScore()).name() == "fbeta_score");
  CHECK(AnyMetric<float>("f1_score") == AnyMetric<float>(F1Score()));
  CHECK_THROWS_AS(F1Score({.average = "mean"}), ValueError);
  CHECK_THROWS_AS(FBetaScore({.beta = 0}), ValueError);
  CHECK_THROWS_AS(F1Score({.threshold = 0}), ValueError);
}

TEST_CASE("scores of regressions") {
  CHECK(result_of(R2Score(), 1, {2, 4, 4}, {1, 4, 3}) == Approx(0.57142854));
  CHECK(result_of(R2Score(), 1, {1002, 1004, 1004}, {1001, 1004, 1003}) == Approx(0.57142854));
  CHECK(result_of(R2Score({.num_regressors = 1}), 1, {2, 4, 4}, {1, 4, 3}) == Approx(1 - (1 - 0.57142854) * 2));
  CHECK(result_of(R2Score({.num_regressors = 5}), 1, {2, 4, 4}, {1, 4, 3}) == Approx(0.57142854));
  CHECK(result_of(R2Score(), 1, {2, 4}, {3, 3}) == 0);
  const std::vector<float> outputs{2, 0, 4, 0, 4, 0};
  const std::vector<float> targets{1, 0, 4, 3, 3, 0};
  check_values(classes_of(R2Score(), 2, outputs, targets), {0.57142854, -0.5});
  CHECK(result_of(R2Score(), 2, outputs, targets) == Approx((0.57142854 - 0.5) / 2));
  CHECK(result_of(R2Score({.class_aggregation = "variance_weighted_average"}), 2, outputs, targets) ==
        Approx((14.0 / 3 * 0.57142854 - 6 * 0.5) / (14.0 / 3 + 6)));
  CHECK(AnyMetric<float>(R2Score()).name() == "r2_score");
  CHECK_THROWS_AS(R2Score({.class_aggregation = "mean"}), ValueError);

  CHECK(result_of(RootMeanSquaredError(), 2, {1, 1, 0, 0}, {0, 1, 0, 0}) == 0.5);
  CHECK(result_of(RootMeanSquaredError(), 2, {1, 1, 0, 0}, {0, 1, 0, 0}, {1, 0}) == Approx(std::sqrt(0.5)));
  const std::vector<float> t{0, 1, 0.5f, 1, 1, 0.2f};
  const std::vector<float> p{0.1f, 0.9f, 0.5f, 1, 0.9f, 0.2f};
  CHECK(result_of(PearsonCorrelation(), 3, p, t) == Approx(0.9966996));
  CHECK(result_of(ConcordanceCorrelation(), 3, p, t) == Approx(0.9816320));
  CHECK_THROWS_AS(PearsonCorrelation({.axis = 1}), ValueError);
  CHECK(result_of(Sum(), 2, {1, 2, 3, 4}, {0, 0, 0, 0}, {1, 2}) == 17);
}

TEST_CASE("a loss of rows is a metric") {
  CHECK(result_of(MeanSquaredError(), 2, {1, 1, 0, 0}, {0, 1, 0, 0}) == 0.25);
  CHECK(result_of(MeanSquaredError({.reduction = "sum"}), 2, {1, 1, 0, 0}, {0, 1, 0, 0}, {3, 1}) == 0.375);
  CHECK(result_of(CosineSimilarity(), 2, {1, 0, 1, 1}, {0, 1, 1, 1}) == Approx(0.5));
  CHECK(result_of(LogCoshError(), 2, {1, 1, 0, 0}, {0, 1, 0, 0}) == Approx(0.108445));
  CHECK(result_of(SparseCategoricalCrossentropy({.ignore_class = 9}), 2, {0.5f, 0.5f, 0.25f, 0.75f}, {9, 1}) ==
        Approx(-std::log(0.75)));
  CHECK(AnyMetric<float>("mse").name() == "mean_squared_error");
  CHECK(AnyMetric<float>("mse") == AnyMetric<float>(MeanSquaredError()));
  CHECK(AnyMetric<float>(KLDivergence()).name() == "kl_divergence");
  CHECK(AnyMetric<float>(LogCoshError()).name() == "logcosh");
  CHECK(AnyMetric<float>(MeanAbsoluteError({.name = "error"})).name() == "error");
  CHECK(AnyMetric<float>(MeanAbsoluteError()).larger_is_better() == false);
  CHECK(AnyMetric<float>(CosineSimilarity()).larger_is_better() == true);
  const AnyMetric<float> metric = Huber({.delta = 2});
  register_metrics<float>();
  CHECK(Registry<AnyMetric<float>>::make(metric.config()) == metric);
  CHECK(metric.get_if<Huber>() == nullptr);
  CHECK_THROWS_AS(result_of(MeanSquaredError(), 3, {1, 2, 3}, {1}), ShapeError);
  CHECK_THROWS_AS(AnyMetric<float>(CosineSimilarity({.axis = 1})), ValueError);
}

TEST_CASE("a proportion has a confidence interval") {
  AnyMetric<float> accuracy = BinaryAccuracy();
  CHECK(accuracy.interval() == std::nullopt);
  add_batch(accuracy, 1, {1, 1, 1, 1, 0, 0, 0, 0, 1, 0}, {1, 1, 1, 1, 0, 0, 0, 0, 0, 1});
  // 8 of 10; Wilson's interval as statistics' tables have it.
  REQUIRE(accuracy.interval());
  CHECK(accuracy.interval()->low == Approx(0.4902).epsilon(1e-3));
  CHECK(accuracy.interval()->high == Approx(0.9433).epsilon(1e-3));
  AnyMetric<float> recall = Recall();
  add_batch(recall, 1, {1, 1, 0, 1}, {1, 1, 1, 0});
  CHECK(recall.interval()->low == Approx(wilson_interval(2, 3).low));
  CHECK(AnyMetric<float>(Recall({.average = "macro"})).interval() == std::nullopt);
  AnyMetric<float> error = MeanSquaredError();
  add_batch(error, 1, {1}, {0});
  CHECK(error.interval() == std::nullopt);
}
