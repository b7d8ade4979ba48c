#pragma once
// Augmentation: changes samples of a training at random, while the step before theirs is computed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/data/generator.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A sample of a batch, to be looked at and changed.
template <class T>
struct Sample {
  explicit Sample(const BatchSpec& spec) : features(spec.features, "features"), targets(spec.targets, "targets") {}

  ColumnViews<T> features;  ///< (feature shape...), by position or name: sample.features["image"]
  ColumnViews<T> targets;   ///< (target shape...)
  std::int64_t index = 0;   ///< which of the data set; of a generator, step * batch_size + row
  std::int64_t epoch = 0;   ///< from 0
  RandomStream random{};    ///< of this sample: a function of the seed, the epoch and the index
};

/// A function on each sample of a training: `[](Sample<float>& sample) { ... }`. It is called from any thread of the
/// pool, for several samples at once, so it may change nothing but its sample; what it makes of it may depend on the
/// sample, `index`, `epoch` and `random` alone. Then the same seed gives the same bits on any number of threads.
class Augmentation {
 public:
  /// None.
  Augmentation() = default;

  template <class F>
  requires(std::is_invocable_v<const F&, Sample<float>&> || std::is_invocable_v<const F&, Sample<double>&>)
      Augmentation(F function)
      : held_(std::make_shared<F>(std::move(function))) {
    if constexpr (std::is_invocable_v<const F&, Sample<float>&>) change_float_ = change<F, float>;
    if constexpr (detail::Scalars::contains<double> && std::is_invocable_v<const F&, Sample<double>&>) {
      change_double_ = change<F, double>;
    }
  }

  bool has_value() const { return held_ != nullptr; }

  void operator()(Sample<float>& sample) const { change_float_(held_.get(), sample); }
  void operator()(Sample<double>& sample) const { change_double_(held_.get(), sample); }

  /// Throws ValueError unless it takes samples of that scalar type.
  template <class T>
  [[gnu::cold]] void require_scalar() const {
    constexpr bool is_float = std::is_same_v<T, float>;
    require<ValueError>(is_float ? change_float_ != nullptr : change_double_ != nullptr,
                        "augment: expected a function that takes Sample<", is_float ? "float" : "double",
                        ">&, as the model computes in it");
  }

 private:
  template <class F, class T>
  static void change(const void* held, Sample<T>& sample) {
    (*static_cast<const F*>(held))(sample);
  }

  std::shared_ptr<const void> held_;
  void (*change_float_)(const void* held, Sample<float>& sample) = nullptr;
  void (*change_double_)(const void* held, Sample<double>& sample) = nullptr;
};

/// An augmentation that draws other random numbers than those of other numbers: of several, one behind the other.
struct NumberedAugmentation {
  Augmentation function;
  std::uint64_t number = 0;
};

