#pragma once
// Networks and what belongs to them, kept from one call to the next.

#include <nacre/core/list.hpp>
#include <nacre/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
class Network;
template <class T>
class Trainer;

namespace detail {

/// Networks, or trainers, that are not in use just now: as many as fit into 64 MB, and the last one whatever its size.
/// A copy is empty: they belong to one model's weights. May be used from several threads at once.
template <class Kept>
class Idle {
 public:
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  Idle() = default;
  Idle(const Idle&) {}
  Idle& operator=(const Idle&) {
    clear();
    return *this;
  }

  /// The smallest for batches of at least `batch` samples of which `serves(kept)` is true, or nullptr.
  template <class Serves>
  std::unique_ptr<Kept> take(std::int64_t batch, Serves serves) {
    const std::lock_guard lock(mutex_);
    std::size_t best = kept_.size();
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (kept_[i]->capacity() < batch || !serves(*kept_[i])) continue;
      if (best == kept_.size() || kept_[i]->capacity() < kept_[best]->capacity()) best = i;
    }
    if (best == kept_.size()) return nullptr;
    std::unique_ptr<Kept> found = std::move(kept_[best]);
    kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(best));
    return found;
  }
  std::unique_ptr<Kept> take(std::int64_t batch) {
    return take(batch, [](const Kept&) { return true; });
  }

  /// Keeps it, where there is memory for that.
  void give(std::unique_ptr<Kept> used) noexcept {
    const std::lock_guard lock(mutex_);
    try {
      kept_.push_back(std::move(used));
    } catch (const std::bad_alloc&) {
      return;
    }
    std::size_t bytes = 0;
    for (const auto& kept : kept_) bytes += kept->bytes();
    for (; kept_.size() > 1 && bytes > most_bytes; kept_.erase(kept_.begin())) bytes -= kept_[0]->bytes();
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    kept_.clear();
  }

 private:
  std::mutex mutex_;
  List<std::unique_ptr<Kept>> kept_;
};

}  // namespace detail
}  // namespace nacre
