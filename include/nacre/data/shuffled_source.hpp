#pragma once
// ShuffledSource: another source's samples in random order, by way of a buffer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/data/sample_block.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Keeps a buffer of samples full and gives any of them, as tf.data's shuffle does: a buffer as large as the epoch
/// makes all orders equally likely, a smaller one disturbs the order about as far as it is large. Which sample comes is
/// a function of the seed, the epoch and its place.
template <class T>
class ShuffledSource final : public BatchSource<T> {
 public:
  [[gnu::cold]] ShuffledSource(std::unique_ptr<BatchSource<T>> source, std::int64_t buffer_size)
      : BatchSource<T>(spec_of(source->spec())),
        source_(std::move(source)),
        size_(buffer_size),
        block_(this->spec(), this->spec().batch_size),
        buffer_(this->spec(), buffer_size),
        given_(static_cast<std::size_t>(this->spec().batch_size)) {}

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    source_->begin_epoch(seed, epoch);
    random_ = RandomStream(seed, Purpose::source, static_cast<std::uint64_t>(epoch), 0xFFFFFFFF);
    next_ = count_ = source_step_ = held_ = position_ = 0;
    ended_ = false;
  }

  /// Throws what the source throws.
  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool& pool) override {
    const BatchSpec& spec = this->spec();
    std::int64_t found = 0;
    for (; found < spec.batch_size; ++found) {
      while (held_ < size_ && (next_ < count_ || refill(pool))) move_in(held_++);
      if (held_ == 0) break;
      const auto place = static_cast<std::int64_t>(
          random_.below(static_cast<std::uint64_t>(held_), static_cast<std::uint64_t>(position_++)));
      detail::copy_samples(spec, buffer_.memory(), place, memory, found, 1);
      given_[static_cast<std::size_t>(found)] = buffer_.index(place);
      // The last one takes its place; the next of the source will come behind.
      --held_;
      if (place == held_) continue;
      detail::copy_samples(spec, buffer_.memory(), held_, buffer_.memory(), place, 1);
      buffer_.index(place) = buffer_.index(held_);
    }
    detail::finish_integers(spec, memory, found, step);
    return found;
  }

  std::int64_t sample_index(std::int64_t, std::int64_t row) const override {
    return given_[static_cast<std::size_t>(row)];
  }

 private:
  [[gnu::cold]] static BatchSpec spec_of(BatchSpec spec) {
    spec.steps.reset();  // batches are full again but for the last: there may be fewer
    return spec;
  }

  bool refill(ThreadPool& pool) {
    if (ended_) return false;
    ended_ = source_->spec().steps && source_step_ >= *source_->spec().steps;
    if (ended_) return false;
    count_ = source_->load(source_step_, block_.memory(), pool);
    for (std::int64_t row = 0; row < count_; ++row) block_.index(row) = source_->sample_index(source_step_, row);
    ++source_step_;
    next_ = 0;
    ended_ = count_ == 0;
    return !ended_;
  }

  void move_in(std::int64_t place) {
    detail::copy_samples(this->spec(), block_.memory(), next_, buffer_.memory(), place, 1);
    buffer_.index(place) = block_.index(next_++);
  }

  std::unique_ptr<BatchSource<T>> source_;
  std::int64_t size_;
  detail::SampleBlock<T> block_;   // the source's batch
  detail::SampleBlock<T> buffer_;  // `held_` samples to draw from
  std::vector<std::int64_t> given_;
  RandomStream random_{};
  std::int64_t next_ = 0;
  std::int64_t count_ = 0;
  std::int64_t source_step_ = 0;
  std::int64_t held_ = 0;
  std::int64_t position_ = 0;
  bool ended_ = false;
};

}  // namespace nacre
