// Metrics are sums: what two have gathered of two parts is what one has gathered of both.

#include <nacre/metrics/metrics.hpp>

#include <array>
#include <string>
#include <vector>

#include "catch.hpp"
#include "metrics/metric_rows.hpp"

using namespace nacre;

namespace {

struct Rows {
  std::int64_t outputs;
  std::vector<float> predictions;
  std::vector<float> targets;
  std::vector<float> weights;
};

// Two batches for each way that targets may be given. The numbers are exact, so that sums do not depend on their order.
std::array<Rows, 2> batches_for(const std::string& name) {
  if (name.find("sparse_") == 0) {
    return {Rows{3, {0.75f, 0.25f, 0, 0, 0.25f, 0.75f}, {0, 1}, {1, 2}}, Rows{3, {0, 1, 0}, {1}, {0.5f}}};
  }
  return {Rows{3, {0.75f, 0.25f, 0, 0, 0.25f, 0.75f}, {1, 0, 0, 0, 1, 0}, {1, 2}},
          Rows{3, {0, 1, 0, 0.75f, 0.125f, 0.125f}, {0, 1, 0, 0, 0, 1}, {0.5f, 4}}};
}

void add(AnyMetric<float>& metric, const Rows& rows) {
  add_batch(metric, rows.outputs, rows.predictions, rows.targets, rows.weights);
}

std::vector<AnyMetric<float>> all_metrics() {
  return {Accuracy(),
          BinaryAccuracy(),
          CategoricalAccuracy(),
          SparseCategoricalAccuracy(),
          Mean(),
          Precision(),
          Recall(),
          Precision({.thresholds = 0.2, .average = "macro"}),
          Recall({.top_k = 2, .average = "weighted"}),
          Precision({.class_id = 1}),
          AUC(),
          AUC({.curve = "PR", .multi_label = true}),
          BinaryIoU(),
          ConcordanceCorrelation(),
          F1Score(),
          FBetaScore({.average = "weighted", .beta = 2, .threshold = 0.2}),
          FalseNegatives(),
          FalsePositives({.thresholds = {0.5, 0.125}}),
          IoU(2, {1}, {.sparse_y_pred = true}),
          LogCoshError(),
          MeanIoU(2),
          OneHotIoU(3, {0, 2}),
          OneHotMeanIoU(3),
          PearsonCorrelation(),
          PrecisionAtRecall(0.5),
          R2Score(),
          RecallAtPrecision(0.5),
          RootMeanSquaredError(),
          SensitivityAtSpecificity(0.5),
          SparseTopKCategoricalAccuracy({.k = 2}),
          SpecificityAtSensitivity(0.5),
          Sum(),
          TopKCategoricalAccuracy({.k = 2}),
          TrueNegatives(),
          TruePositives(),
          MeanSquaredError(),
          SparseCategoricalCrossentropy()};
}

}  // namespace

TEST_CASE("merging two metrics gives one over both") {
  for (const AnyMetric<float>& fresh : all_metrics()) {
    INFO(fresh.to_string());
    const auto batches = batches_for(fresh.name());
    AnyMetric<float> both = fresh;
    AnyMetric<float> first = fresh;
    AnyMetric<float> second = fresh;
    for (const Rows& batch : batches) add(both, batch);
    add(first, batches[0]);
    add(second, batches[1]);
    AnyMetric<float> empty = fresh;
    empty.merge(second);  // what has seen nothing takes over what the other has
    CHECK(empty.result() == second.result());
    first.merge(second);
    first.merge(fresh);  // and gives nothing
    CHECK(first.result() == Approx(both.result()).epsilon(1e-14));
    CHECK(first.per_class() == both.per_class());
    CHECK(second.result() == empty.result());  // the other is as it was
    first.reset();
    CHECK(first.result() == fresh.result());
  }
}

TEST_CASE("the list of metrics in this test has them all") {
  register_metrics<float>();
  std::vector<std::string> names;
  for (const AnyMetric<float>& metric : all_metrics()) names.push_back(metric.class_name());
#define NACRE_IS_TESTED(M)                                   \
  CHECK(Registry<AnyMetric<float>>::contains(M::type_name)); \
  CHECK(std::find(names.begin(), names.end(), M::type_name) != names.end());
  NACRE_METRICS(NACRE_IS_TESTED)
#undef NACRE_IS_TESTED
#define NACRE_IS_KNOWN(L) CHECK(Registry<AnyMetric<float>>::contains(L::type_name));
  NACRE_ROW_LOSSES(NACRE_IS_KNOWN)
#undef NACRE_IS_KNOWN
}

namespace {

struct Largest {
  static constexpr std::string_view type_name = "Largest";
  void reset() {}
  template <class T>
  void update(const MetricStep<T>&) {}
  double result() const { return 0; }
};

}  // namespace

TEST_CASE("metrics that do not go together are not merged") {
  AnyMetric<float> precision = Precision();
  CHECK_THROWS_AS(precision.merge(AnyMetric<float>(Recall())), ValueError);
  CHECK_THROWS_WITH(precision.merge(AnyMetric<float>(Precision({.top_k = 2}))),
                    ContainsSubstring("merge: expected two metrics of one class and options, got Precision("));
  AnyMetric<float> three = Recall();
  AnyMetric<float> two = Recall();
  add_batch(three, 3, {1, 0, 0}, {1, 0, 0});
  add_batch(two, 2, {1, 0}, {1, 0});
  CHECK_THROWS_WITH(three.merge(two), "Recall: expected a metric of 3 classes to merge with, got 2");
  AnyMetric<float> sparse = Accuracy();
  AnyMetric<float> categorical = Accuracy();
  add_batch(sparse, 3, {1, 0, 0}, {1});
  add_batch(categorical, 3, {1, 0, 0}, {1, 0, 0});
  CHECK_THROWS_AS(sparse.merge(categorical), ShapeError);
  AnyMetric<float> largest = Largest();
  CHECK_THROWS_WITH(largest.merge(AnyMetric<float>(Largest())),
                    "Largest: cannot be merged; it lacks void merge(const Largest& other)");
}

TEST_CASE("a metric says which direction is better, or does not") {
  CHECK(AnyMetric<float>(Accuracy()).larger_is_better() == true);
  CHECK(AnyMetric<float>(Recall()).larger_is_better() == true);
  CHECK(AnyMetric<float>(Mean()).larger_is_better() == std::nullopt);
  CHECK(AnyMetric<float>(Largest()).larger_is_better() == std::nullopt);
}
