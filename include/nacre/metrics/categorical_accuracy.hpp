#pragma once
// CategoricalAccuracy: how often the largest output was that of the right class, for one-hot targets.

#include <algorithm>
#include <string>

#include <nacre/metrics/mean.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// The index of the largest of `count` values; of equal ones the first.
template <class T>
std::int64_t largest_index(const T* values, std::int64_t count) {
  return std::max_element(values, values + count) - values;
}

}  // namespace detail

/// Options of CategoricalAccuracy.
struct CategoricalAccuracyOptions {
  std::string name{};  ///< under which the result appears; by default "categorical_accuracy"
  void fields(Fields& list) { list("name", name); }
};

/// The part of the rows whose largest output stands where the largest target stands. Targets are one-hot, shaped as the
/// outputs; logits serve as well as probabilities.
class CategoricalAccuracy {
 public:
  static constexpr std::string_view type_name = "CategoricalAccuracy";
  static constexpr bool larger_is_better = true;
  CategoricalAccuracyOptions options;
  void fields(Fields& list) { options.fields(list); }

  CategoricalAccuracy(CategoricalAccuracyOptions options = {});

  void reset() { mean_.reset(); }

  /// Adds a batch. Throws ShapeError for targets that are not shaped as the outputs.
  template <class T>
  void update(const MetricStep<T>& step) {
    count(step, mean_);
  }

  /// Adds each row of a batch to a mean: what Accuracy does with it, too.
  template <class T>
  static void count(const MetricStep<T>& step, Mean& mean) {
    const std::int64_t classes = step.predictions.sample_size();
    require<ShapeError>(step.targets.sample_size() == classes, type_name, ": expected one-hot targets of ", classes,
                        " classes, got ", step.targets.sample_size(),
                        " a row; for class numbers use SparseCategoricalAccuracy");
    for (std::int64_t row = 0; row < step.predictions.batch(); ++row) {
      const auto chosen = detail::largest_index(step.predictions.elements() + row * classes, classes);
      const auto expected = detail::largest_index(step.targets.elements() + row * classes, classes);
      mean.add(chosen == expected ? 1 : 0, step.sample_weight(row));
    }
  }

  /// Adds what another has gathered.
  void merge(const CategoricalAccuracy& other) { mean_.merge(other.mean_); }

  double result() const { return mean_.result(); }

  /// How many rows, by their weights, the result is a proportion of.
  double trials() const { return mean_.weight(); }

 private:
  Mean mean_;
};

inline CategoricalAccuracy::CategoricalAccuracy(CategoricalAccuracyOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
