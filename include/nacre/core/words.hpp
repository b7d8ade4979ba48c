#pragma once
// Options that are one of a few words, as Keras has them: strings, checked where the object is made.

#include <initializer_list>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Throws ValueError unless `word` is one of `words`: "VarianceScaling: expected mode fan_in, fan_out or fan_avg, got
/// "fan"", of `place` "VarianceScaling" and `option` "mode".
[[gnu::cold]] inline void require_one_of(std::string_view place, std::string_view option, std::string_view word,
                                         std::initializer_list<std::string_view> words) {
  std::string list;
  for (const std::string_view& known : words) {
    if (known == word) return;
    if (!list.empty()) list += &known + 1 == words.end() ? " or " : ", ";
    list += known;
  }
  throw ValueError(text(place, ": expected ", option, " ", list, ", got \"", word, "\""));
}

}  // namespace nacre
