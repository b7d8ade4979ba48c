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

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Makes nacre's metrics known to `Registry<AnyMetric<T>>`.
template <class T>
void register_metrics() {
  Registry<AnyMetric<T>>::template add<Accuracy, BinaryAccuracy, CategoricalAccuracy, Mean, Precision, Recall,
                                       SparseCategoricalAccuracy>();
}

template <class T>
AnyMetric<T>::AnyMetric(std::string_view name) {
  static constexpr ClassAlias aliases[] = {{"acc", "Accuracy"}};
  register_metrics<T>();
  *this = AnyMetric(Registry<AnyMetric<T>>::table().make_by_name("metrics", name, aliases));
}

}  // namespace nacre
