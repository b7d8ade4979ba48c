#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include <nacre/core/thread_pool.hpp>
#include <nacre/data/batch_loader.hpp>

using namespace nacre;

namespace {

/// `count` samples of `features` bytes, all of them i modulo 251; label i modulo 10, weight i.
Dataset bytes(std::int64_t count, std::int64_t features) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;
  for (std::int64_t i = 0; i < count; ++i) {
    pixels.insert(pixels.end(), static_cast<std::size_t>(features), static_cast<std::uint8_t>(i % 251));
    labels.push_back(static_cast<std::uint8_t>(i % 10));
    weights.push_back(static_cast<double>(i));
  }
  return Dataset(Column(std::move(pixels), count, Shape{features}), Column(std::move(labels), count, Shape{}))
      .one_hot(10)
      .with_sample_weights(weights);
}

template <class T>
struct Epoch {
  std::vector<T> features;
  std::vector<T> targets;
  std::vector<T> weights;
  std::vector<std::int64_t> counts;
  friend bool operator==(const Epoch&, const Epoch&) = default;
};

template <class T>
Epoch<T> run(const BatchLoader<T>& loader, int threads) {
  ThreadPool pool(threads);
  const auto batch = static_cast<std::size_t>(loader.batch_size());
  const auto feature_size = static_cast<std::size_t>(loader.dataset().feature_shape().size());
  Epoch<T> epoch;
  for (std::int64_t index = 0; index < loader.batches(); ++index) {
    std::vector<T> features(batch * feature_size), targets(batch * 10), weights(batch);
    const std::int64_t count = loader.load(index, features.data(), targets.data(), weights.data(), pool);
    CHECK(count == loader.samples(index));
    const auto samples = static_cast<std::ptrdiff_t>(count);
    epoch.features.insert(epoch.features.end(), features.begin(),
                          features.begin() + samples * static_cast<std::ptrdiff_t>(feature_size));
    epoch.targets.insert(epoch.targets.end(), targets.begin(), targets.begin() + samples * 10);
    epoch.weights.insert(epoch.weights.end(), weights.begin(), weights.begin() + samples);
    epoch.counts.push_back(count);
  }
  return epoch;
}

template <class T>
std::vector<std::int64_t> order(const BatchLoader<T>& loader) {
  std::vector<std::int64_t> samples;
  for (std::int64_t i = 0; i < loader.dataset().size(); ++i) samples.push_back(loader.sample_at(i));
  return samples;
}

}  // namespace

TEST_CASE("batches hold all samples in order, the last one what is left") {
  const BatchLoader<float> loader(bytes(10, 3), 4);
  CHECK(loader.batches() == 3);
  const Epoch<float> epoch = run(loader, 1);
  CHECK(epoch.counts == std::vector<std::int64_t>{4, 4, 2});
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t f = 0; f < 3; ++f) CHECK(epoch.features[3 * i + f] == static_cast<float>(i));
    for (std::size_t c = 0; c < 10; ++c) CHECK(epoch.targets[10 * i + c] == (c == i ? 1.0f : 0.0f));
    CHECK(epoch.weights[i] == static_cast<float>(i));
  }
}

TEMPLATE_TEST_CASE("a batch does not depend on the number of threads", "", float, double) {
  BatchLoader<TestType> loader(bytes(1000, 784), 192);
  loader.begin_epoch(11, 3, true);
  const Epoch<TestType> expected = run(loader, 1);
  CHECK(expected.counts == std::vector<std::int64_t>{192, 192, 192, 192, 192, 40});
  for (int threads : {2, 3, 8}) CHECK(run(loader, threads) == expected);
}

TEST_CASE("an epoch's order is a function of seed, epoch and size") {
  BatchLoader<float> loader(bytes(100, 1), 32);
  loader.begin_epoch(1, 0, true);
  const auto first = order(loader);
  loader.begin_epoch(1, 1, true);
  const auto second = order(loader);
  CHECK(first != second);
  CHECK(std::set<std::int64_t>(second.begin(), second.end()).size() == 100);

  BatchLoader<double> resumed(bytes(100, 1), 7);
  resumed.begin_epoch(1, 1, true);
  CHECK(order(resumed) == second);
  resumed.begin_epoch(2, 1, true);
  CHECK(order(resumed) != second);
  resumed.begin_epoch(2, 1, false);
  CHECK(order(resumed) == order(BatchLoader<float>(bytes(100, 1), 32)));
}

TEST_CASE("a shuffled epoch over a cut and shuffled data set keeps samples whole") {
  const Dataset data = bytes(200, 5).shuffled(9).slice(20, 150);
  BatchLoader<float> loader(data, 16);
  loader.begin_epoch(4, 2, true);
  const Epoch<float> epoch = run(loader, 2);
  std::set<float> seen;
  for (std::size_t i = 0; i < 130; ++i) {
    const float number = epoch.weights[i];
    seen.insert(number);
    CHECK(epoch.features[5 * i] == number);
    CHECK(epoch.features[5 * i + 4] == number);
    CHECK(epoch.targets[10 * i + static_cast<std::size_t>(number) % 10] == 1.0f);
  }
  CHECK(seen.size() == 130);
}

TEST_CASE("targets and weights may be left out") {
  const Dataset features(Column(std::vector<float>{1, 2, 3}, 3, Shape{1}));
  const BatchLoader<float> loader(features, 2);
  ThreadPool pool(1);
  std::vector<float> out(2), weights(2);
  CHECK(loader.load(1, out.data(), nullptr, weights.data(), pool) == 1);
  CHECK(out[0] == 3.0f);
  CHECK(weights[0] == 1.0f);
  CHECK(loader.load(0, out.data(), nullptr, nullptr, pool) == 2);
  CHECK(out == std::vector<float>{1, 2});
  float target = 0;
  CHECK_THROWS_AS(loader.load(0, out.data(), &target, nullptr, pool), StateError);
}

TEST_CASE("batches beyond the last are empty") {
  const BatchLoader<float> loader(bytes(4, 1), 4);
  CHECK(loader.batches() == 1);
  CHECK(loader.samples(0) == 4);
  CHECK(loader.samples(1) == 0);
}

TEST_CASE("a loader needs samples and a batch size") {
  CHECK_THROWS_AS(BatchLoader<float>(bytes(4, 1), 0), ValueError);
  CHECK_THROWS_AS(BatchLoader<float>(bytes(4, 1), -1), ValueError);
  CHECK_THROWS_AS(BatchLoader<float>(Dataset(), 4), ValueError);
  CHECK(BatchLoader<float>(bytes(4, 1), 100).samples(0) == 4);
}
