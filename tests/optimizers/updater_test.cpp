// Updater: the same bits however gradients arrive, clipping, and state.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/adamw.hpp>
#include <nacre/optimizers/rmsprop.hpp>
#include <nacre/optimizers/sgd.hpp>
#include <nacre/optimizers/updater.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

// Three weight tensors in a block, with gaps between them; the second is cut into several pieces.
const std::vector<Segment> segments{{0, 37}, {48, 50001}, {50064, 10}};
constexpr std::int64_t block_size = 50100;

template <class T>
struct Training {
  Buffer<T> weights{block_size};
  Buffer<T> gradients{block_size};
  Updater<T> updater;

  explicit Training(AnyOptimizer<T> optimizer) : updater(std::move(optimizer), block_size, segments) {
    const RandomStream random(3);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<T>(random.normal(i));
  }

  // One step with gradients drawn for it, handed over in tiles of `tile` elements.
  void step(std::int64_t tile, ThreadPool& pool) {
    const RandomStream random(4, Purpose::user, 0, static_cast<std::uint64_t>(updater.step()));
    updater.begin_step(weights.data(), gradients.data());
    for (const Segment& segment : segments) {
      std::vector<T> gradient(static_cast<std::size_t>(segment.count));
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        gradient[i] = static_cast<T>(random.normal(i + static_cast<std::size_t>(segment.offset)));
      }
      for (std::int64_t first = 0; first < segment.count; first += tile) {
        const std::int64_t count = std::min(tile, segment.count - first);
        updater.take(segment.offset + first, gradient.data() + first, count);
      }
    }
    updater.finish_step(pool);
  }
};

template <class T>
bool same_bits(const Buffer<T>& a, const Buffer<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T>
std::vector<AnyOptimizer<T>> optimizers() {
  return {SGD(0.1),
          SGD(0.1, {.momentum = 0.9, .nesterov = true, .weight_decay = 0.1}),
          SGD(0.1, {.clipvalue = 0.5}),
          RMSprop(0.01, {.momentum = 0.5, .centered = true}),
          Adam(),
          Adam(1e-3, {.amsgrad = true, .clipnorm = 3}),
          Adam(1e-3, {.use_ema = true, .ema_momentum = 0.6, .ema_overwrite_frequency = 2}),
          SGD(0.1, {.momentum = 0.9, .clipnorm = 2, .gradient_accumulation_steps = 2}),
          AdamW(1e-3, {.global_clipnorm = 1})};
}

template <class T>
void check_same_bits() {
  ThreadPool single(1);
  ThreadPool triple(3);
  for (const auto& optimizer : optimizers<T>()) {
    INFO(optimizer.to_string());
    Training<T> whole(optimizer);
    Training<T> tiles(optimizer);
    Training<T> stored(optimizer);
    stored.updater.store(true);
    for (int step = 0; step < 3; ++step) {
      whole.step(block_size, single);
      tiles.step(13, triple);
      stored.step(1000, triple);
    }
    CHECK(same_bits(whole.weights, tiles.weights));
    CHECK(same_bits(whole.weights, stored.weights));
    for (const std::string& name : whole.updater.slot_names()) {
      CHECK(same_bits(whole.updater.slot(name), stored.updater.slot(name)));
    }
  }
}

double norm(const std::vector<double>& values) {
  double squares = 0;
  for (double value : values) squares += value * value;
  return std::sqrt(squares);
}

// What two weight tensors of two elements lose in a step of SGD(1): their clipped gradients.
std::vector<double> clipped(const SGD& rule, std::vector<double> gradient) {
  Updater<double> updater(rule, 4, {{0, 2}, {2, 2}});
  std::vector<double> weights(4, 0.0);
  std::vector<double> memory(4, 0.0);
  updater.begin_step(weights.data(), memory.data());
  updater.take(0, gradient.data(), 4);
  updater.finish_step(*thread_pool());
  for (double& weight : weights) weight = -weight;
  return weights;
}

// The weight after each step of SGD(1) with these gradients, from 0 on; then what `finalize` makes of it.
std::vector<double> trace(const SGD& rule, const std::vector<double>& gradients) {
  Updater<double> updater(rule, 1, {{0, 1}});
  double weight = 0;
  double memory = 0;
  std::vector<double> weights;
  for (double gradient : gradients) {
    updater.begin_step(&weight, &memory);
    updater.take(0, &gradient, 1);
    updater.finish_step(*thread_pool());
    weights.push_back(weight);
  }
  updater.finalize(&weight);
  weights.push_back(weight);
  return weights;
}

}  // namespace

TEST_CASE("the bits do not depend on tiles, threads or whether gradients are kept") {
  check_same_bits<float>();
  check_same_bits<double>();
}

TEST_CASE("what lies between the weight tensors is left alone") {
  Training<float> training(Adam(1e-3, {
                                          .global_clipnorm = 1,
                                      }));
  training.weights[40] = 7;
  training.gradients[40] = 5;
  training.step(100, *thread_pool());
  CHECK(training.weights[40] == 7);
  CHECK(training.gradients[40] == 5);
  CHECK(training.updater.slot("momentum")[40] == 0);
}

