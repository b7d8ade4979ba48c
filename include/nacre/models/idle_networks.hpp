#pragma once
// Networks that predict, kept from one call to the next.

#include <nacre/core/list.hpp>
#include <nacre/core/version.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template <class T>
class Network;

namespace detail {

/// Networks for predictions that are not in use just now: as many as fit into 64 MB, and the last one whatever its
/// size. A copy is empty: networks belong to one model's weights. May be used from several threads at once.
template <class T>
class IdleNetworks {
 public:
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  IdleNetworks() = default;
  IdleNetworks(const IdleNetworks&) {}
  IdleNetworks& operator=(const IdleNetworks&) {
    clear();
    return *this;
  }

  /// The smallest network for batches of at least `batch`, or nullptr.
  std::unique_ptr<Network<T>> take(std::int64_t batch) {
    const std::lock_guard lock(mutex_);
    std::size_t best = networks_.size();
    for (std::size_t i = 0; i < networks_.size(); ++i) {
      const bool serves = networks_[i]->capacity() >= batch;
      if (serves && (best == networks_.size() || networks_[i]->capacity() < networks_[best]->capacity())) best = i;
    }
    if (best == networks_.size()) return nullptr;
    std::unique_ptr<Network<T>> network = std::move(networks_[best]);
    networks_.erase(networks_.begin() + static_cast<std::ptrdiff_t>(best));
    return network;
  }

  void give(std::unique_ptr<Network<T>> network) {
    const std::lock_guard lock(mutex_);
    networks_.push_back(std::move(network));
    std::size_t bytes = 0;
    for (const auto& kept : networks_) bytes += kept->bytes();
    for (; networks_.size() > 1 && bytes > most_bytes; networks_.erase(networks_.begin()))
      bytes -= networks_[0]->bytes();
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    networks_.clear();
  }

 private:
  std::mutex mutex_;
  List<std::unique_ptr<Network<T>>> networks_;
};

}  // namespace detail
}  // namespace nacre
