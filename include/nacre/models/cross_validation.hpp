#pragma once
// Cross-validation: a model trained and evaluated on each fold of a data set.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/data/k_fold.hpp>
#include <nacre/models/model.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How a model is cross-validated.
struct CrossValidationOptions {
  KFoldOptions folds{};
  FitOptions fit{};       ///< how it is trained on each fold; its verbose counts where folds come one after another
  bool parallel = false;  ///< whether folds are trained at once, each on one core: callbacks run at once, too
};

/// What became of one fold.
struct FoldResult {
  History history{};        ///< of the training, with each epoch's scores on the fold
  Evaluation evaluation{};  ///< of the trained model on the fold
};

/// What became of all folds, in their order.
class CrossValidation {
 public:
  explicit CrossValidation(List<FoldResult> results) : folds_(std::move(results)) {}

  const List<FoldResult>& folds() const { return folds_; }

  /// The score of that name of each fold: "loss" or a metric. Throws ValueError for one that there is not.
  [[gnu::cold]] std::vector<double> operator[](std::string_view name) const {
    std::vector<double> values;
    for (const FoldResult& fold : folds_) values.push_back(fold.evaluation[name]);
    return values;
  }

  /// The mean over the folds.
  [[gnu::cold]] double mean(std::string_view name) const {
    double sum = 0;
    for (const double value : (*this)[name]) sum += value;
    return sum / static_cast<double>(folds_.size());
  }

  /// The standard deviation over the folds, of a sample: divided by their number less 1.
  [[gnu::cold]] double standard_deviation(std::string_view name) const {
    const double centre = mean(name);
    double sum = 0;
    for (const double value : (*this)[name]) sum += (value - centre) * (value - centre);
    return std::sqrt(sum / static_cast<double>(folds_.size() - 1));
  }

 private:
  List<FoldResult> folds_;
};

/// Trains a copy of `model`, as it is, on each fold of `data`, validated with the rest, and evaluates it there; the
/// model itself stays as it is. Results do not depend on the number of threads, nor on `parallel`.
///
///     const CrossValidation found = cross_validate(model, data, {.folds = {.n_splits = 10}, .fit = {.epochs = 5}});
///     std::cout << found.mean("accuracy") << " +- " << found.standard_deviation("accuracy");
///
/// Throws what `k_fold` and `fit` throw, and ValueError where `fit` names data to validate with: that is the fold.
template <class T>
[[gnu::cold]] CrossValidation cross_validate(const BasicModel<T>& model, const Dataset& data,
                                             CrossValidationOptions options = {}) {
  require<ValueError>(options.fit.validation_split == 0 && !options.fit.validation_data,
                      "cross_validate: expected fit options without validation_split and validation_data: each fold "
                      "validates the model that is trained on the others");
  const Dataset weighted =
      options.fit.sample_weight.empty() ? data : data.with_sample_weights(options.fit.sample_weight);
  options.fit.sample_weight.clear();
  if (options.parallel) options.fit.verbose = 0;
  const List<Fold> folds = k_fold(weighted, options.folds);
  List<FoldResult> results(folds.size());
  const auto train = [&](std::int64_t index, int) {
    const ComputeScope scope;  // on every thread alike
    const Fold& fold = folds[static_cast<std::size_t>(index)];
    BasicModel<T> copy = model;
    FitOptions fit = options.fit;
    fit.validation_data = fold.validation;
    FoldResult& result = results[static_cast<std::size_t>(index)];
    const std::int64_t batch_size = fit.validation_batch_size.value_or(fit.batch_size);
    result.history = copy.fit(fold.train, std::move(fit));
    result.evaluation = copy.evaluate(fold.validation, {.batch_size = batch_size});
  };
  const auto count = static_cast<std::int64_t>(folds.size());
  if (options.parallel) {
    thread_pool()->run(count, train);  // a task that uses the pool itself computes alone
  } else {
    for (std::int64_t index = 0; index < count; ++index) train(index, 0);
  }
  return CrossValidation(std::move(results));
}

}  // namespace nacre
