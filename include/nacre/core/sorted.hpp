#pragma once
// Sorting: one function for all that is put in order while models are made and files are read.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>

#include <nacre/core/function_reference.hpp>
#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The numbers below `count` in the order that `before(a, b)` says; those of which neither comes before the other stay
/// in the order of their numbers.
[[gnu::cold, gnu::noinline]] inline List<std::size_t> sorted_order(
    std::size_t count, FunctionReference<bool(std::size_t a, std::size_t b)> before) {
  List<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [before](std::size_t a, std::size_t b) { return before(a, b) || (!before(b, a) && a < b); });
  return order;
}

/// Texts in their order, which `contains_sorted` and `find_twice` take.
[[gnu::cold, gnu::noinline]] inline List<std::string_view> sorted_texts(const List<std::string_view>& texts) {
  List<std::string_view> sorted;
  sorted.reserve(texts.size());
  for (const std::size_t i :
       sorted_order(texts.size(), [&](std::size_t a, std::size_t b) { return texts[a] < texts[b]; }))
    sorted.push_back(texts[i]);
  return sorted;
}

/// A text that is there twice, or nullptr.
[[gnu::cold]] inline const std::string_view* find_twice(const List<std::string_view>& sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] == sorted[i - 1]) return &sorted[i];
  }
  return nullptr;
}

[[gnu::cold]] inline bool contains_sorted(const List<std::string_view>& sorted, std::string_view text) {
  return std::binary_search(sorted.begin(), sorted.end(), text);
}

}  // namespace nacre
