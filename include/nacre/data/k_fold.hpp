#pragma once
// K-fold cutting: each sample validates once.

#include <cstdint>

#include <nacre/core/compiled.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/dataset.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How `k_fold` cuts. The names and defaults of scikit-learn's KFold and StratifiedKFold.
struct KFoldOptions {
  std::int64_t n_splits = 5;  ///< folds
  bool shuffle = false;       ///< whether folds are random parts instead of parts in a row
  std::uint64_t seed = 1;     ///< of the random parts
  bool stratified = false;    ///< whether each fold has the share of each class that all samples have
};

/// A part of a data set to validate with, and the rest to train on. Both share the samples in memory.
struct Fold {
  Dataset train;
  Dataset validation;
};

/// A data set cut into folds of sizes that differ by 1 at most, each of which is the validation part of one Fold. With
/// `stratified` samples are dealt class by class, so that the number of samples of a class differs by 1 at most between
/// folds.
///
///     for (const auto& [train, validation] : k_fold(data, {.n_splits = 10, .stratified = true})) ...
///
/// Throws ValueError for fewer than 2 folds, for more folds than samples and, with `stratified`, where no class has a
/// sample for each fold; StateError with `stratified` for data without targets.
List<Fold> k_fold(const Dataset& data, const KFoldOptions& options = {});

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/k_fold-inl.hpp>
#endif
