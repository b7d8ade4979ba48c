#pragma once
// FilteredSource: some of another source's samples.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/scalars.hpp>
#include <nacre/data/augmentation.hpp>
#include <nacre/data/sample_block.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A function that says which samples to keep: `[](Sample<float>& sample) { return sample.targets[0]() < 5; }`.
class SampleFilter {
 public:
  template <class F>
  requires(std::is_invocable_r_v<bool, const F&, Sample<float>&> ||
           std::is_invocable_r_v<bool, const F&, Sample<double>&>) SampleFilter(F function)
      : held_(std::make_shared<F>(std::move(function))) {
    if constexpr (std::is_invocable_v<const F&, Sample<float>&>) keeps_float_ = keeps<F, float>;
    if constexpr (detail::Scalars::contains<double> && std::is_invocable_v<const F&, Sample<double>&>) {
      keeps_double_ = keeps<F, double>;
    }
  }

  bool operator()(Sample<float>& sample) const { return keeps_float_(held_.get(), sample); }
  bool operator()(Sample<double>& sample) const { return keeps_double_(held_.get(), sample); }

  /// Throws ValueError unless it takes samples of that scalar type.
  template <class T>
  [[gnu::cold]] void require_scalar() const {
    constexpr bool is_float = std::is_same_v<T, float>;
    require<ValueError>(is_float ? keeps_float_ != nullptr : keeps_double_ != nullptr,
                        "filter: expected a function that takes Sample<", is_float ? "float" : "double",
                        ">&, as the model computes in it");
  }

 private:
  template <class F, class T>
  static bool keeps(const void* held, Sample<T>& sample) {
    return (*static_cast<const F*>(held))(sample);
  }

  std::shared_ptr<const void> held_;
  bool (*keeps_float_)(const void* held, Sample<float>& sample) = nullptr;
  bool (*keeps_double_)(const void* held, Sample<double>& sample) = nullptr;
};

/// The samples of another source that a function keeps, in batches that are full again but for the last.
template <class T>
class FilteredSource final : public BatchSource<T> {
 public:
  [[gnu::cold]] FilteredSource(std::unique_ptr<BatchSource<T>> source, SampleFilter filter)
      : BatchSource<T>(spec_of(source->spec())),
        source_(std::move(source)),
        filter_(std::move(filter)),
        block_(this->spec(), this->spec().batch_size),
        sample_(this->spec()),
        kept_(static_cast<std::size_t>(this->spec().batch_size)) {
    filter_.template require_scalar<T>();
  }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    source_->begin_epoch(seed, epoch);
    seed_ = seed;
    sample_.epoch = epoch;
    next_ = count_ = source_step_ = 0;
  }

  /// Throws what the source and the function throw.
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) override {
    const BatchSpec& spec = this->spec();
    std::int64_t found = 0;
    while (found < spec.batch_size) {
      if (next_ == count_ && !refill(pool)) break;
      const std::int64_t row = next_++;
      block_.bind(sample_, row);
      sample_.index = block_.index(row);
      sample_.random = RandomStream(seed_, Purpose::source, static_cast<std::uint64_t>(sample_.epoch),
                                    static_cast<std::uint64_t>(sample_.index));
      if (!filter_(sample_)) continue;
      detail::copy_samples(spec, block_.memory(), row, memory, found, 1);
      kept_[static_cast<std::size_t>(found++)] = sample_.index;
    }
    detail::finish_integers(spec, memory, found, step);
    return found;
  }

  std::int64_t sample_index(std::int64_t, std::int64_t row) const override {
    return kept_[static_cast<std::size_t>(row)];
  }

 private:
  [[gnu::cold]] static BatchSpec spec_of(BatchSpec spec) {
    spec.steps.reset();
    return spec;
  }

  /// Loads the source's next batch; whether there was one.
  bool refill(ThreadPool& pool) {
    if (source_->spec().steps && source_step_ >= *source_->spec().steps) return false;
    count_ = source_->load(source_step_, block_.memory(), pool);
    for (std::int64_t row = 0; row < count_; ++row) block_.index(row) = source_->sample_index(source_step_, row);
    ++source_step_;
    next_ = 0;
    return count_ > 0;
  }

  std::unique_ptr<BatchSource<T>> source_;
  SampleFilter filter_;
  detail::SampleBlock<T> block_;  // the source's batch
  Sample<T> sample_;
  std::vector<std::int64_t> kept_;  // numbers of the samples in the last batch
  std::uint64_t seed_ = 0;
  std::int64_t next_ = 0;
  std::int64_t count_ = 0;
  std::int64_t source_step_ = 0;
};

}  // namespace nacre
