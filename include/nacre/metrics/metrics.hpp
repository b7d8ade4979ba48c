#pragma once
// All metrics: the one list of them, and metrics by Keras' names.

#include <string_view>

#include <nacre/losses/losses.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/metrics/auc.hpp>
#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/binary_iou.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/concordance_correlation.hpp>
#include <nacre/metrics/f1_score.hpp>
#include <nacre/metrics/false_negatives.hpp>
#include <nacre/metrics/false_positives.hpp>
#include <nacre/metrics/fbeta_score.hpp>
#include <nacre/metrics/iou.hpp>
#include <nacre/metrics/log_cosh_error.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/mean_iou.hpp>
#include <nacre/metrics/one_hot_iou.hpp>
#include <nacre/metrics/one_hot_mean_iou.hpp>
#include <nacre/metrics/pearson_correlation.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/metrics/precision_at_recall.hpp>
#include <nacre/metrics/r2_score.hpp>
#include <nacre/metrics/recall.hpp>
#include <nacre/metrics/recall_at_precision.hpp>
#include <nacre/metrics/root_mean_squared_error.hpp>
#include <nacre/metrics/sensitivity_at_specificity.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>
#include <nacre/metrics/sparse_top_k_categorical_accuracy.hpp>
#include <nacre/metrics/specificity_at_sensitivity.hpp>
#include <nacre/metrics/sum.hpp>
#include <nacre/metrics/top_k_categorical_accuracy.hpp>
#include <nacre/metrics/true_negatives.hpp>
#include <nacre/metrics/true_positives.hpp>

/// The list of nacre's metrics.
// clang-format off
#define NACRE_METRICS(X) \
  X(Accuracy) X(AUC) X(BinaryAccuracy) X(BinaryIoU) X(CategoricalAccuracy) X(ConcordanceCorrelation) X(F1Score) \
  X(FalseNegatives) X(FalsePositives) X(FBetaScore) X(IoU) X(LogCoshError) X(Mean) X(MeanIoU) X(OneHotIoU) \
  X(OneHotMeanIoU) X(PearsonCorrelation) X(Precision) X(PrecisionAtRecall) X(R2Score) X(Recall) X(RecallAtPrecision) \
  X(RootMeanSquaredError) X(SensitivityAtSpecificity) X(SparseCategoricalAccuracy) X(SparseTopKCategoricalAccuracy) \
  X(SpecificityAtSensitivity) X(Sum) X(TopKCategoricalAccuracy) X(TrueNegatives) X(TruePositives)
// clang-format on

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#if !NACRE_HEADER_ONLY
// What they do stands in nacre::compiled once.
#define NACRE_COMPILED_CLASS(M)                                                            \
  extern template const detail::MetricClass<float>& AnyMetric<float>::compiled_class<M>(); \
  extern template const detail::MetricClass<double>& AnyMetric<double>::compiled_class<M>();
NACRE_METRICS(NACRE_COMPILED_CLASS)
NACRE_ROW_LOSSES(NACRE_COMPILED_CLASS)
#undef NACRE_COMPILED_CLASS
#endif

/// Makes nacre's metrics, and the losses that serve as some, known to `Registry<AnyMetric<T>>`.
template <class T>
void register_metrics() {
  detail::ClassList<void NACRE_METRICS(NACRE_NEXT_CLASS) NACRE_ROW_LOSSES(NACRE_NEXT_CLASS)>::visit(
      []<class... M>() { Registry<AnyMetric<T>>::template add<M...>(); });
}

#if !NACRE_HEADER_ONLY
extern template void register_metrics<float>();
extern template void register_metrics<double>();
#endif

template <class T>
AnyMetric<T>::AnyMetric(std::string_view name) {
  static constexpr ClassAlias aliases[] = {{"acc", "Accuracy"},
                                           {"f1_score", "F1Score"},
                                           {"fbeta_score", "FBetaScore"},
                                           {"r2_score", "R2Score"},
                                           {"logcosh", "LogCoshError"},
                                           {"bce", "BinaryCrossentropy"},
                                           {"kld", "KLDivergence"},
                                           {"mae", "MeanAbsoluteError"},
                                           {"mse", "MeanSquaredError"},
                                           {"mape", "MeanAbsolutePercentageError"},
                                           {"msle", "MeanSquaredLogarithmicError"}};
  register_metrics<T>();
  *this = AnyMetric(Registry<AnyMetric<T>>::table().make_by_name("metrics", name, aliases));
}

}  // namespace nacre