TEST_CASE("clipping") {
  const std::vector<double> gradient{3, 4, 0.3, 0.4};
  CHECK(clipped(SGD(1, {.clipvalue = 1}), gradient) == std::vector<double>{1, 1, 0.3, 0.4});

  const auto each = clipped(SGD(1, {.clipnorm = 1}), gradient);
  CHECK(each[0] == Approx(0.6));
  CHECK(each[1] == Approx(0.8));
  CHECK(each[2] == 0.3);
  CHECK(each[3] == 0.4);

  const auto all = clipped(SGD(1, {.global_clipnorm = 1}), gradient);
  CHECK(norm(all) == Approx(1));
  CHECK(all[0] / all[2] == Approx(10));
  CHECK(clipped(SGD(1, {.global_clipnorm = 100}), gradient) == gradient);
}

TEST_CASE("averages of the weights take their place at the end") {
  // Weights 1, 2, 4; the average begins with the first and then moves half the way: 1, 1.5, 2.75.
  CHECK(trace(SGD(1, {.use_ema = true, .ema_momentum = 0.5}), {-1, -1, -2}) == std::vector<double>{1, 2, 4, 2.75});
  // Each second step goes on from the average.
  CHECK(trace(SGD(1, {.use_ema = true, .ema_momentum = 0.5, .ema_overwrite_frequency = 2}), {-1, -1, -2}) ==
        std::vector<double>{1, 1.5, 3.5, 2.5});
  CHECK(trace(SGD(1), {-1, -1}) == std::vector<double>{1, 2, 2});
}

TEST_CASE("gradients add up over the steps of an update") {
  CHECK(trace(SGD(1, {.gradient_accumulation_steps = 2}), {-1, -3, -4, -8, -9}) ==
        std::vector<double>{0, 2, 2, 8, 8, 8});
  // What is clipped is the mean, and what decays does so once an update.
  CHECK(trace(SGD(1, {.clipnorm = 1, .gradient_accumulation_steps = 2}), {-4, -2}) == std::vector<double>{0, 1, 1});
  CHECK(trace(SGD(1, {.weight_decay = 0.5, .gradient_accumulation_steps = 2}), {-2, -2, 0, 0}) ==
        std::vector<double>{0, 2, 2, 1, 1});
  // Adam counts updates: its second step here is its first update, whose size is the learning rate.
  Updater<double> updater(Adam(0.1, {.gradient_accumulation_steps = 2}), 1, {{0, 1}});
  double weight = 0;
  double memory = 0;
  for (double gradient : {1.0, 1.0}) {
    updater.begin_step(&weight, &memory);
    updater.take(0, &gradient, 1);
    updater.finish_step(*thread_pool());
  }
  CHECK(weight == Approx(-0.1));
  CHECK(updater.step() == 2);
}

TEST_CASE("a gradient that is no number does not pass unseen") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (double weight : clipped(SGD(1, {.global_clipnorm = 1}), {none, 1, 1, 1})) CHECK(std::isnan(weight));
  CHECK(std::isnan(clipped(SGD(1, {.clipvalue = 1}), {none, 1, 1, 1})[0]));
}

TEST_CASE("gradients that are kept need memory") {
  std::vector<float> weights(4);
  Updater<float> updater(SGD(), 4, {{0, 4}});
  CHECK_FALSE(updater.stores());
  updater.begin_step(weights.data(), nullptr);
  updater.store(true);
  CHECK(updater.stores());
  CHECK_THROWS_AS(updater.begin_step(weights.data(), nullptr), StateError);
  CHECK(Updater<float>(SGD(0.1, {.clipnorm = 1}), 4, {{0, 4}}).stores());
  CHECK_THROWS_AS(Updater<float>(SGD(), 4, {{2, 3}}), ValueError);
}

TEST_CASE("gradients that lie in place are kept in place") {
  std::vector<float> weights(4, 1.0f);
  std::vector<float> gradients{1, 2, 3, 4};
  Updater<float> updater(SGD(1), 4, {{0, 4}});
  updater.store(true);
  updater.begin_step(weights.data(), gradients.data());
  updater.take(0, gradients.data(), 4);
  CHECK(weights == std::vector<float>(4, 1.0f));
  updater.finish_step(*thread_pool());
  CHECK(weights == std::vector<float>{0, -1, -2, -3});
}

TEST_CASE("a copy goes its own way, and state carried over goes on with the same bits") {
  ThreadPool pool(2);
  Training<float> first{AdamW()};
  for (int step = 0; step < 2; ++step) first.step(500, pool);
  Training<float> copy = first;

  Training<float> resumed{AdamW()};
  resumed.weights = first.weights;
  resumed.updater.set_step(first.updater.step());
  for (const std::string& name : first.updater.slot_names()) resumed.updater.slot(name) = first.updater.slot(name);

  for (int step = 0; step < 2; ++step) first.step(500, pool);
  CHECK_FALSE(same_bits(first.weights, copy.weights));
  for (int step = 0; step < 2; ++step) copy.step(70, pool);
  for (int step = 0; step < 2; ++step) resumed.step(9999, pool);
  CHECK(same_bits(first.weights, copy.weights));
  CHECK(same_bits(first.weights, resumed.weights));
  CHECK(first.updater.step() == 4);
  CHECK_THROWS_WITH(first.updater.slot("velocities"), Equals("AdamW: has no slot \"velocities\""));
  CHECK_THROWS_AS(first.updater.set_step(-1), ValueError);
}

TEST_CASE("a new learning rate holds from the next step on") {
  Updater<double> updater(SGD(1), 1, {{0, 1}});
  double weight = 0;
  const auto step = [&] {
    double gradient = 1;
    updater.begin_step(&weight, nullptr);
    updater.take(0, &gradient, 1);
    updater.finish_step(*thread_pool());
  };
  step();
  updater.optimizer().set_learning_rate(10);
  step();
  CHECK(weight == -11);
}
