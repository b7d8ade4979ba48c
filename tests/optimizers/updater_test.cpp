// Updater: the same bits however gradients arrive, clipping, and state.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/optimizers/optimizers.hpp>
#include <nacre/optimizers/updater.hpp>
#include <nacre/schedules/schedules.hpp>

#include "catch.hpp"

using namespace nacre;

namespace {

// Three weight tensors in a block, with gaps between them; the second is cut into several pieces.
const std::vector<Segment> segments{
    {0, {37}, "dense/bias"}, {48, {3, 1667, 10}, "conv/kernel"}, {50064, {10}, "norm/gamma"}};
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
      std::vector<T> gradient(static_cast<std::size_t>(segment.count()));
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        gradient[i] = static_cast<T>(random.normal(i + static_cast<std::size_t>(segment.offset)));
      }
      for (std::int64_t first = 0; first < segment.count(); first += tile) {
        const std::int64_t count = std::min(tile, segment.count() - first);
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
          AdamW(1e-3, {.global_clipnorm = 1}),
          AdamW({.weight_decay = 0.1, .exclude_from_weight_decay = {"bias"}}),
          Adam(CosineDecay(0.1, 3), {.weight_decay = 0.1}),
          Adagrad(0.1, {.use_ema = true}),
          Adamax(0.1),
          Nadam(0.1),
          Ftrl(0.1, {.l1_regularization_strength = 0.01, .l2_shrinkage_regularization_strength = 0.01}),
          Ftrl(0.1, {.learning_rate_power = -0.6, .beta = 0.1}),
          Lamb(0.1, {.weight_decay = 0.1}),
          Lion(0.1),
          Adadelta(0.1),
          ScheduleFreeAdamW(0.1, {.warmup_steps = 2, .weight_decay = 0.1}),
          Muon(0.1, {.use_ema = true, .exclude_from_weight_decay = {"bias"}}),
          Muon(0.1, {.clipnorm = 3, .exclude_layers = {"second"}, .nesterov = false, .rms_rate = std::nullopt}),
          Adafactor(0.1, {.weight_decay = 0.1, .use_ema = true}),
          Adafactor(0.1, {.clipnorm = 3, .gradient_accumulation_steps = 2})};
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
  Updater<double> updater(rule, 4, {{0, {2}}, {2, {2}}});
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
  Updater<double> updater(rule, 1, {{0, {1}}});
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
  Updater<double> updater(Adam(0.1, {.gradient_accumulation_steps = 2}), 1, {{0, {1}}});
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
  Updater<float> updater(SGD(), 4, {{0, {4}}});
  CHECK_FALSE(updater.stores());
  updater.begin_step(weights.data(), nullptr);
  updater.store(true);
  CHECK(updater.stores());
  CHECK_THROWS_AS(updater.begin_step(weights.data(), nullptr), StateError);
  CHECK(Updater<float>(SGD(0.1, {.clipnorm = 1}), 4, {{0, {4}}}).stores());
  CHECK_THROWS_AS(Updater<float>(SGD(), 4, {{2, {3}}}), ValueError);
}

