#pragma once
// StringLookup: words as indices of a vocabulary. Tensors hold no texts: words become numbers on their way into a data
// set, before the model.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/core/fields.hpp>
#include <nacre/data/column.hpp>
#include <nacre/layers/lookup_index.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of StringLookup.
struct StringLookupOptions {
  std::optional<std::int64_t> max_tokens{};  ///< the largest vocabulary, what is not in it and the mask included
  std::int64_t num_oov_indices = 1;          ///< indices for words that are not in the vocabulary
  std::optional<std::string> mask_token{};   ///< has index 0; left out of other outputs than "int"
  std::string oov_token = "[UNK]";           ///< what stands for an index that is no word's
  std::vector<std::string> vocabulary{};     ///< none: `adapt` finds it
  std::vector<double> idf_weights{};         ///< of "tf_idf", one for each of the vocabulary
  std::string output_mode = "int";           ///< "int", "one_hot", "multi_hot", "count" or "tf_idf"
  bool pad_to_max_tokens = false;            ///< whether rows have max_tokens numbers, whatever the vocabulary has
  void fields(Fields& list) {
    list("max_tokens", max_tokens);
    list("num_oov_indices", num_oov_indices);
    list("mask_token", mask_token);
    list("oov_token", oov_token);
    list("vocabulary", vocabulary);
    list("idf_weights", idf_weights);
    list("output_mode", output_mode);
    list("pad_to_max_tokens", pad_to_max_tokens);
  }
};

/// Each word of the vocabulary becomes its index: 0 is the mask's where there is one, then come `num_oov_indices` for
/// words that are not in it, among which they are chosen by their hash, then the vocabulary. Keras' StringLookup, on
/// data:
///
///     StringLookup lookup;
///     lookup.adapt(table.texts("species"));
///     Dataset data(features, lookup(table.texts("species")));
class StringLookup {
 public:
  static constexpr std::string_view type_name = "StringLookup";

  /// Throws ValueError for options that do not go together.
  explicit StringLookup(StringLookupOptions options = {});

  const StringLookupOptions& options() const { return options_; }

  /// Sets the vocabulary to the words, the most frequent first, and its weights for "tf_idf".
  void adapt(const std::vector<std::string>& words);
  /// The same of samples of several words.
  void adapt(const std::vector<std::vector<std::string>>& samples);
  /// Sets the vocabulary and the weights of "tf_idf". Throws ValueError for a word that is there twice.
  void set_vocabulary(std::vector<std::string> vocabulary, std::vector<double> idf_weights = {});

  /// All words by their indices, the mask and those for unknown words included: Keras' get_vocabulary.
  std::vector<std::string> vocabulary() const;
  /// Indices in all.
  std::int64_t vocabulary_size() const { return plan().size(); }

  /// The index of a word; -1 for the mask in rows. Throws ValueError for one that is not in the vocabulary, where there
  /// is no index for it.
  std::int64_t index_of(std::string_view word) const;
  /// The word of an index.
  const std::string& word_of(std::int64_t index) const;

  /// A column of words, one a sample: indices (samples), or rows (samples, indices). Throws StateError without a
  /// vocabulary.
  Column operator()(const std::vector<std::string>& words) const;
  /// Of several words a sample: indices (samples, words), for which all have equally many, or rows: "multi_hot",
  /// "count" and "tf_idf" (samples, indices), "one_hot" (samples, words, indices). Throws ShapeError for samples of
  /// different lengths.
  Column operator()(const std::vector<std::vector<std::string>>& samples) const;

  /// The words of indices.
  std::vector<std::string> words(const std::vector<std::int64_t>& indices) const;

  detail::LookupPlan plan() const {
    return {options_.mask_token && options_.output_mode == "int", options_.num_oov_indices,
            static_cast<std::int64_t>(options_.vocabulary.size())};
  }

 private:
  void validate() const;
  std::int64_t rows() const { return options_.pad_to_max_tokens ? *options_.max_tokens : plan().size(); }
  Column encode(const std::vector<std::vector<std::string>>& samples, bool single) const;

  StringLookupOptions options_;
  std::shared_ptr<const detail::LookupIndex<std::string>> index_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/string_lookup-inl.hpp>
#endif
