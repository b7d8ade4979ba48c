#pragma once
// BatchLoader: a data set as batches, epoch after epoch.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/range.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/data/batch_source.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/shuffle.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Gathers a data set's samples into batches of `T`, in order or shuffled again in each epoch. The last batch of an
/// epoch holds what is left over. Allocates nothing after its construction.
template <class T>
class BatchLoader final : public BatchSource<T> {
 public:
  /// Batches of `batch_size` samples, in the order of `data` until `begin_epoch` says otherwise.
  /// @param shuffle whether each epoch has an order of its own.
  /// Throws ValueError for a batch size below 1 and for a data set without samples.
  BatchLoader(Dataset data, std::int64_t batch_size, bool shuffle = false)
      : BatchSource<T>(spec_of(data, batch_size)),
        data_(std::move(data)),
        batch_size_(this->spec().batch_size),
        shuffle_(shuffle),
        order_(static_cast<std::size_t>(data_.size())) {
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
  }

  const Dataset& dataset() const { return data_; }
  /// Samples in all batches but the last; at most as many as there are.
  std::int64_t batch_size() const { return batch_size_; }

  /// Batches in an epoch; the last one may be smaller.
  std::int64_t batches() const { return *this->spec().steps; }

  /// Samples in batch `batch`.
  std::int64_t samples(std::int64_t batch) const {
    return std::clamp<std::int64_t>(data_.size() - batch * batch_size_, 0, batch_size_);
  }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override { begin_epoch(seed, epoch, shuffle_); }

  /// Sets the order of epoch `epoch` (from 0, below 2^24): that of the data set, or shuffled. A shuffled order is a
  /// function of the seed, the epoch and the number of samples, so that a resumed run goes on as if it had never
  /// stopped.
  void begin_epoch(std::uint64_t seed, std::int64_t epoch, bool shuffle) {
    if (shuffle) {
      random_order(order_, RandomStream(seed, Purpose::shuffle, static_cast<std::uint64_t>(epoch)));
    } else {
      std::iota(order_.begin(), order_.end(), std::int64_t{0});
    }
  }

  /// Which sample of the data set comes at `position` (from 0) of the epoch.
  std::int64_t sample_at(std::int64_t position) const { return order_[static_cast<std::size_t>(position)]; }

  /// Gathers batch `batch` (from 0) and returns how many samples it has.
  std::int64_t load(std::int64_t batch, const BatchMemory<T>& memory, ThreadPool& pool) override {
    return gather(batch, memory, pool);
  }

  /// The same for one column of features and one of targets.
  std::int64_t load(std::int64_t batch, T* features, T* targets, T* sample_weights, ThreadPool& pool) const {
    return gather(batch, BatchMemory<T>{{features}, {targets}, {sample_weights}}, pool);
  }

  /// Its number in the data set, whatever the order.
  std::int64_t sample_index(std::int64_t step, std::int64_t row) const override {
    return sample_at(step * batch_size_ + row);
  }

 private:
  [[gnu::cold]] static BatchSpec spec_of(const Dataset& data, std::int64_t batch_size) {
    require<ValueError>(batch_size >= 1, "batch_size: expected 1 or more, got ", batch_size);
    require<ValueError>(!data.empty(), "Dataset: expected at least one sample, got none");
    BatchSpec spec = data.batch_spec();
    spec.batch_size = std::min(batch_size, data.size());
    spec.steps = (data.size() + spec.batch_size - 1) / spec.batch_size;
    return spec;
  }

  std::int64_t gather(std::int64_t batch, const BatchMemory<T>& memory, ThreadPool& pool) const {
    const std::int64_t count = samples(batch);
    const std::int64_t sample_size = std::max<std::int64_t>(data_.features_column().sample_size(), 1);
    const std::int64_t pieces = piece_count(count, 1 + 16384 / sample_size);
    pool.run(pieces,
             [&](std::int64_t index, int) { gather(batch * batch_size_, piece(count, pieces, index), memory); });
    return count;
  }

  void gather(std::int64_t first, Range samples, const BatchMemory<T>& memory) const {
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      // In a shuffled epoch the next sample lies anywhere, where no processor looks by itself. By the time of the next
      // batch it has arrived.
      const std::int64_t next = first + batch_size_ + sample;
      const std::int64_t source = sample_at(first + sample);
      const std::int64_t row = data_.row(source);
      for (std::size_t c = 0; c < memory.features.size(); ++c) {
        const Column& column = data_.features_column(c);
        if (next < data_.size()) column.prefetch(data_.row(sample_at(next)));
        column.gather_to(row, sample, memory.takes_integers(c), memory.features[c]);
      }
      for (std::size_t c = 0; c < memory.targets.size(); ++c) {
        if (memory.targets[c] == nullptr) continue;
        const Column& column = data_.targets_column(c);
        column.gather(row, memory.targets[c] + sample * column.sample_size());
      }
      for (std::size_t c = 0; c < memory.sample_weights.size(); ++c) {
        if (memory.sample_weights[c]) memory.sample_weights[c][sample] = static_cast<T>(data_.sample_weight(source, c));
      }
    }
  }

  Dataset data_;
  std::int64_t batch_size_;
  bool shuffle_;
  List<std::int64_t> order_;
};

}  // namespace nacre