TEST_CASE("gradients that lie in place are kept in place") {
  std::vector<float> weights(4, 1.0f);
  std::vector<float> gradients{1, 2, 3, 4};
  Updater<float> updater(SGD(1), 4, {{0, {4}}});
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
  Updater<double> updater(SGD(1), 1, {{0, {1}}});
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

TEST_CASE("a schedule is asked where a step begins, with the steps made so far") {
  std::vector<double> rates;
  Updater<double> updater(SGD(PiecewiseConstantDecay({0, 2}, {1, 10, 100})), 1, {{0, {1}}});
  double weight = 0;
  for (int step = 0; step < 4; ++step) {
    rates.push_back(updater.learning_rate());
    double gradient = 1;
    updater.begin_step(&weight, nullptr);
    updater.take(0, &gradient, 1);
    updater.finish_step(*thread_pool());
  }
  CHECK(rates == std::vector<double>{1, 10, 10, 100});
  CHECK(weight == -121);
  updater.set_step(1);
  CHECK(updater.learning_rate() == 10);
  // Steps that only add gradients up count, as in Keras.
  CHECK(trace(SGD(PiecewiseConstantDecay({0, 2}, {1, 10, 100}), {.gradient_accumulation_steps = 2}),
              {-1, -1, -1, -1}) == std::vector<double>{0, 10, 10, 110, 110});
}

namespace {

// A schedule that breaks down at step 2.
struct BrokenSchedule {
  static constexpr std::string_view type_name = "BrokenSchedule";
  void fields(Fields&) {}
  double operator()(std::int64_t step) const {
    return step == 2 ? std::numeric_limits<double>::quiet_NaN() : step == 3 ? -1.0 : 0.5;
  }
};

}  // namespace

TEST_CASE("a schedule that comes to no learning rate is an error, and the step has not begun") {
  Updater<double> updater(SGD(BrokenSchedule()), 1, {{0, {1}}});
  double weight = 0;
  updater.set_step(2);
  CHECK_THROWS_WITH(updater.begin_step(&weight, nullptr),
                    Equals("SGD: expected a learning rate of 0 or more, got nan from BrokenSchedule() at step 2"));
  CHECK(updater.step() == 2);
  updater.set_step(3);
  CHECK_THROWS_AS(updater.begin_step(&weight, nullptr), ValueError);
}

TEST_CASE("weights that are left out of the decay do not decay, however they are cut") {
  const std::vector<Segment> tensors{
      {0, {2}, "a/kernel"}, {2, {1}, "a/bias"}, {4, {3}, "b/kernel"}, {8, {2}, "b/bias"}};
  for (const std::int64_t tile : {1, 3, 10}) {
    CAPTURE(tile);
    Updater<double> updater(SGD(1, {.weight_decay = 0.5, .exclude_from_weight_decay = {"bias"}}), 10, tensors);
    std::vector<double> weights(10, 1.0);
    std::vector<double> gradients(10, 0.0);
    updater.begin_step(weights.data(), nullptr);
    for (std::int64_t first = 0; first < 10; first += tile) {
      updater.take(first, gradients.data() + first, std::min(tile, 10 - first));
    }
    CHECK(weights == std::vector<double>{0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 1, 1, 1});
  }
}

TEST_CASE("weight tensors lie inside the block, one behind the other") {
  CHECK_THROWS_WITH(Updater<float>(SGD(), 8, {{0, {4}}, {3, {4}}}),
                    "Updater: expected weight tensor 1 inside a block of 8 weights, behind the one before it, got 4 "
                    "elements from 3 on");
}

namespace {

// A rule that needs tensors whole: w -= learning_rate g / |g|, counting its calls and keeping a number a row.
struct NormalizedDescent {
  static constexpr std::string_view type_name = "NormalizedDescent";
  static constexpr bool whole_tensors = true;
  LearningRate learning_rate{1};
  void fields(Fields& list) { list("learning_rate", learning_rate); }

  static Shape rows(const Segment& weight) { return weight.shape.rank() == 2 ? Shape{weight.shape[0]} : Shape{0}; }
  std::vector<Slot> slots() const { return {{"rows", 3, rows}, {"seen", 5}}; }

  double rates(double rate, std::int64_t) const { return rate; }
  template <class T>
  void update(double rate, const Update<T>& update) const {
    REQUIRE(update.tensor->count() == update.count);
    double squares = 0;
    for (std::int64_t i = 0; i < update.count; ++i)
      squares += static_cast<double>(update.gradient[i] * update.gradient[i]);
    for (std::int64_t i = 0; i < update.count; ++i) {
      update.weights[i] -= static_cast<T>(rate / std::sqrt(squares)) * update.gradient[i];
      update.slots[1][i] += T(1);
    }
    if (update.tensor->shape.rank() != 2) return;
    for (std::int64_t row = 0; row < update.tensor->shape[0]; ++row) update.slots[0][row] += static_cast<T>(row);
  }
};

// The same rule, wrongly given parts.
struct Parts : NormalizedDescent {
  static constexpr std::string_view type_name = "Parts";
  static constexpr bool whole_tensors = false;
};

}  // namespace

TEST_CASE("a rule may take tensors whole, with slots of other extents that start at a value") {
  Updater<double> updater(NormalizedDescent(), 10, {{0, {2, 2}, "dense/kernel"}, {8, {2}, "dense/bias"}});
  std::vector<double> weights(10, 0.0);
  std::vector<double> memory(10, 0.0);
  CHECK(updater.stores());
  updater.begin_step(weights.data(), memory.data());
  std::vector<double> gradient{3, 4, 0, 0, 0, 0, 0, 0, 6, 8};
  for (std::int64_t i = 0; i < 10; ++i) updater.take(i, gradient.data() + i, 1);
  CHECK(weights == std::vector<double>(10, 0.0));
  updater.finish_step(*thread_pool());
  for (const std::size_t i : {0u, 8u}) CHECK(weights[i] == Approx(-0.6));
  for (const std::size_t i : {1u, 9u}) CHECK(weights[i] == Approx(-0.8));

  // What is kept, by slot and weight: nothing in "rows" for the bias.
  const auto kept = std::as_const(updater).slot_tensors();
  REQUIRE(kept.size() == 3);
  CHECK((kept[0].slot == "rows" && kept[0].weight == "dense/kernel" && kept[0].shape == Shape{2}));
  CHECK((kept[1].slot == "seen" && kept[1].weight == "dense/kernel" && kept[1].shape == Shape{2, 2}));
  CHECK((kept[2].slot == "seen" && kept[2].weight == "dense/bias" && kept[2].shape == Shape{2}));
  CHECK((kept[0].data[0] == 3 && kept[0].data[1] == 4));
  CHECK((kept[1].data[3] == 6 && kept[2].data[1] == 6));
  CHECK(updater.slot("seen")[5] == 0);  // between the tensors
}

TEST_CASE("slots of other extents are for rules that take whole tensors") {
  CHECK_THROWS_WITH(AnyOptimizer<double>(Parts()),
                    "Parts: expected slot \"rows\" shaped as the weights, since its rule does not take whole tensors");
}
