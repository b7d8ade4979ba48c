#pragma once
// The bodies of k_fold.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/data/k_fold.hpp>
#include <nacre/data/shuffle.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// The samples in the order in which folds are cut: class by class where that is wanted.
NACRE_SETUP std::vector<std::int64_t> order_for_folds(const Dataset& data, const KFoldOptions& options) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(data.size()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
  if (options.shuffle) {
    random_order(std::span<std::int64_t>(order), RandomStream(options.seed, Purpose::shuffle));
  }
  if (!options.stratified) return order;
  std::vector<std::int64_t> labels(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) labels[i] = data.label(static_cast<std::int64_t>(i));
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return labels[static_cast<std::size_t>(a)] < labels[static_cast<std::size_t>(b)];
  });
  std::int64_t most = 0;
  for (std::size_t first = 0, i = 0; i < order.size(); ++i) {
    const auto label_at = [&](std::size_t place) { return labels[static_cast<std::size_t>(order[place])]; };
    if (label_at(i) != label_at(first)) first = i;
    most = std::max(most, static_cast<std::int64_t>(i - first) + 1);
  }
  require<ValueError>(most >= options.n_splits, "k_fold: expected a class with a sample for each of ", options.n_splits,
                      " folds, got at most ", most, " samples of a class");
  return order;
}

}  // namespace detail

NACRE_SETUP List<Fold> k_fold(const Dataset& data, const KFoldOptions& options) {
  require<ValueError>(options.n_splits >= 2, "k_fold: expected n_splits of 2 or more, got ", options.n_splits);
  require<ValueError>(options.n_splits <= data.size(), "k_fold: expected at least one sample for each of ",
                      options.n_splits, " folds, got ", data.size(), " samples");
  const std::vector<std::int64_t> order = detail::order_for_folds(data, options);
  const std::int64_t folds = options.n_splits;
  const std::int64_t size = data.size();
  // In a row, the first `size % folds` folds have one sample more; dealt out, every `folds`-th is of the same fold.
  std::vector<std::int64_t> fold_of(order.size());
  for (std::int64_t place = 0; place < size; ++place) {
    const std::int64_t longer = size % folds * (size / folds + 1);
    const std::int64_t in_row =
        place < longer ? place / (size / folds + 1) : size % folds + (place - longer) / (size / folds);
    fold_of[static_cast<std::size_t>(order[static_cast<std::size_t>(place)])] =
        options.stratified ? place % folds : in_row;
  }
  List<Fold> result;
  for (std::int64_t fold = 0; fold < folds; ++fold) {
    List<std::int64_t> train;
    List<std::int64_t> validation;
    for (std::int64_t sample = 0; sample < size; ++sample) {
      (fold_of[static_cast<std::size_t>(sample)] == fold ? validation : train).push_back(sample);
    }
    result.push_back({data.select(train), data.select(validation)});
  }
  return result;
}

}  // namespace nacre
