// map, filter, shuffle and prefetch of batches: what a model gets of them.

#include <nacre/core/thread_pool.hpp>
#include <nacre/data/batch_operations.hpp>
#include <nacre/data/image_augmentation.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/random_flip.hpp>
#include <nacre/layers/random_invert.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <thread>
#include <vector>

#include "models/model_testing.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

/// Samples 0, 1, 2, ..., each its own target.
Dataset numbers(std::int64_t count) {
  auto x = xt::xarray<float>::from_shape({static_cast<std::size_t>(count), 1});
  for (std::size_t i = 0; i < x.size(); ++i) x(i, 0) = static_cast<float>(i);
  return Dataset(x, x);
}

/// What a source gives in one epoch, batch by batch.
std::vector<std::vector<float>> epoch_of(const Batches& batches, std::int64_t epoch = 0,
                                         BatchOptions options = {.batch_size = 4}) {
  const auto source = batches.source<float>(options);
  std::vector<float> x(static_cast<std::size_t>(source->spec().batch_size));
  std::vector<float> y(x.size());
  const BatchMemory<float> memory{{x.data()}, {y.data()}, {nullptr}, {}};
  std::vector<std::vector<float>> found;
  source->begin_epoch(7, epoch);
  for (std::int64_t step = 0;; ++step) {
    const std::int64_t count = source->load(step, memory, *thread_pool());
    if (count == 0) return found;
    found.emplace_back(x.begin(), x.begin() + count);
    for (std::int64_t i = 0; i < count; ++i) {
      if (y[static_cast<std::size_t>(i)] != x[static_cast<std::size_t>(i)]) found.back().push_back(-1);
    }
    if (source->spec().steps && step + 1 == *source->spec().steps) return found;
  }
}

std::vector<float> joined(const std::vector<std::vector<float>>& batches) {
  std::vector<float> all;
  for (const auto& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

using Found = std::vector<std::vector<float>>;

}  // namespace

TEST_CASE("filter keeps samples in batches that are full again") {
  const Batches odd = Batches(numbers(19)).filter([](Sample<float>& sample) {
    return static_cast<int>(sample.features[0](0)) % 2 == 1;
  });
  CHECK(epoch_of(odd) == Found{{1, 3, 5, 7}, {9, 11, 13, 15}, {17}});
  CHECK(epoch_of(odd, 0, {.batch_size = 4, .steps = 2}) == Found{{1, 3, 5, 7}, {9, 11, 13, 15}});
  CHECK(epoch_of(Batches(numbers(5)).filter([](Sample<float>&) { return false; })).empty());
  const Batches random =
      Batches(numbers(400)).filter([](Sample<float>& sample) { return sample.random.uniform(0) < 0.5; });
  const std::vector<float> kept = joined(epoch_of(random));
  CHECK(kept.size() > 150);
  CHECK(kept.size() < 250);
  CHECK(joined(epoch_of(random)) == kept);
  CHECK(joined(epoch_of(random, 1)) != kept);
}

TEST_CASE("shuffle draws from a buffer, in another order each epoch") {
  const Batches data(numbers(50));
  for (const std::int64_t buffer : {1, 5, 50, 1000}) {
    const auto found = epoch_of(data.shuffle(buffer));
    CHECK(found.size() == 13);
    std::vector<float> all = joined(found);
    if (buffer == 1) CHECK(all == joined(epoch_of(data)));
    if (buffer > 1) {
      CHECK(all != joined(epoch_of(data)));
      CHECK(all != joined(epoch_of(data.shuffle(buffer), 1)));
    }
    CHECK(all == joined(epoch_of(data.shuffle(buffer))));
    // A sample comes no sooner than the buffer lets it.
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] < static_cast<float>(i) + static_cast<float>(buffer));
    std::sort(all.begin(), all.end());
    CHECK(all == joined(epoch_of(data)));
  }
  CHECK_THROWS_WITH(data.shuffle(0), "shuffle: expected a buffer of 1 sample or more, got 0");
}

TEST_CASE("map changes each sample, and several maps draw other random numbers") {
  const auto add = [](Sample<float>& sample) {
    const auto drawn = static_cast<float>(sample.random.uniform(0));
    sample.features[0](0) += drawn;
    sample.targets[0](0) += drawn;
  };
  const Batches once = Batches(numbers(9)).map(add);
  const std::vector<float> found = joined(epoch_of(once));
  const std::vector<float> twice = joined(epoch_of(once.map(add)));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const float first = found[i] - static_cast<float>(i);
    CHECK(first >= 0);
    CHECK(first < 1);
    CHECK(twice[i] - found[i] != Approx(first));
  }
}

