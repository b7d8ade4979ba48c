#pragma once
// LayerStates: what layers keep from one batch to the next.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include <nacre/core/buffer.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/models/graph.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The numbers that a model's layers asked for by `builder.state`: some for each sample of a batch, zeros at first.
/// They belong to the model, so that all its networks go on with the same; sample i of a batch goes on where sample i
/// of the batch before it ended. Between two calls of `reset` all batches have equally many samples. Copied by value.
template <class T>
class LayerStates {
 public:
  LayerStates() = default;

  /// For the layers of that graph.
  [[gnu::cold]] explicit LayerStates(const BuiltGraph& built) : sizes_(built.states) {
    for (const auto& sizes : sizes_) any_ |= !sizes.empty();
  }
  [[gnu::cold]] LayerStates(const LayerStates& other) { *this = other; }
  [[gnu::cold]] LayerStates& operator=(const LayerStates& other) {
    const auto lock = other.lock();
    any_ = other.any_;
    sizes_ = other.sizes_;
    samples_ = other.samples_;
    values_ = other.values_;
    return *this;
  }

  void swap(LayerStates& other) noexcept {
    std::swap(sizes_, other.sizes_);
    std::swap(any_, other.any_);
    std::swap(samples_, other.samples_);
    std::swap(values_, other.values_);
  }

  /// Whether any layer keeps anything.
  bool any() const { return any_; }

  /// Keeps other threads out while a call that is const goes from batch to batch; locks nothing where no layer keeps
  /// anything. Throws StateError where this thread has it already: a generator that predicts with the model that it
  /// feeds would wait for itself.
  class Lock {
   public:
    explicit Lock(const LayerStates& states) : states_(states) {
      if (!states_.any_) return;
      require<StateError>(states_.owner_ != std::this_thread::get_id(),
                          "this model keeps state over batches, and is in the midst of them: expected no prediction "
                          "or evaluation with it from a generator that feeds it; use a copy that was made before");
      states_.mutex_.lock();
      states_.owner_ = std::this_thread::get_id();
    }
    ~Lock() {
      if (!states_.any_) return;
      states_.owner_ = std::thread::id();
      states_.mutex_.unlock();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    const LayerStates& states_;
  };
  Lock lock() const { return Lock(*this); }

  /// Throws ValueError, in the name of `place`, where batches of that size do not all have as many samples as those
  /// that were seen before.
  [[gnu::cold]] void require_batches(std::int64_t samples, std::int64_t batch_size, std::string_view place) const {
    if (!any_) return;
    require<ValueError>(samples % batch_size == 0 && (samples_ == 0 || samples_ == batch_size), place,
                        ": a layer keeps state for each sample of a batch: expected batches of ",
                        samples_ == 0 ? batch_size : samples_, " samples all along, got ", samples,
                        " samples in batches of ", batch_size, "; choose batch_size, or call reset_states() before it");
  }

  /// A batch of so many samples begins.
  void begin(std::int64_t samples) {
    if (samples == samples_) return;
    require_batches(samples, samples, "forward");
    std::size_t total = 0;
    for (const auto& sizes : sizes_) {
      for (std::int64_t size : sizes) total += places(size, samples);
    }
    values_ = Buffer<T>(total);
    samples_ = samples;
  }

  /// Calls `visit(node, place)` for each piece of the present batch's size, in order.
  template <class Visit>
  void each(Visit visit) {
    T* place = values_.data();
    for (std::size_t node = 0; node < sizes_.size(); ++node) {
      for (std::int64_t size : sizes_[node]) {
        visit(node, place);
        place += places(size, samples_);
      }
    }
  }

  /// Zeros again; the next batch may have another size.
  [[gnu::cold]] void reset() {
    const auto lock = this->lock();
    values_ = Buffer<T>();
    samples_ = 0;
  }

 private:
  static std::size_t places(std::int64_t size, std::int64_t samples) {
    return aligned_count<T>(static_cast<std::size_t>(size * samples));
  }

  List<List<std::int64_t>> sizes_;  ///< of each flat node, for a sample of the batch
  bool any_ = false;
  std::int64_t samples_ = 0;  ///< in each batch; 0 until there was one
  Buffer<T> values_;
  mutable std::mutex mutex_;
  mutable std::atomic<std::thread::id> owner_{};  ///< who has the lock
};

/// While it lives, states may change; then they are again what they were.
template <class T>
class KeepStates {
 public:
  explicit KeepStates(LayerStates<T>& states) : states_(states) {
    if (states.any()) kept_ = states;
  }
  ~KeepStates() {
    if (kept_.any()) states_.swap(kept_);
  }
  KeepStates(const KeepStates&) = delete;
  KeepStates& operator=(const KeepStates&) = delete;

 private:
  LayerStates<T>& states_;
  LayerStates<T> kept_;
};

}  // namespace nacre
