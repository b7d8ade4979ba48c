// k_fold: which samples come into which fold.

#include <nacre/data/k_fold.hpp>

#include <cstdint>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

/// Samples 0, 1, 2, ... with these classes.
Dataset numbered(const std::vector<std::int32_t>& classes) {
  std::vector<float> x;
  for (std::size_t i = 0; i < classes.size(); ++i) x.push_back(static_cast<float>(i));
  return Dataset(x, classes);
}

std::vector<int> numbers(const Dataset& data) {
  std::vector<int> found;
  for (std::int64_t i = 0; i < data.size(); ++i) found.push_back(static_cast<int>(data.sample(i)()));
  return found;
}

}  // namespace

TEST_CASE("folds in a row, the first ones larger, as scikit-learn's KFold cuts") {
  const auto folds = k_fold(numbered({0, 0, 0, 0, 0, 0, 0}), {.n_splits = 3});
  REQUIRE(folds.size() == 3);
  CHECK(numbers(folds[0].validation) == std::vector<int>{0, 1, 2});
  CHECK(numbers(folds[0].train) == std::vector<int>{3, 4, 5, 6});
  CHECK(numbers(folds[1].validation) == std::vector<int>{3, 4});
  CHECK(numbers(folds[1].train) == std::vector<int>{0, 1, 2, 5, 6});
  CHECK(numbers(folds[2].validation) == std::vector<int>{5, 6});
}

TEST_CASE("each sample validates once, in random folds, too, which the seed determines") {
  const Dataset data = numbered(std::vector<std::int32_t>(23, 0)).with_sample_weights(std::vector<double>(23, 2));
  std::vector<std::vector<int>> seen;
  for (const std::uint64_t seed : {1u, 1u, 2u}) {
    std::vector<int> all(23);
    std::vector<int> order;
    for (const auto& [train, validation] : k_fold(data, {.n_splits = 4, .shuffle = true, .seed = seed})) {
      CHECK(train.size() + validation.size() == 23);
      CHECK((validation.size() == 5 || validation.size() == 6));
      CHECK(validation.sample_weight(0) == 2);
      for (const int i : numbers(validation)) {
        ++all[static_cast<std::size_t>(i)];
        order.push_back(i);
      }
    }
    CHECK(all == std::vector<int>(23, 1));
    seen.push_back(order);
  }
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0] != seen[2]);
}

TEST_CASE("stratified folds have each class' share") {
  std::vector<std::int32_t> classes;
  for (int i = 0; i < 40; ++i) classes.push_back(i < 24 ? 2 : i < 35 ? 0 : 1);  // 24, 11 and 5, in blocks
  for (const bool shuffle : {false, true}) {
    for (const Dataset& data : {numbered(classes), numbered(classes).one_hot(3)}) {
      for (const auto& [train, validation] : k_fold(data, {.n_splits = 5, .shuffle = shuffle, .stratified = true})) {
        std::vector<int> counts(3);
        for (std::int64_t i = 0; i < validation.size(); ++i) ++counts[static_cast<std::size_t>(validation.label(i))];
        CHECK(validation.size() == 8);
        CHECK((counts[2] == 4 || counts[2] == 5));
        CHECK((counts[0] == 2 || counts[0] == 3));
        CHECK(counts[1] == 1);
      }
    }
  }
}

TEST_CASE("k_fold refuses what it cannot cut") {
  CHECK_THROWS_WITH(k_fold(numbered({0, 0}), {.n_splits = 1}), "k_fold: expected n_splits of 2 or more, got 1");
  CHECK_THROWS_WITH(k_fold(numbered({0, 0}), {.n_splits = 3}),
                    "k_fold: expected at least one sample for each of 3 folds, got 2 samples");
  CHECK_THROWS_WITH(k_fold(numbered({0, 1, 2, 1}), {.n_splits = 3, .stratified = true}),
                    "k_fold: expected a class with a sample for each of 3 folds, got at most 2 samples of a class");
  CHECK_THROWS_AS(k_fold(Dataset(std::vector<float>{1, 2, 3}), {.n_splits = 2, .stratified = true}), StateError);
}
