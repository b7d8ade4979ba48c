#pragma once
// SparseTopKCategoricalAccuracy: how often the right class was among the k largest outputs, for class numbers as
// targets.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/metrics/rows.hpp>
#include <nacre/metrics/top_k.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of SparseTopKCategoricalAccuracy.
struct SparseTopKCategoricalAccuracyOptions {
  std::int64_t k = 5;      ///< how many of the largest outputs count as right, 1 or more
  std::string name{};      ///< under which the result appears; by default "sparse_top_k_categorical_accuracy"
  bool from_sorted_ids{};  ///< outputs are class numbers, the likeliest first; by default false
  void fields(Fields& list) {
    list("k", k);
    list("name", name);
    list("from_sorted_ids", from_sorted_ids);
  }
};

/// The part of the rows in which fewer than k outputs are larger than that of the class that the target names, counted
/// from 0. Targets are (rows, 1), those that name no class count as wrong; logits serve as well as probabilities.
class SparseTopKCategoricalAccuracy {
 public:
  static constexpr std::string_view type_name = "SparseTopKCategoricalAccuracy";
  static constexpr bool larger_is_better = true;
  SparseTopKCategoricalAccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for k below 1.
  SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions options = {});

  /// Throws ValueError for k below 1.
  void validate() const {
    require<ValueError>(options.k >= 1, type_name, ": expected k of 1 or more, got ", options.k);
  }

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    require<ShapeError>(step.targets.sample_size() == 1, type_name, ": expected one class number a row as target, got ",
                        step.targets.sample_size(), "; for one-hot targets use TopKCategoricalAccuracy");
    detail::add_rows(step, mean_, [&](const T* target, const T* prediction, std::int64_t features) {
      if (options.from_sorted_ids) {
        const T* end = prediction + std::min(options.k, features);
        return std::find(prediction, end, *target) != end ? 1.0 : 0.0;
      }
      if (!(*target >= T(0) && *target < static_cast<T>(features))) return 0.0;
      return detail::is_in_top(prediction, features, static_cast<std::int64_t>(*target), options.k) ? 1.0 : 0.0;
    });
  }

  /// Adds what another has gathered.
  void merge(const SparseTopKCategoricalAccuracy& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  Mean mean_;
};

inline SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(SparseTopKCategoricalAccuracyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
