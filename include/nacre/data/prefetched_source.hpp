#pragma once
// PrefetchedSource: another source's batches, loaded ahead by a thread of their own.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/data/sample_block.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// While a batch is computed, a thread loads up to `ahead` further ones, in order, each into memory of its own. What
/// the source throws is thrown by the `load` of the batch that it was thrown for. Batches are the same as without it. A
/// forked child cannot go on with it.
template <class T>
class PrefetchedSource final : public BatchSource<T> {
 public:
  [[gnu::cold]] PrefetchedSource(std::unique_ptr<BatchSource<T>> source, std::int64_t ahead)
      : BatchSource<T>(source->spec()),
        source_(std::move(source)),
        indices_(static_cast<std::size_t>(this->spec().batch_size)) {
    for (std::int64_t i = 0; i < ahead; ++i) slots_.push_back(std::make_unique<Slot>(this->spec()));
    thread_ = std::thread([this] { work(); });
  }
  PrefetchedSource(const PrefetchedSource&) = delete;
  PrefetchedSource& operator=(const PrefetchedSource&) = delete;
  ~PrefetchedSource() override {
    if (forked()) {
      new std::thread(std::move(thread_));  // it is not there, and nothing of it may be touched
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void begin_epoch(std::uint64_t seed, std::int64_t epoch) override {
    require_here();
    {
      std::unique_lock lock(mutex_);
      loads_ = false;
      changed_.wait(lock, [&] { return !busy_; });
      source_->begin_epoch(seed, epoch);
      taken_ = filled_ = 0;
      loads_ = true;
    }
    changed_.notify_all();
  }

  std::int64_t load(std::int64_t step, const BatchMemory<T>& memory, ThreadPool&) override {
    require_here();
    Slot& slot = slot_of(step);
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return filled_ > step || (!loads_ && !busy_); });
      if (filled_ <= step) return 0;  // the epoch is over
      require<StateError>(taken_ == step, "prefetch: expected steps in order, got step ", step, " after ", taken_ - 1);
      if (slot.failure) std::rethrow_exception(slot.failure);
    }
    // The thread leaves this slot alone until it is taken.
    detail::copy_samples(this->spec(), slot.block.memory(), 0, memory, 0, slot.count);
    detail::finish_integers(this->spec(), memory, slot.count, step);
    for (std::int64_t row = 0; row < slot.count; ++row) {
      indices_[static_cast<std::size_t>(row)] = slot.block.index(row);
    }
    const std::int64_t count = slot.count;
    {
      const std::lock_guard lock(mutex_);
      taken_ = step + 1;
    }
    changed_.notify_all();
    return count;
  }

  std::int64_t sample_index(std::int64_t, std::int64_t row) const override {
    return indices_[static_cast<std::size_t>(row)];
  }

 private:
  struct Slot {
    explicit Slot(const BatchSpec& spec) : block(spec, spec.batch_size) {}
    detail::SampleBlock<T> block;
    std::int64_t count = 0;
    std::exception_ptr failure;
  };

  Slot& slot_of(std::int64_t step) { return *slots_[static_cast<std::size_t>(step) % slots_.size()]; }

  bool forked() const { return ::getpid() != process_; }
  void require_here() const {
    require<StateError>(!forked(),
                        "prefetch: the thread that loads batches is not there in a forked child; make the "
                        "model's batches anew there");
  }

  /// What the thread does: it fills slots while there are free ones.
  void work() {
    ThreadPool alone(1);  // the other threads belong to the step that is computed
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto ahead = static_cast<std::int64_t>(slots_.size());
      changed_.wait(lock, [&] { return ends_ || (loads_ && filled_ < taken_ + ahead); });
      if (ends_) return;
      busy_ = true;
      const std::int64_t step = filled_;
      lock.unlock();
      Slot& slot = slot_of(step);
      slot.count = 0;
      slot.failure = nullptr;
      try {
        const std::optional<std::int64_t>& steps = this->spec().steps;
        if (!steps || step < *steps) slot.count = source_->load(step, slot.block.memory(), alone);
        for (std::int64_t row = 0; row < slot.count; ++row) slot.block.index(row) = source_->sample_index(step, row);
      } catch (...) {
        slot.failure = std::current_exception();
      }
      lock.lock();
      busy_ = false;
      ++filled_;
      if (slot.count == 0) loads_ = false;
      changed_.notify_all();
    }
  }

  std::unique_ptr<BatchSource<T>> source_;
  List<std::unique_ptr<Slot>> slots_;
  std::vector<std::int64_t> indices_;  // of the batch that was given last
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t filled_ = 0;  // steps whose slots the thread has filled
  std::int64_t taken_ = 0;   // steps whose slots are free again
  bool loads_ = false;       // whether the epoch goes on
  bool busy_ = false;        // whether the thread is in the source
  bool ends_ = false;
  ::pid_t process_ = ::getpid();
  std::thread thread_;  // last: it begins when everything else is there
};

}  // namespace nacre