/// A source with the samples of another, each changed by an augmentation. While batch n is computed, batch n + 1 waits
/// in memory of its own, where threads that have nothing else to do change its samples.
template <class T>
class AugmentedSource final : public BatchSource<T> {
 public:
  [[gnu::cold]] AugmentedSource(std::unique_ptr<BatchSource<T>> source, Augmentation augmentation)
      : AugmentedSource(std::move(source), NumberedAugmentation{std::move(augmentation)}) {}
  [[gnu::cold]] AugmentedSource(std::unique_ptr<BatchSource<T>> source, NumberedAugmentation augmentation)
      : BatchSource<T>(source->spec()),
        source_(std::move(source)),
        augmentation_(std::move(augmentation.function)),
        number_(augmentation.number),
        work_{*this},
        background_(work_) {
    augmentation_.template require_scalar<T>();
    const BatchSpec& spec = this->spec();
    for (const ColumnSpec& column : spec.features) add(memory_.features, column.shape.size());
    for (const ColumnSpec& column : spec.targets) {
      add(memory_.targets, column.shape.size());
      add(memory_.sample_weights, column.weighted ? 1 : 0);
    }
    samples_.reserve(static_cast<std::size_t>(spec.batch_size));
    for (std::int64_t row = 0; row < spec.batch_size; ++row) {
      Sample<T>& sample = samples_.emplace_back(spec);
      bind(sample.features, memory_.features, row);
      bind(sample.targets, memory_.targets, row);
    }
  }
  AugmentedSource(const AugmentedSource&) = delete;
  AugmentedSource& operator=(const AugmentedSource&) = delete;
  ~AugmentedSource() override { background_.abandon(); }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    background_.abandon();
    ready_ = none;
    source_->begin_epoch(seed, epoch);
    seed_ = seed + number_ * 0x9E3779B97F4A7C15u;
    epoch_ = epoch;
    pool_ = thread_pool();
  }

  /// Throws what the source and the augmentation throw.
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) override {
    if (ready_ != step) prepare(step, pool);
    ready_ = none;
    background_.finish();
    const std::int64_t count = count_;
    if (count == 0) return 0;
    const BatchSpec& spec = this->spec();
    copy(spec.features, memory_.features, memory.features, count, pool);
    for (std::size_t k = 0; k < memory.features.size(); ++k) {
      const ColumnSpec& column = spec.features[k];
      if (memory.takes_integers(k))
        detail::make_integers(memory.features[k], count * column.shape.size(), column, step);
    }
    copy(spec.targets, memory_.targets, memory.targets, count, pool);
    for (std::size_t k = 0; k < memory.sample_weights.size(); ++k) {
      if (memory.sample_weights[k] != nullptr) std::copy_n(memory_.sample_weights[k], count, memory.sample_weights[k]);
    }
    if (!spec.steps || step + 1 < *spec.steps) prepare(step + 1, pool);
    return count;
  }

  std::int64_t sample_index(std::int64_t step, std::int64_t row) const override {
    return source_->sample_index(step, row);
  }

 private:
  static constexpr std::int64_t none = -1;

  /// What is done for each sample.
  struct Work {
    AugmentedSource& source;
    void operator()(std::int64_t row, int) const {
      source.augmentation_(source.samples_[static_cast<std::size_t>(row)]);
    }
  };

  /// Loads a batch, and begins to change its samples.
  void prepare(std::int64_t step, ThreadPool& pool) {
    background_.abandon();
    count_ = source_->load(step, memory_, pool);
    ready_ = step;
    for (std::int64_t row = 0; row < count_; ++row) {
      Sample<T>& sample = samples_[static_cast<std::size_t>(row)];
      sample.index = source_->sample_index(step, row);
      sample.epoch = epoch_;
      sample.random = RandomStream(seed_, Purpose::augmentation, static_cast<std::uint64_t>(epoch_),
                                   static_cast<std::uint64_t>(sample.index));
    }
    background_.start(pool_, count_);
  }

  [[gnu::cold]] void add(List<T*>& places, std::int64_t numbers) {
    if (numbers == 0) return places.push_back(nullptr);
    blocks_.emplace_back(static_cast<std::size_t>(this->spec().batch_size * numbers));
    places.push_back(blocks_.back().data());
  }

  [[gnu::cold]] static void bind(ColumnViews<T>& views, const List<T*>& memory, std::int64_t row) {
    for (std::size_t k = 0; k < memory.size(); ++k) {
      const Shape& shape = views.spec(k).shape;
      views[k].bind(memory[k] + row * shape.size(), shape);
    }
  }

  static void copy(const List<ColumnSpec>& columns, const List<T*>& from, const List<T*>& to, std::int64_t count,
                   ThreadPool& pool) {
    for (std::size_t k = 0; k < to.size(); ++k) {
      if (to[k] == nullptr) continue;
      const std::int64_t numbers = count * columns[k].shape.size();
      const std::int64_t pieces = piece_count(numbers, 65536);
      pool.run(pieces, [&](std::int64_t index, int) {
        const Range part = piece(numbers, pieces, index);
        std::copy_n(from[k] + part.first, part.size(), to[k] + part.first);
      });
    }
  }

  std::unique_ptr<BatchSource<T>> source_;
  Augmentation augmentation_;
  std::uint64_t number_;
  List<Buffer<T>> blocks_;
  BatchMemory<T> memory_;  // of the batch to come
  List<Sample<T>> samples_;
  std::int64_t count_ = 0;
  std::int64_t ready_ = none;  // the step of the batch there
  std::uint64_t seed_ = 0;
  std::int64_t epoch_ = 0;
  std::shared_ptr<ThreadPool> pool_ = thread_pool();
  Work work_;
  BackgroundTasks background_;
};

}  // namespace nacre
