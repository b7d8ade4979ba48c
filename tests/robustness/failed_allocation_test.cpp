// What happens where memory runs out: each operation is repeated with its first, second, third, ... allocation failing,
// until one run needs no more. Every failure is an std::bad_alloc or an Error, the model is as before, and the same
// call succeeds afterwards. Each operation runs in a process of its own, so that one that crashes or hangs is a failed
// test.

#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nacre/nacre.hpp>

#include "catch.hpp"
#include "models/model_testing.hpp"
#include "robustness/processes.hpp"

// ---- allocations that fail ------------------------------------------------------------------------------------------

namespace {

// How many more allocations succeed before one fails; negative: all do.
constinit std::atomic<std::int64_t> allocations_left{-1};

void* allocate(std::size_t size, std::size_t alignment) {
  if (allocations_left.load(std::memory_order_relaxed) >= 0 && allocations_left.fetch_sub(1) == 0) return nullptr;
  return std::aligned_alloc(alignment, size);
}

}  // namespace

#include "replaced_new.hpp"

// ---- operations -----------------------------------------------------------------------------------------------------

using namespace nacre;
using nacre::testing::class_numbers;
using nacre::testing::normal_array;
using nacre::testing::same_values;

namespace {

using Model = decltype(Sequential{Dense(1)});

struct Subject {
  Model model;
  Dataset data;
  xt::xarray<float> x;
  std::filesystem::path file;
};

std::optional<xt::xarray<float>> prediction_of(const Subject& subject) {
  if (!subject.model.built()) return std::nullopt;
  return subject.model.predict(subject.x);
}

/// An operation and what it works on.
struct Operation {
  std::string name;
  std::function<void(Subject&)> prepare;
  std::function<void(Subject&)> act;
  /// Whether a failure leaves the weights as they were.
  bool is_all_or_nothing = true;
};

void compile(Model& model) {
  model.compile(
      {.optimizer = Adam(1e-3, {.clipnorm = 1.0}), .loss = SparseCategoricalCrossentropy(), .metrics = {Accuracy()}});
}

void compile_another_way(Model& model) {
  model.compile({.optimizer = SGD(0.01, {.momentum = 0.9}),
                 .loss = SparseCategoricalCrossentropy(),
                 .metrics = {Accuracy(), Mean()}});
}

/// Without Input: built by the first data, or by build.
Model unbuilt() {
  return Model{Conv2D(2, 3, {.activation = relu}), BatchNormalization(), MaxPooling2D(2), Flatten(), Dropout(0.25),
               Dense(3, {.activation = softmax})};
}

Model built() {
  Model model = unbuilt();
  model.build({6, 6, 1});
  return model;
}

const std::vector<Operation>& operations() {
  const auto nothing = [](Subject&) {};
  const auto compiled = [](Subject& subject) { compile(subject.model); };
  const auto saved = [](Subject& subject) {
    compile(subject.model);
    save(subject.model, subject.file);
  };
  const FitOptions fit_options{.epochs = 2,
                               .batch_size = 4,
                               .verbose = 0,
                               .validation_split = 0.25,
                               .callbacks = {EarlyStopping({.restore_best_weights = true})}};
  static const std::vector<Operation> all{
      {"compile", compiled, [](Subject& subject) { compile_another_way(subject.model); }},
      {"compile before build", [](Subject& subject) { subject.model = unbuilt(); },
       [](Subject& subject) { compile(subject.model); }},
      {"build", [](Subject& subject) { subject.model = unbuilt(); },
       [](Subject& subject) {
         subject.model.build({6, 6, 1});
       }},
      {"build again", compiled,
       [](Subject& subject) {
         subject.model.build({6, 6, 1});
       }},
      {"add", compiled,
       [](Subject& subject) {
         const std::size_t before = subject.model.layers().size();
         try {
           subject.model.add(Dense(3, {.activation = relu}));
         } catch (...) {
           if (subject.model.layers().size() != before) throw std::logic_error("the layer stayed in the model");
           throw;
         }
       }},
      {"construct", nothing,
       [](Subject&) {
         const Model made{Input({6, 6, 1}), Flatten(), Dense(3)};
       }},
      {"set_seed", nothing, [](Subject& subject) { subject.model.set_seed(subject.model.seed() + 1); }},
      {"copy", compiled, [](Subject& subject) { const Model copy = subject.model; }},
      {"copy assignment", compiled,
       [](Subject& subject) {
         Model other = built();
         other.add(Dense(2));
         subject.model = other;
       }},
      {"set_num_threads", nothing,
       [](Subject&) {
         set_num_threads(3);
         set_num_threads(2);
       }},
      {"fit", compiled, [fit_options](Subject& subject) { subject.model.fit(subject.data, fit_options); }, false},
      {"fit before build",
       [](Subject& subject) {
         subject.model = unbuilt();
         compile(subject.model);
       },
       [fit_options](Subject& subject) { subject.model.fit(subject.data, fit_options); }, false},
      {"fit a generator", compiled,
       [](Subject& subject) {
         const Batches batches({.features = {{"x", {6, 6, 1}}}, .targets = {{"y", {}}}, .batch_size = 4, .steps = 2},
                               [](std::int64_t, Batch<float>& batch) {
                                 batch.features["x"].fill(0.5f);
                                 batch.targets["y"].fill(1);
                               });
         subject.model.fit(batches, {.epochs = 2, .verbose = 0, .validation_data = batches.shard(0, 2)});
       },
       false},
      {"fit on augmented samples", compiled,
       [](Subject& subject) {
         subject.model.fit(subject.data, {.batch_size = 4, .verbose = 0, .augment = [](Sample<float>& sample) {
                                            std::vector<float> more(36, static_cast<float>(sample.random.uniform(0)));
                                            for (std::size_t i = 0; i < more.size(); ++i)
                                              sample.features[0].data()[i] += more[i];
                                          }});
       },
       false},
      {"fit with a loss of operations",
       [](Subject& subject) {
         subject.model.compile({.loss = [](const SymbolicTensor& y_true, const SymbolicTensor& y_pred) {
           return ops::sum(ops::one_hot(y_true, 3) * y_pred, -1);
         }});
       },
       [](Subject& subject) { subject.model.fit(subject.data, {.batch_size = 4, .verbose = 0}); }, false},
      {"train_on_batch", compiled, [](Subject& subject) { subject.model.train_on_batch(subject.data); }, false},
      {"gradients", compiled, [](Subject& subject) { subject.model.gradients(subject.data, {.by_input = true}); }},
      {"apply_gradients", compiled,
       [](Subject& subject) { subject.model.apply_gradients(subject.model.gradients(subject.data)); }, false},
      {"train_on_batch again",
       [](Subject& subject) {
         compile(subject.model);
         subject.model.train_on_batch(subject.data);
       },
       [](Subject& subject) { subject.model.train_on_batch(subject.data); }, false},
      {"evaluate", compiled, [](Subject& subject) { subject.model.evaluate(subject.data, {.batch_size = 4}); }},
      {"predict", nothing, [](Subject& subject) { subject.model.predict(subject.x, {.batch_size = 4}); }},
      {"save", saved, [](Subject& subject) { save(subject.model, subject.file); }},
      {"load", saved, [](Subject& subject) { const Model loaded = load(subject.file); }},
      {"load for inference", saved, [](Subject& subject) { const Model loaded = load(subject.file, inference); }},
      {"load_weights", saved, [](Subject& subject) { load_weights(subject.model, subject.file); }},
      {"summary", nothing, [](Subject& subject) { static_cast<void>(subject.model.summary_text()); }},
  };
  return all;
}

// ---- the walk -------------------------------------------------------------------------------------------------------

/// Lets every allocation of an operation fail in turn. Returns what went wrong, or nothing.
std::string walk(const Operation& operation, const std::filesystem::path& folder, SharedText& progress) {
  set_num_threads(2);
  Subject subject{built(), Dataset::view(normal_array({8, 6, 6, 1}), class_numbers(8, 3)), normal_array({5, 6, 6, 1}),
                  folder / "model.safetensors"};
  operation.prepare(subject);
  const Model original = subject.model;
  for (std::int64_t succeeding = 0; succeeding < 100000; ++succeeding) {
    progress.write("allocation " + std::to_string(succeeding));
    subject.model = original;
    const auto before = prediction_of(subject);
    std::string problem;
    bool failed = true;
    allocations_left = succeeding;
    try {
      operation.act(subject);
      failed = false;
    } catch (const std::bad_alloc&) {
    } catch (const Error&) {
    } catch (const std::exception& error) {
      problem = error.what();
    } catch (...) {
      problem = "neither bad_alloc nor Error was thrown";
    }
    const bool was_reached = allocations_left.exchange(-1) < 0;
    if (!problem.empty()) return problem;
    if (!failed && !was_reached) return succeeding > 0 ? "" : "it allocates nothing";
    if (failed) {
      progress.write("using the model after allocation " + std::to_string(succeeding));
      const auto after = prediction_of(subject);
      if (operation.is_all_or_nothing && before.has_value() != after.has_value()) {
        return before ? "the model is no longer built" : "the model is half built";
      }
      if (operation.is_all_or_nothing && before && !same_values(*before, *after)) return "predictions changed";
      static_cast<void>(subject.model.summary_text());
      if (std::filesystem::exists(subject.file)) static_cast<void>(load(subject.file));
      if (subject.model.built() && subject.model.compiled()) {
        subject.model.evaluate(subject.data, {.batch_size = 4});
        subject.model.train_on_batch(subject.data);
      }
    }
    operation.act(subject);
    for (const float value : prediction_of(subject).value_or(xt::xarray<float>{})) {
      if (!std::isfinite(value)) return "predictions are not finite";
    }
  }
  return "there is no end of allocations";
}

void check(const Operation& operation) {
  TemporaryFolder folder;
  SharedText progress;
  SharedText problem;
  const ChildEnd end = run_in_child(60, [&] {
    std::string found = walk(operation, folder.path(), progress);
    if (!found.empty()) problem.write(found + ", at " + progress.read());
    return found.empty();
  });
  INFO(operation.name << ": " << end.to_string() << ", " << progress.read());
  CHECK(problem.read() == "");
  CHECK(end.is_success());
}

}  // namespace

TEST_CASE("Where memory runs out models stay as they were") {
  for (const Operation& operation : operations()) check(operation);
}