TEST_CASE("prefetched batches are the same, loaded by another thread, and errors come with their step") {
  const Batches data(numbers(50));
  for (const std::int64_t ahead : {1, 2, 7, 100}) {
    CHECK(epoch_of(data.prefetch(ahead)) == epoch_of(data));
    CHECK(epoch_of(data.shuffle(8).prefetch(ahead).filter([](Sample<float>&) { return true; })) ==
          epoch_of(data.shuffle(8)));
  }
  std::atomic<bool> elsewhere{false};
  const auto caller = std::this_thread::get_id();
  const Batches failing({.features = {{"x", {1}}}, .targets = {{"y", {1}}}, .batch_size = 2},
                        [&](std::int64_t step, Batch<float>& batch) {
                          if (step == 3) throw std::runtime_error("no third");
                          elsewhere = std::this_thread::get_id() != caller;
                          batch.features[0].fill(static_cast<float>(step));
                          batch.targets[0].fill(static_cast<float>(step));
                        });
  const auto source = failing.prefetch().source<float>({});
  std::vector<float> x(2);
  std::vector<float> y(2);
  const BatchMemory<float> memory{{x.data()}, {y.data()}, {nullptr}, {}};
  for (int epoch = 0; epoch < 2; ++epoch) {
    source->begin_epoch(1, epoch);
    for (std::int64_t step = 0; step < 3; ++step) {
      CHECK(source->load(step, memory, *thread_pool()) == 2);
      CHECK(x[1] == static_cast<float>(step));
    }
    CHECK_THROWS_WITH(source->load(3, memory, *thread_pool()), "no third");
  }
  CHECK(elsewhere);
  source->begin_epoch(1, 2);  // and is destroyed while the thread is at work
  CHECK_THROWS_WITH(data.prefetch(0), "prefetch: expected 1 to 1000 batches, got 0");
}

TEST_CASE("a model trains, evaluates and predicts with operations on batches, to the same bits on any threads") {
  const RestoreThreads restore;
  const xt::xarray<float> x = normal_array({70, 4});
  const Dataset data(x, class_numbers(70, 3));
  const auto noise = [](Sample<float>& sample) {
    sample.features[0](1) += static_cast<float>(sample.random.normal(3));
  };
  const auto trained = [&](bool prefetch) {
    Sequential model{Input({4}), Dense(5, relu), Dense(3, softmax)};
    model.set_seed(4);
    model.compile({.optimizer = SGD(0.1), .loss = SparseCategoricalCrossentropy(), .metrics = {"accuracy"}});
    Batches batches =
        Batches(data).filter([](Sample<float>& sample) { return sample.features[0](0) > -1; }).shuffle(20).map(noise);
    if (prefetch) batches = batches.prefetch(3);
    const History history =
        model.fit(batches, {.epochs = 3, .batch_size = 8, .verbose = 0, .validation_data = Batches(data).prefetch()});
    CHECK(history["val_loss"].size() == 3);
    CHECK(model.evaluate(Batches(data).prefetch())["loss"] == model.evaluate(data)["loss"]);
    const auto kept =
        model.predict(Batches(Dataset(x)).filter([](Sample<float>& sample) { return sample.features[0](0) > 0; }));
    CHECK(kept.shape()[0] < 70);
    CHECK(kept.shape()[0] > 0);
    return weights_of(model);
  };
  set_num_threads(1);
  const auto expected = trained(false);
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    CHECK(trained(true) == expected);
    CHECK(trained(false) == expected);
  }
}

