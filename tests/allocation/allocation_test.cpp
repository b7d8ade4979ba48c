// Whether training and predicting take memory from the heap. This program replaces operator new and, where the C
// library can do without them, malloc and its kin, and counts the calls of all threads.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <vector>

#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/models/stepper.hpp>
#include <nacre/optimizers/sgd.hpp>

#include "catch.hpp"
#include "determinism/networks.hpp"
#include "layers/cases.hpp"
#include "layers/layer_testing.hpp"

// ---- counting -------------------------------------------------------------------------------------------------------

namespace {

constinit std::atomic<std::int64_t> allocations{0};

void count_one() { allocations.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define NACRE_TEST_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NACRE_TEST_SANITIZED 1
#endif

// A sanitizer has its own malloc, and other C libraries have no second name for theirs: then operator new alone counts.
#if defined(__GLIBC__) && !defined(NACRE_TEST_SANITIZED)
#define NACRE_TEST_COUNTS_MALLOC 1

#include <cerrno>

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) noexcept {
  count_one();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_one();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  count_one();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count_one();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_one();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  count_one();
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}
void free(void* memory) noexcept { __libc_free(memory); }

}  // extern "C"

#endif

namespace {

// Counts where malloc's kin do not.
void* allocate(std::size_t size, std::size_t alignment) {
#if !defined(NACRE_TEST_COUNTS_MALLOC)
  count_one();
#endif
  return std::aligned_alloc(alignment, size);
}

}  // namespace

#include "replaced_new.hpp"

// ---- the networks ---------------------------------------------------------------------------------------------------

using namespace nacre;
using namespace nacre::testing;

namespace {

struct RestoreThreads {
  ~RestoreThreads() { set_num_threads(0); }
};

/// With the layers that the documents' networks do not have.
Sequential network_of_other_layers() {
  Sequential model{
      Input({784}),
      Reshape({28, 28, 1}),
      Rescaling(2, -1),
      Conv2D(8, 3, {.strides = 2, .padding = "same"}),
      BatchNormalization(),
      ReLU({.max_value = 6.0, .negative_slope = 0.1}),
      Conv2D(8, 3, {.padding = "same", .groups = 2, .activation = activations::tanh}),
      AveragePooling2D(2),
      Conv2D(12, 3, {.padding = "same", .dilation_rate = 2, .activation = sigmoid}),
      MaxPooling2D(2, {.strides = 1, .padding = "same"}),
      Conv2D(10, 1, {.activation = softmax}),
      GlobalAveragePooling2D({.keepdims = true}),
      Reshape({-1}),
      Dense(10),
      Softmax(),
  };
  model.compile({.optimizer = SGD(0.01, {.momentum = 0.9, .clipnorm = 1.0}),
                 .loss = CategoricalCrossentropy({.label_smoothing = 0.1}),
                 .metrics = {Accuracy(), Recall()},
                 .weighted_metrics = {CategoricalAccuracy(), Precision({.top_k = 2})}});
  return model;
}

/// A memory of counter readings that takes no memory itself.
class Readings {
 public:
  Readings() { values_.reserve(1000); }
  void begin() { before_ = allocations.load(); }
  void end() { values_.push_back(allocations.load() - before_); }

  /// The largest reading from the second on.
  std::int64_t largest_after_first() const {
    std::int64_t largest = 0;
    for (std::size_t i = 1; i < values_.size(); ++i) largest = std::max(largest, values_[i]);
    return largest;
  }
  std::int64_t first() const { return values_.at(0); }
  std::size_t size() const { return values_.size(); }

 private:
  std::vector<std::int64_t> values_;
  std::int64_t before_ = 0;
};

/// Trains and counts what each step allocates, and what happens from one to the next within an epoch.
void check_training(Model model, const Batches& data, FitOptions options) {
  const RestoreThreads restore;
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    Readings steps;
    Readings between;
    LambdaCallback counter({.on_train_batch_begin =
                                [&](TrainingRun& run) {
                                  if (run.step > 0) between.end();
                                  steps.begin();
                                },
                            .on_train_batch_end =
                                [&](TrainingRun&) {
                                  steps.end();
                                  between.begin();
                                }});
    options.epochs = 3;
    options.verbose = 0;
    options.callbacks = {counter};
    model.fit(data, options);
    INFO(threads << " threads, " << steps.size() << " steps");
    REQUIRE(steps.size() > 6);
    CHECK(steps.largest_after_first() == 0);
    CHECK(between.largest_after_first() == 0);
  }
}

