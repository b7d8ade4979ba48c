#pragma once
// Batches: what a model is trained on, a data set or batches that a generator makes.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/augmentation.hpp>
#include <nacre/data/batch_loader.hpp>
#include <nacre/data/batch_source.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/generator.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How batches are made.
struct BatchOptions {
  std::int64_t batch_size = 32;         ///< of a data set's batches
  bool shuffle = false;                 ///< of a data set: whether each epoch has an order of its own
  std::optional<std::int64_t> steps{};  ///< no more batches an epoch than these
  Augmentation augment{};               ///< what is done to each sample
};

namespace detail {

/// What is done to the batches of a source.
class SourceOperation {
 public:
  virtual ~SourceOperation() = default;
  virtual std::unique_ptr<BatchSource<float>> apply(std::unique_ptr<BatchSource<float>> source) const = 0;
  virtual std::unique_ptr<BatchSource<double>> apply(std::unique_ptr<BatchSource<double>> source) const = 0;
};

}  // namespace detail

/// A data set, or a generator: a class of your own with `BatchSpec spec() const`, which says what its batches are like,
/// `load(step, batch)`, which writes batch `step` of the epoch to `Batch<float>& batch` (or `Batch<T>&`, a template),
/// and where it is needed `begin_epoch(std::uint64_t seed, std::int64_t epoch)`; or a spec and a function in the place
/// of `load`:
///
///     Batches waves({.features = {{"signal", {64}}}, .targets = {{"pitch", {}}}, .batch_size = 32, .steps = 100},
///                   [](std::int64_t step, Batch<float>& batch) { ... });
///     model.fit(waves, {.epochs = 10});
///
/// `load` returns nothing where it writes all of the batch, otherwise how many samples it has written. The spec says
/// how many batches an epoch has; if it does not, the epoch ends with the first batch of 0 samples. `load` is called on
/// the thread that trains, in the order of the steps. Given a seed, an epoch and a step it should give the same batch
/// each time (`batch.random` draws so): then training gives the same bits again, and goes on where it was interrupted.
///
/// Batches keep the generator that they are made of; copies share it. `std::ref(generator)` keeps your own.
class Batches {
 public:
  using IsBatches = void;

  Batches(Dataset data) : data_(std::move(data)) {}

  template <detail::IsGenerator G>
  Batches(G generator) : Batches(std::make_shared<G>(std::move(generator))) {}
  template <detail::IsGenerator G>
  Batches(std::reference_wrapper<G> generator) : Batches(std::shared_ptr<G>(std::shared_ptr<G>(), &generator.get())) {}
  template <class F>
  requires(detail::Loads<detail::FunctionGenerator<F>, float> || detail::Loads<detail::FunctionGenerator<F>, double>)
      Batches(BatchSpec spec, F load)
      : Batches(detail::FunctionGenerator<F>{std::move(spec), std::move(load)}) {}

  /// Shard `index` (from 0) of `count`: batches `index`, `index + count`, ... of each epoch, in the order that all
  /// shards share, so that each sample of an epoch is in one of them. How many batches shards have differs by 1 at
  /// most. Throws ValueError unless 0 <= index < count.
  [[gnu::cold]] Batches shard(std::int64_t index, std::int64_t count) const {
    require<ValueError>(index >= 0 && index < count,
                        "shard: expected an index from 0 to below the count of shards, got ", index, " of ", count);
    Batches part = *this;
    part.part_.first += index * part_.stride;
    part.part_.stride *= count;
    return part;
  }

  // What is done to the batches on their way to the model, in the order of these calls, in training, evaluations and
  // predictions alike. data/batch_operations.hpp, which nacre.hpp includes, has the bodies.

  /// Each sample changed by a function, as `augment` of fit: on the threads of the pool, while the step before is
  /// computed.
  template <class F>
  Batches map(F function) const;

  /// The samples for which a function of a `Sample<float>&` says true, in batches that are full again. How many there
  /// are is known at the end of an epoch.
  template <class F>
  Batches filter(F function) const;

  /// The samples in random order, by way of a buffer of so many: for sources that cannot be shuffled themselves. Throws
  /// ValueError for fewer than 1.
  template <class Size>
  Batches shuffle(Size buffer_size) const;

  /// Each sample mixed with another of its batch, features and targets, in shares drawn from Beta(alpha, alpha): Keras'
  /// MixUp. Targets are one-hot rows or values: class numbers throw ShapeError. Throws ValueError for an alpha of 0 or
  /// less.
  template <class Number = double>
  Batches mix_up(Number alpha = 0.2) const;

  /// Each picture with a box of another of its batch, and the targets mixed by the box' share: Keras' CutMix. The box'
  /// share is drawn from Beta(a, a), with a drawn from 0 to `factor`. Throws as mix_up.
  template <class Number = double>
  Batches cut_mix(Number factor = 1) const;

  /// Batches that a thread of their own loads ahead, up to so many: for sources that take long, as those that read
  /// files. A generator is then called on that thread. Throws ValueError for fewer than 1 or more than 1000.
  template <class Size = std::int64_t>
  Batches prefetch(Size batches = 2) const;

  /// The data set, or nullptr for a generator.
  const Dataset* dataset() const { return data_ ? &*data_ : nullptr; }

  /// Whether these are all batches as they are: no shard, and nothing is done to them.
  bool whole() const { return part_ == BatchRange() && operations_.empty(); }

  /// The same of another data set.
  [[gnu::cold]] Batches with(Dataset data) const {
    Batches result = *this;
    result.data_ = std::move(data);
    return result;
  }

  /// What batches are like; of a data set, but for their size and number.
  BatchSpec spec() const { return data_ ? data_->batch_spec() : spec_; }

  /// The batches, one after another. Throws ValueError for a data set without samples, and where a generator has no
  /// `load` for the scalar type.
  template <class T>
  [[gnu::cold]] std::unique_ptr<BatchSource<T>> source(const BatchOptions& options) const {
    std::unique_ptr<BatchSource<T>> made;
    if (data_) {
      made = std::make_unique<BatchLoader<T>>(*data_, options.batch_size, options.shuffle);
    } else {
      made = std::make_unique<GeneratorSource<T>>(spec_, generator_, *class_);
    }
    BatchRange part = part_;
    if (options.steps && operations_.empty()) part.limit = *options.steps;
    if (!(part == BatchRange())) made = std::make_unique<PartOfSource<T>>(std::move(made), part);
    for (const auto& operation : operations_) made = operation->apply(std::move(made));
    if (options.steps && !operations_.empty()) {
      made = std::make_unique<PartOfSource<T>>(std::move(made), BatchRange{.limit = *options.steps});
    }
    if (options.augment.has_value()) made = std::make_unique<AugmentedSource<T>>(std::move(made), options.augment);
    return made;
  }

 private:
  template <class Operation>
  [[gnu::cold]] Batches with_operation(Operation operation) const;

  template <class G>
  [[gnu::cold]] explicit Batches(std::shared_ptr<G> generator)
      : spec_(generator->spec()), generator_(generator), class_(&detail::generator_class<G>) {}

  std::optional<Dataset> data_;
  BatchSpec spec_;
  std::shared_ptr<void> generator_;
  const detail::GeneratorClass* class_ = nullptr;
  BatchRange part_;
  List<std::shared_ptr<const detail::SourceOperation>> operations_;
};

}  // namespace nacre
