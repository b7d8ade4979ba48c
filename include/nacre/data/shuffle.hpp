#pragma once
// Random orders that depend on a seed alone.

#include <cstdint>
#include <numeric>
#include <span>
#include <utility>

#include <nacre/core/random.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Fills `order` with 0, 1, 2, ... in random order: the shuffle of Fisher and Yates, where every order is equally
/// likely. The result is a function of `random` and the number of elements, and of nothing else.
inline void random_order(std::span<std::int64_t> order, const RandomStream& random) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::size_t last = order.size(); last > 1; --last) {
    std::swap(order[last - 1], order[random.below(last, last)]);
  }
}

}  // namespace nacre