const std::int64_t sample_count = 300;
Dataset vectors() { return random_images(sample_count, {784}); }
Dataset images() { return random_images(sample_count, {28, 28, 1}); }

}  // namespace

// ---- the tests ------------------------------------------------------------------------------------------------------

TEST_CASE("allocations are counted") {
  const std::int64_t before = allocations.load();
  const auto seen = [&before] { return allocations.load() - before; };
  auto* single = new int(1);
  CHECK(seen() >= 1);
  const std::int64_t after_new = seen();
  Buffer<float> aligned(100);
  CHECK(seen() > after_new);
  delete single;
#if defined(NACRE_TEST_COUNTS_MALLOC)
  const std::int64_t before_malloc = allocations.load();
  // The compiler may leave out an allocation whose result it can do without.
  void* volatile memory = std::malloc(100);
  memory = std::realloc(memory, 1000);
  std::free(memory);
  memory = std::calloc(3, 5);
  std::free(memory);
  const std::int64_t counted = allocations.load() - before_malloc;
  CHECK(counted == 3);
#endif
}

TEST_CASE("a training step of M1 allocates nothing") { check_training(network_m1(), vectors(), {}); }

TEST_CASE("a training step of M2 allocates nothing") { check_training(network_m2(), images().one_hot(10), {}); }

TEST_CASE("a training step of M3 allocates nothing") {
  check_training(network_m3(), vectors().one_hot(10), {.batch_size = 128});
}

TEST_CASE("a training step of C1 allocates nothing") { check_training(network_c1(), images().one_hot(10), {}); }

TEST_CASE("a training step of R1 allocates nothing") {
  check_training(network_r1(), random_images(sample_count, {18, 16, 1}).one_hot(10), {});
}

TEST_CASE("a training step of a network with all other layers allocates nothing") {
  check_training(network_of_other_layers(), vectors().one_hot(10), {});
}

TEST_CASE("a training step of every layer allocates nothing") {
  for (const LayerCase& the : layer_cases()) {
    INFO(the.layer.to_string() << " on " << the.input.to_string() << ": " << the.about);
    xt::xarray<float> x = normal_array(the.input.with_batch(70), 1);
    if (the.integers > 0) x = xt::cast<float>(x > 0.0F);
    const Dataset data(x, normal_array({70, 2}, 2));
    check_training(model_around(the), data, {.batch_size = 16});
  }
}

TEST_CASE("a training step with a mask in the loss and in the metrics allocates nothing") {
  const auto x = Input({4, 3});
  Model model(x, Dense(2, softmax)(BatchNormalization()(Masking()(x))));
  model.compile({.optimizer = SGD(0.1),
                 .loss = CategoricalCrossentropy(),
                 .metrics = {Accuracy()},
                 .weighted_metrics = {CategoricalAccuracy()}});
  xt::xarray<float> features = normal_array({70, 4, 3}, 1);
  std::fill_n(features.data(), 300, 0.0F);
  const Dataset data(features, xt::xarray<float>(xt::ones<float>({70, 4, 2})));
  check_training(model, data, {.batch_size = 16});
  check_training(model, data, {.batch_size = 16, .sample_weight = std::vector<double>(70, 0.5)});
}

TEST_CASE("a training step with any optimizer and a schedule allocates nothing") {
  for (const AnyOptimizer<float>& optimizer :
       {AnyOptimizer<float>(Adam(CosineDecay(0.01, 5, {.warmup_target = 0.02, .warmup_steps = 3}))),
        AnyOptimizer<float>(SGD(PiecewiseConstantDecay({2, 4}, {0.1, 0.01, 0.001}))),
        AnyOptimizer<float>(AdamW({.exclude_from_weight_decay = {"bias"}})), AnyOptimizer<float>(Adafactor()),
        AnyOptimizer<float>(Adagrad()), AnyOptimizer<float>(Adamax()), AnyOptimizer<float>(Ftrl()),
        AnyOptimizer<float>(Lamb()), AnyOptimizer<float>(Lion()), AnyOptimizer<float>(Muon()),
        AnyOptimizer<float>(Nadam()), AnyOptimizer<float>(Adadelta()), AnyOptimizer<float>(ScheduleFreeAdamW())}) {
    INFO(optimizer.to_string());
    Model model = network_m1();
    model.compile({.optimizer = optimizer, .loss = SparseCategoricalCrossentropy()});
    check_training(model, vectors(), {});
  }
}

