#pragma once
// What lookups have in common: a vocabulary, in the order of Keras' indices, and how tokens are found in it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// How indices are given: 0 for the mask, where there is one and indices are put out; then those of tokens that are not
/// in the vocabulary; then the vocabulary's.
struct LookupPlan {
  std::int64_t masked = 0;      ///< 1 where index 0 is the mask's
  std::int64_t unknown = 1;     ///< indices of tokens that are not in the vocabulary
  std::int64_t vocabulary = 0;  ///< tokens in it
  std::int64_t first() const { return masked + unknown; }
  std::int64_t size() const { return first() + vocabulary; }
};

/// Finds tokens by their value.
template <class Token>
class LookupIndex {
 public:
  /// Throws ValueError, in the name of `place`, for a token that is there twice.
  [[gnu::cold]] LookupIndex(const std::vector<Token>& vocabulary, std::string_view place) {
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
      sorted_.emplace_back(vocabulary[i], static_cast<std::int64_t>(i));
    }
    std::sort(sorted_.begin(), sorted_.end());
    for (std::size_t i = 1; i < sorted_.size(); ++i) {
      require<ValueError>(sorted_[i - 1].first != sorted_[i].first, place,
                          ": expected a vocabulary of different tokens, got \"", sorted_[i].first, "\" twice");
    }
  }

  /// The token's place in the vocabulary, or -1.
  template <class Key>
  std::int64_t find(const Key& token) const {
    const auto found = std::lower_bound(sorted_.begin(), sorted_.end(), token,
                                        [](const auto& entry, const Key& key) { return entry.first < key; });
    return found != sorted_.end() && found->first == token ? found->second : -1;
  }

 private:
  std::vector<std::pair<Token, std::int64_t>> sorted_;
};

/// Throws ValueError for options of a lookup that do not go together.
[[gnu::cold]] inline void require_lookup_options(std::string_view place, const std::optional<std::int64_t>& max_tokens,
                                                 std::int64_t num_oov_indices, bool masks, bool pad_to_max_tokens,
                                                 const LookupPlan& plan, const std::vector<double>& idf_weights,
                                                 bool tf_idf) {
  require<ValueError>(num_oov_indices >= 0, place, ": expected num_oov_indices of 0 or more, got ", num_oov_indices);
  require<ValueError>(!max_tokens || *max_tokens > num_oov_indices + masks, place, ": expected max_tokens above ",
                      num_oov_indices + masks, ", got ", max_tokens.value_or(0));
  require<ValueError>(!max_tokens || plan.size() <= *max_tokens, place, ": expected a vocabulary of at most ",
                      max_tokens.value_or(0) - plan.first(), " tokens, as max_tokens says, got ", plan.vocabulary);
  require<ValueError>(!pad_to_max_tokens || max_tokens, place, ": expected max_tokens for pad_to_max_tokens, got none");
  require<ValueError>(idf_weights.empty() || tf_idf, place, ": expected idf_weights for output_mode tf_idf alone");
  require<ValueError>(!tf_idf || static_cast<std::int64_t>(idf_weights.size()) == plan.vocabulary, place,
                      ": expected idf_weights for each of ", plan.vocabulary, " tokens of the vocabulary, got ",
                      idf_weights.size());
}

/// What counts are multiplied by, for each index: those of unknown tokens have the mean of all.
[[gnu::cold]] inline std::vector<double> idf_by_index(const LookupPlan& plan, const std::vector<double>& idf_weights,
                                                      std::int64_t rows) {
  double sum = 0;
  for (const double weight : idf_weights) sum += weight;
  std::vector<double> all(static_cast<std::size_t>(plan.first()),
                          idf_weights.empty() ? 0 : sum / static_cast<double>(idf_weights.size()));
  all.insert(all.end(), idf_weights.begin(), idf_weights.end());
  all.resize(static_cast<std::size_t>(rows));
  return all;
}

/// Tokens counted while a lookup is adapted: how often each is there, and in how many samples.
template <class Token>
struct TokenCount {
  Token token{};
  std::int64_t times = 0;
  std::int64_t samples = 0;
};

/// The most frequent tokens, as many as there is room for; of those that are as frequent the larger come first, as in
/// Keras.
template <class Token>
[[gnu::cold]] void keep_most_frequent(std::vector<TokenCount<Token>>& counts,
                                      const std::optional<std::int64_t>& max_tokens, std::int64_t first) {
  std::sort(counts.begin(), counts.end(),
            [](const auto& a, const auto& b) { return a.times != b.times ? a.times > b.times : b.token < a.token; });
  const auto room =
      static_cast<std::size_t>(max_tokens ? *max_tokens - first : static_cast<std::int64_t>(counts.size()));
  if (counts.size() > room) counts.resize(room);
}

/// log(1 + samples / (1 + samples that have the token)), Keras' inverse document frequency.
[[gnu::cold]] inline double inverse_document_frequency(std::int64_t samples, std::int64_t with_token) {
  return std::log(1 + static_cast<double>(samples) / (1 + static_cast<double>(with_token)));
}

}  // namespace nacre::detail
