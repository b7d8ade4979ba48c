#pragma once
// UpdateFrequency: how often a callback writes what batches come to.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// "epoch": not at all, "batch": after each, or after so many batches.
class UpdateFrequency {
 public:
  /// Throws ValueError for another word.
  UpdateFrequency(std::string_view word) : batches_(word == "batch" ? 1 : 0) {
    require<ValueError>(word == "batch" || word == "epoch",
                        "update_freq: expected \"epoch\", \"batch\" or a number of batches, got \"", word, "\"");
  }
  UpdateFrequency(const std::string& word) : UpdateFrequency(std::string_view(word)) {}
  UpdateFrequency(const char* word) : UpdateFrequency(std::string_view(word)) {}
  /// Throws ValueError for less than 1.
  template <std::integral Number>
  UpdateFrequency(Number batches) : batches_(static_cast<std::int64_t>(batches)) {
    require<ValueError>(batches_ >= 1, "update_freq: expected \"epoch\", \"batch\" or 1 batch or more, got ", batches);
  }

  /// Batches from one time to the next; 0 for "epoch".
  std::int64_t batches() const { return batches_; }

 private:
  std::int64_t batches_;
};

}  // namespace nacre