TEST_CASE("a training step with any kind of loss and metrics allocates nothing") {
  for (const AnyLoss<float>& loss :
       {AnyLoss<float>(CategoricalFocalCrossentropy()), AnyLoss<float>(Huber({.reduction = "mean_with_sample_weight"})),
        AnyLoss<float>(Dice()), AnyLoss<float>(Tversky({.axis = {{-1}}}))}) {
    INFO(loss.to_string());
    Model model = network_m1();
    model.compile({.optimizer = SGD(),
                   .loss = loss,
                   .metrics = {"mse", AUC(), F1Score(), R2Score(), TopKCategoricalAccuracy(), PrecisionAtRecall(0.5)}});
    check_training(model, vectors().one_hot(10), {});
  }
}

TEST_CASE("a training step with weights and validation allocates nothing") {
  check_training(
      network_of_other_layers(), vectors().one_hot(10),
      {.validation_split = 0.2, .class_weight = {{1, 2.0}}, .sample_weight = std::vector<double>(sample_count, 0.5)});
}

TEST_CASE("a training step on a generator's batches and on augmented samples allocates nothing") {
  const auto brighten = [](Sample<float>& sample) {
    const auto more = static_cast<float>(sample.random.uniform(0));
    for (float& value : sample.features[0]) value += more;
  };
  const Batches noise({.features = {{"x", {784}}}, .targets = {{"y", {}, true}}, .batch_size = 32},
                      [](std::int64_t step, Batch<float>& batch) -> std::int64_t {
                        for (std::size_t i = 0; i < batch.features[0].size(); ++i) {
                          batch.features[0].data()[i] = static_cast<float>(batch.random.uniform(i));
                        }
                        batch.targets[0].fill(3);
                        batch.sample_weights[0].fill(0.5f);
                        return step < 9 ? 32 : 0;
                      });
  check_training(network_m1(), noise, {});
  check_training(network_m1(), noise, {.augment = brighten});
  check_training(network_m1(), vectors(), {.augment = brighten});
  check_training(network_m1(), Batches(vectors()).shard(0, 1), {.batch_size = 16, .augment = brighten});
}

TEST_CASE("single steps and evaluations allocate little after the first") {
  Model model = network_c1();
  const Dataset data = images().one_hot(10).take(64);
  const auto counted = [](auto call) {
    const std::int64_t before = allocations.load();
    call();
    return allocations.load() - before;
  };
  const auto step = [&] { model.train_on_batch(data); };
  const auto evaluate = [&] { model.evaluate(data); };
  const auto differentiate = [&] { model.gradients(data); };
  const std::int64_t first_step = counted(step);
  const std::int64_t first_evaluation = counted(evaluate);
  counted(differentiate);
  CHECK(counted(step) < first_step / 3);
  CHECK(counted(evaluate) < first_evaluation / 3);
  const std::int64_t steady[] = {counted(step), counted(evaluate), counted(differentiate)};
  for (int call = 0; call < 5; ++call) {
    CHECK(counted(step) == steady[0]);
    CHECK(counted(evaluate) == steady[1]);
    CHECK(counted(differentiate) == steady[2]);
  }
}

TEST_CASE("predict allocates its result and little else, however many batches there are") {
  const Sequential model = network_c1();
  const Dataset data = images();
  const auto counted = [&](std::int64_t rows, std::int64_t batch_size) {
    const Dataset part = data.take(rows);
    const std::int64_t before = allocations.load();
    const auto predictions = model.predict(part, {.batch_size = batch_size});
    return allocations.load() - before;
  };
  counted(64, 32);  // makes the network that later calls use
  const std::int64_t first = counted(64, 32);
  CHECK(first <= 4);  // the result's shape, and its numbers
  CHECK(counted(64, 32) == first);
  CHECK(counted(300, 32) == first);
  CHECK(counted(7, 32) == first);
  CHECK(counted(300, 5) == first);
}

TEST_CASE("a stepper allocates nothing") {
  const Sequential model{Input({4, 2}), LSTM(16, {.return_sequences = true}), GRU(3), Dense(2)};
  auto stepper = model.stepper();
  const std::vector<float> features{1, 2};
  stepper(features);
  const std::int64_t before = allocations;
  for (int step = 0; step < 100; ++step) stepper(features);
  CHECK(allocations == before);
}