TEST_CASE("mix_up mixes features and targets alike, cut_mix by the box' share") {
  auto x = xt::xarray<float>::from_shape({64, 8, 8, 1});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i / 64);
  auto y = xt::xarray<float>::from_shape({64, 1});
  for (std::size_t i = 0; i < 64; ++i) y(i, 0) = static_cast<float>(i);
  const Batches data(Dataset(x, y));
  const auto batch_of = [&](const Batches& batches, std::int64_t epoch, std::vector<float>& features) {
    const auto source = batches.source<float>({.batch_size = 64});
    features.assign(64 * 64, 0);
    std::vector<float> targets(64);
    source->begin_epoch(3, epoch);
    CHECK(source->load(0, {{features.data()}, {targets.data()}, {nullptr}, {}}, *thread_pool()) == 64);
    return targets;
  };
  std::vector<float> pixels;
  const std::vector<float> mixed = batch_of(data.mix_up(0.4), 0, pixels);
  int changed = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    for (std::size_t p = 0; p < 64; ++p) CHECK(pixels[64 * i + p] == mixed[i]);
    changed += std::abs(mixed[i] - static_cast<float>(i)) > 0.01f;
  }
  CHECK(changed > 30);
  std::vector<float> again;
  CHECK(batch_of(data.mix_up(0.4), 0, again) == mixed);
  CHECK(batch_of(data.mix_up(0.4), 1, again) != mixed);

  const std::vector<float> cut = batch_of(data.cut_mix(), 0, pixels);
  changed = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    double mean = 0;
    float other = static_cast<float>(i);
    for (std::size_t p = 0; p < 64; ++p) {
      const float pixel = pixels[64 * i + p];
      mean += static_cast<double>(pixel) / 64;
      if (pixel == static_cast<float>(i)) continue;
      if (other != static_cast<float>(i)) CHECK(pixel == other);  // of one other picture
      other = pixel;
    }
    changed += other != static_cast<float>(i);
    if (other == static_cast<float>(i)) continue;  // the box had no pixel, or was the picture's own
    // Sides of boxes are no whole pixels: the share is right up to a row and a column.
    CHECK(std::abs(static_cast<double>(cut[i]) - mean) <=
          0.27 * std::abs(static_cast<double>(other) - static_cast<double>(i)) + 1e-4);
  }
  CHECK(changed > 20);
  CHECK_THROWS_AS(Batches(Dataset(x, class_numbers(64, 3))).mix_up().source<float>({}), ShapeError);
  CHECK_THROWS_AS(Batches(Dataset(y, y)).cut_mix().source<float>({}), ShapeError);
  CHECK_THROWS_AS(data.mix_up(0), ValueError);
  CHECK_THROWS_AS(data.cut_mix(1.5), ValueError);
}

TEST_CASE("shares of mixed samples have the distribution Beta(a, a)") {
  for (const double shape : {0.2, 1.0, 4.0}) {
    const RandomStream random(11);
    double sum = 0;
    double squares = 0;
    const int count = 4000;
    for (int i = 0; i < count; ++i) {
      const double drawn = detail::beta_number(shape, random, static_cast<std::uint64_t>(i) << 16);
      CHECK((drawn >= 0 && drawn <= 1));
      sum += drawn;
      squares += (drawn - 0.5) * (drawn - 0.5);
    }
    CHECK(sum / count == Approx(0.5).margin(0.025));
    CHECK(squares / count == Approx(1 / (4 * (2 * shape + 1))).epsilon(0.08));
  }
}

TEST_CASE("layers that change pictures serve as augmentation") {
  auto x = xt::xarray<float>::from_shape({10, 4, 4, 1});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i % 16);
  const Dataset data(x, class_numbers(10, 2));
  std::vector<std::vector<float>> seen;
  for (const int threads : {1, 2, 3}) {
    const RestoreThreads restore;
    set_num_threads(threads);
    const auto source = Batches(data).source<float>(
        {.batch_size = 10,
         .augment = ImageAugmentation(RandomFlip({.mode = "horizontal"}), RandomInvert({.value_range = {0, 15}}))});
    std::vector<float> pixels(160);
    std::vector<float> labels(10);
    source->begin_epoch(1, 0);
    source->load(0, {{pixels.data()}, {labels.data()}, {nullptr}, {}}, *thread_pool());
    seen.push_back(pixels);
  }
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0] == seen[2]);
  int same = 0;
  int flipped = 0;
  int inverted = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    const float first = seen[0][16 * i];
    same += first == 0;
    flipped += first == 3;
    inverted += first >= 12;
  }
  CHECK(same + flipped + inverted == 10);
  CHECK(inverted > 0);
  CHECK(same + flipped > 0);
  const auto flat = Batches(Dataset(normal_array({4, 3}), class_numbers(4, 2)))
                        .source<float>({.augment = ImageAugmentation(RandomFlip())});
  std::vector<float> out(12);
  std::vector<float> labels(4);
  flat->begin_epoch(1, 0);
  CHECK_THROWS_WITH(flat->load(0, {{out.data()}, {labels.data()}, {nullptr}, {}}, *thread_pool()),
                    "augment: expected pictures (height, width, channels), got (3,)");
}
