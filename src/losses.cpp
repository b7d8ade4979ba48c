// The losses and metrics of nacre::compiled.

#include <nacre/losses/losses.hpp>
#include <nacre/metrics/metrics.hpp>

#include <nacre/losses/loss-inl.hpp>
#include <nacre/metrics/auc-inl.hpp>
#include <nacre/metrics/best_at-inl.hpp>
#include <nacre/metrics/class_matrix-inl.hpp>
#include <nacre/metrics/f_score-inl.hpp>
#include <nacre/metrics/outcome_count-inl.hpp>
#include <nacre/metrics/r2_score-inl.hpp>
#include <nacre/metrics/threshold_counts-inl.hpp>
#include <nacre/metrics/thresholds-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                               \
  template AnyLoss<T>::AnyLoss(std::string_view);     \
  template void register_losses<T>();                 \
  template AnyMetric<T>::AnyMetric(std::string_view); \
  template void register_metrics<T>()

NACRE_BODIES(float);
NACRE_BODIES(double);

#define NACRE_CLASS(L)                                                          \
  template const detail::LossClass<float>& AnyLoss<float>::compiled_class<L>(); \
  template const detail::LossClass<double>& AnyLoss<double>::compiled_class<L>();
NACRE_LOSSES(NACRE_CLASS)
#undef NACRE_CLASS

#define NACRE_CLASS(M)                                                              \
  template const detail::MetricClass<float>& AnyMetric<float>::compiled_class<M>(); \
  template const detail::MetricClass<double>& AnyMetric<double>::compiled_class<M>();
NACRE_METRICS(NACRE_CLASS)
NACRE_ROW_LOSSES(NACRE_CLASS)

}  // namespace nacre
