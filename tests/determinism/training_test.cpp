// The law: same seed, same bits, for any number of threads, interrupted or not.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "catch.hpp"
#include "determinism/networks.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

template <class T>
void append_bits(std::vector<std::uint32_t>& bits, const T& values) {
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
}

/// Every bit that training leaves behind: all weights, the optimizer's memory, and what the model predicts then.
std::vector<std::uint32_t> bits_of(const Model& model, const Dataset& data) {
  std::vector<std::uint32_t> bits;
  append_bits(bits, model.state().parameters.trainable());
  append_bits(bits, model.state().parameters.non_trainable());
  for (const std::string& slot : model.state().updater->slot_names())
    append_bits(bits, model.state().updater->slot(slot));
  append_bits(bits, model.predict(data.take(45)));
  return bits;
}

/// What a test of one network needs to know.
struct Case {
  Sequential (*network)(std::uint64_t seed);
  Dataset data;
  std::int64_t epochs;
};

Case case_of(const std::string& name) {
  // 20 steps an epoch, the last of them on a batch that is not full.
  constexpr std::int64_t samples = 19 * 32 + 17;
  if (name == "M1") return {network_m1, random_images(samples, {784}), 15};
  if (name == "M2") return {network_m2, random_images(samples, {28, 28, 1}).one_hot(10), 15};
  if (name == "the rest") return {network_of_the_rest, random_images(samples, {12, 12, 6}).one_hot(10), 5};
  return {network_c1, random_images(samples, {28, 28, 1}).one_hot(10), 10};
}

std::vector<std::uint32_t> trained(const Case& chosen, int threads, std::uint64_t seed, std::int64_t epochs) {
  set_num_threads(threads);
  Sequential model = chosen.network(seed);
  model.fit(chosen.data, {.epochs = epochs, .verbose = 0});
  return bits_of(model, chosen.data);
}

/// Where two trainings differ first, or -1.
std::int64_t first_difference(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  if (a.size() != b.size()) return 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return static_cast<std::int64_t>(i);
  }
  return -1;
}

void check_threads(const std::string& name) {
  const RestoreThreads restore;
  const Case chosen = case_of(name);
  const auto expected = trained(chosen, 1, 1, chosen.epochs);
  for (const int threads : {2, 3, 8}) {
    INFO(name << " on " << threads << " threads");
    CHECK(first_difference(trained(chosen, threads, 1, chosen.epochs), expected) == -1);
  }
}

}  // namespace

TEST_CASE("M1 trains to the same bits on any number of threads") { check_threads("M1"); }
TEST_CASE("M2 trains to the same bits on any number of threads") { check_threads("M2"); }
TEST_CASE("C1 trains to the same bits on any number of threads") { check_threads("C1"); }

TEST_CASE("all other layers train to the same bits on any number of threads") { check_threads("the rest"); }

TEST_CASE("R1 trains to the same bits on any number of threads") {
  const RestoreThreads restore;
  const Dataset data = random_images(3 * 32 + 17, {18, 16, 1}).one_hot(10);
  const auto trained_on = [&](int threads) {
    set_num_threads(threads);
    Model model = network_r1();
    model.fit(data, {.epochs = 2, .batch_size = 32, .verbose = 0});
    return bits_of(model, data);
  };
  const auto expected = trained_on(1);
  for (const int threads : {2, 3, 8}) {
    INFO(threads << " threads");
    CHECK(first_difference(trained_on(threads), expected) == -1);
  }
}

TEST_CASE("another seed gives other bits, the same seed the same") {
  const RestoreThreads restore;
  for (const std::string name : {"M1", "M2"}) {
    const Case chosen = case_of(name);
    const auto expected = trained(chosen, 2, 1, 1);
    INFO(name);
    CHECK(first_difference(trained(chosen, 2, 1, 1), expected) == -1);
    CHECK(first_difference(trained(chosen, 2, 2, 1), expected) != -1);
  }
}

TEST_CASE("training that was interrupted ends with the bits of one that was not") {
  const RestoreThreads restore;
  for (const std::string name : {"M1", "M2", "C1"}) {
    const Case chosen = case_of(name);
    const auto expected = trained(chosen, 2, 1, 3);
    Sequential first = chosen.network(1);
    first.fit(chosen.data, {.epochs = 1, .verbose = 0});
    Sequential copy = first;
    first = chosen.network(9);  // what the copy was made of is gone
    set_num_threads(3);
    copy.fit(chosen.data, {.epochs = 3, .verbose = 0, .initial_epoch = 1});
    INFO(name);
    CHECK(first_difference(bits_of(copy, chosen.data), expected) == -1);
  }
}

TEST_CASE("a batch gives the same bits in memory that was laid out for a larger one") {
  // As many samples as units is where some kernels begin to work in another way.
  for (const std::int64_t batch : {32, 64, 128, 256}) {
    for (const std::int64_t rest : {1, 8, 31}) {
      for (const std::string name : {"M1", "M2", "C1", "the rest"}) {
        const Dataset data = case_of(name).data.take(batch + rest);
        Sequential together = case_of(name).network(1);
        together.fit(data, {.epochs = 1, .batch_size = batch, .verbose = 0, .shuffle = false});
        Sequential apart = case_of(name).network(1);
        apart.train_on_batch(data.take(batch));
        apart.train_on_batch(data.skip(batch));
        INFO(name << ", " << rest << " samples after a batch of " << batch);
        CHECK(first_difference(bits_of(together, data), bits_of(apart, data)) == -1);
      }
    }
  }
}

TEST_CASE("weights, clipping and validation change nothing about the law") {
  const RestoreThreads restore;
  const Dataset data = random_images(200, {28, 28, 1}).one_hot(10);
  std::vector<std::uint32_t> expected;
  for (const int threads : {1, 2, 3, 8}) {
    set_num_threads(threads);
    Sequential model = network_m2();
    model.compile({.optimizer = Adam(1e-2, {.weight_decay = 1e-3, .global_clipnorm = 1.0}),
                   .loss = CategoricalCrossentropy({.label_smoothing = 0.1}),
                   .weighted_metrics = {Accuracy()}});
    const History history =
        model.fit(data, {.epochs = 2, .verbose = 0, .validation_split = 0.25, .class_weight = {{3, 2.0}, {7, 0.5}}});
    auto bits = bits_of(model, data);
    for (const Logs& logs : history.logs()) {
      for (const auto& [name, value] : logs)
        bits.push_back(static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(value)));
    }
    if (threads == 1) expected = bits;
    CHECK(first_difference(bits, expected) == -1);
  }
}

TEST_CASE("a model starts with weights that its seed and its layers determine") {
  CHECK(network_m1(5).state().parameters.trainable().size() > 0);
  const auto initial = [](std::uint64_t seed) {
    const Sequential model = network_m1(seed);
    std::vector<std::uint32_t> bits;
    append_bits(bits, model.state().parameters.trainable());
    return bits;
  };
  CHECK(initial(5) == initial(5));
  CHECK(initial(5) != initial(6));
}
