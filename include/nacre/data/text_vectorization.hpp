#pragma once
// TextVectorization: texts as the indices, or the counts, of their words. Tensors hold no texts: they become numbers on
// their way into a data set, before the model.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/data/column.hpp>
#include <nacre/data/string_lookup.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of TextVectorization.
struct TextVectorizationOptions {
  std::optional<std::int64_t>
      max_tokens{};  ///< the largest vocabulary, the index of unknown words (and of nothing) included
  /// What is done to a text first: "lower_and_strip_punctuation", "lower", "strip_punctuation" or "none". Letters and
  /// punctuation of ASCII alone, as in Keras.
  std::string standardize = "lower_and_strip_punctuation";
  std::string split = "whitespace";    ///< "whitespace", "character" (of UTF-8) or "none"
  std::vector<std::int64_t> ngrams{};  ///< {2}: words and pairs of words in a row; {1, 3}: words and threes
  std::string output_mode = "int";     ///< "int", "multi_hot", "count" or "tf_idf"
  std::optional<std::int64_t>
      output_sequence_length{};           ///< of "int": words that are put out; none: as the longest text has
  bool pad_to_max_tokens = false;         ///< whether rows have max_tokens numbers, whatever the vocabulary has
  std::vector<std::string> vocabulary{};  ///< none: `adapt` finds it
  std::vector<double> idf_weights{};      ///< of "tf_idf", one for each of the vocabulary
};

/// Keras' TextVectorization, on data. With "int" a text becomes the indices of its words, filled up with 0; 1 stands
/// for words that are not in the vocabulary. With other modes it becomes a row with a number for each word of the
/// vocabulary, whose first is for words that are not in it.
///
///     TextVectorization vectorize({.max_tokens = 10'000, .output_sequence_length = 100});
///     vectorize.adapt(reviews);
///     Dataset data(vectorize(reviews), stars);
class TextVectorization {
 public:
  /// Throws ValueError for options that do not go together.
  explicit TextVectorization(TextVectorizationOptions options = {});

  const TextVectorizationOptions& options() const { return options_; }

  /// Sets the vocabulary to the most frequent words of these texts, and its weights for "tf_idf".
  void adapt(const std::vector<std::string>& texts);
  /// Sets the vocabulary and the weights of "tf_idf". Throws ValueError for a word that is there twice.
  void set_vocabulary(std::vector<std::string> vocabulary, std::vector<double> idf_weights = {});

  /// All words by their indices, those for nothing and for unknown words included: Keras' get_vocabulary.
  std::vector<std::string> vocabulary() const { return lookup_.vocabulary(); }
  std::int64_t vocabulary_size() const { return lookup_.vocabulary_size(); }

  /// The words that are looked up for a text.
  std::vector<std::string> tokens(std::string_view text) const;

  /// A column of the texts: int32 (samples, words), or rows (samples, indices). Throws StateError without a vocabulary.
  Column operator()(const std::vector<std::string>& texts) const;

 private:
  TextVectorizationOptions options_;
  StringLookup lookup_;
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/data/text_vectorization-inl.hpp>
#endif
