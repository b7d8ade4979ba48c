#pragma once
// TopKCategoricalAccuracy: how often the right class was among the k largest outputs, for one-hot targets.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/metrics/rows.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/top_k.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of TopKCategoricalAccuracy.
struct TopKCategoricalAccuracyOptions {
  std::int64_t k = 5;  ///< how many of the largest outputs count as right, 1 or more
  std::string name{};  ///< under which the result appears; by default "top_k_categorical_accuracy"
  void fields(Fields& list) {
    list("k", k);
    list("name", name);
  }
};

/// The part of the rows in which fewer than k outputs are larger than that of the class whose target is largest.
/// Targets are one-hot, shaped as the outputs; logits serve as well as probabilities.
class TopKCategoricalAccuracy {
 public:
  static constexpr std::string_view type_name = "TopKCategoricalAccuracy";
  static constexpr bool larger_is_better = true;
  TopKCategoricalAccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for k below 1.
  TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions options = {});

  /// Throws ValueError for k below 1.
  void validate() const {
    require<ValueError>(options.k >= 1, type_name, ": expected k of 1 or more, got ", options.k);
  }

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that do not go with the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    detail::require_alike(step, type_name);
    detail::add_rows(step, mean_, [&, this](const T* target, const T* prediction, std::int64_t features) {
      const std::int64_t label = detail::largest_index(target, features);
      return detail::is_in_top(prediction, features, label, options.k) ? 1.0 : 0.0;
    });
  }

  /// Adds what another has gathered.
  void merge(const TopKCategoricalAccuracy& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  Mean mean_;
};

inline TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKCategoricalAccuracyOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
