#pragma once
// All metrics: the one list of them, and metrics by Keras' names.

#include <string_view>

#include <nacre/metrics/accuracy.hpp>
#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/metrics/recall.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>

/// The list of nacre's metrics.
// clang-format off
#define NACRE_METRICS(X) \
  X(Accuracy) X(BinaryAccuracy) X(CategoricalAccuracy) X(Mean) X(Precision) X(Recall) X(SparseCategoricalAccuracy)
// clang-format on

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#if !NACRE_HEADER_ONLY
// What they do stands in nacre::compiled once.
#define NACRE_COMPILED_CLASS(M)                                                            \
  extern template const detail::MetricClass<float>& AnyMetric<float>::compiled_class<M>(); \
  extern template const detail::MetricClass<double>& AnyMetric<double>::compiled_class<M>();
NACRE_METRICS(NACRE_COMPILED_CLASS)
#undef NACRE_COMPILED_CLASS
#endif

/// Makes nacre's metrics known to `Registry<AnyMetric<T>>`.
template <class T>
void register_metrics() {
  detail::ClassList<void NACRE_METRICS(NACRE_NEXT_CLASS)>::visit(
      []<class... M>() { Registry<AnyMetric<T>>::template add<M...>(); });
}

#if !NACRE_HEADER_ONLY
extern template void register_metrics<float>();
extern template void register_metrics<double>();
#endif

template <class T>
AnyMetric<T>::AnyMetric(std::string_view name) {
  static constexpr ClassAlias aliases[] = {{"acc", "Accuracy"}};
  register_metrics<T>();
  *this = AnyMetric(Registry<AnyMetric<T>>::table().make_by_name("metrics", name, aliases));
}

}  // namespace nacre
