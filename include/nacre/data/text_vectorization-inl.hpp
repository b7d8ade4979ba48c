#pragma once
// The bodies of text_vectorization.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/words.hpp>
#include <nacre/data/text_vectorization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// The lookup of a vectorization: its mask is the empty text, where indices are put out.
NACRE_SETUP StringLookup text_lookup(const TextVectorizationOptions& options) {
  require_one_of("TextVectorization", "standardize", options.standardize,
                 {"lower_and_strip_punctuation", "lower", "strip_punctuation", "none"});
  require_one_of("TextVectorization", "split", options.split, {"whitespace", "character", "none"});
  require_one_of("TextVectorization", "output_mode", options.output_mode, {"int", "multi_hot", "count", "tf_idf"});
  const std::int64_t length = options.output_sequence_length.value_or(1);
  require<ValueError>(length >= 1, "TextVectorization: expected output_sequence_length of 1 or more, got ", length);
  require<ValueError>(!options.output_sequence_length || options.output_mode == "int",
                      "TextVectorization: expected output_sequence_length with output_mode int alone, got \"",
                      options.output_mode, "\"");
  for (const std::int64_t words : options.ngrams) {
    require<ValueError>(words >= 1, "TextVectorization: expected ngrams of 1 word or more, got ", words);
  }
  StringLookupOptions lookup;
  lookup.max_tokens = options.max_tokens;
  if (options.output_mode == "int") lookup.mask_token = "";
  lookup.vocabulary = options.vocabulary;
  lookup.idf_weights = options.idf_weights;
  lookup.output_mode = options.output_mode;
  lookup.pad_to_max_tokens = options.pad_to_max_tokens && options.output_mode != "int";
  return StringLookup(std::move(lookup));
}

inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Bytes of the character that begins with this one; of a text that is no UTF-8, 1.
inline std::size_t utf8_bytes(std::string_view rest) {
  const auto first = static_cast<unsigned char>(rest.front());
  const std::size_t size = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1;
  if (size > rest.size()) return 1;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(rest[i]) & 0xC0) != 0x80) return 1;
  }
  return size;
}

}  // namespace detail

NACRE_SETUP TextVectorization::TextVectorization(TextVectorizationOptions options)
    : options_(std::move(options)), lookup_(detail::text_lookup(options_)) {}

NACRE_SETUP void TextVectorization::set_vocabulary(std::vector<std::string> vocabulary,
                                                   std::vector<double> idf_weights) {
  lookup_.set_vocabulary(std::move(vocabulary), std::move(idf_weights));
  options_.vocabulary = lookup_.options().vocabulary;
  options_.idf_weights = lookup_.options().idf_weights;
}

NACRE_SETUP void TextVectorization::adapt(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::string>> samples;
  for (const std::string& text : texts) samples.push_back(tokens(text));
  lookup_.adapt(samples);
  options_.vocabulary = lookup_.options().vocabulary;
  options_.idf_weights = lookup_.options().idf_weights;
}

NACRE_INLINE std::vector<std::string> TextVectorization::tokens(std::string_view text) const {
  std::string plain;
  const bool lower = options_.standardize.substr(0, 5) == "lower";
  const bool strip = options_.standardize.find("strip") != std::string::npos;
  for (const char c : text) {
    const bool punctuation =
        (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
    if (strip && punctuation) continue;
    plain += lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  std::vector<std::string> words;
  if (options_.split == "none") {
    words.push_back(plain);
  } else if (options_.split == "character") {
    for (std::string_view rest = plain; !rest.empty();) {
      const std::size_t size = detail::utf8_bytes(rest);
      words.emplace_back(rest.substr(0, size));
      rest.remove_prefix(size);
    }
  } else {
    for (std::size_t i = 0; i < plain.size();) {
      std::size_t end = i;
      while (end < plain.size() && !detail::is_space(plain[end])) ++end;
      if (end > i) words.push_back(plain.substr(i, end - i));
      i = end + 1;
    }
  }
  if (options_.ngrams.empty()) return words;
  // One number stands for all lengths up to it.
  std::vector<std::int64_t> lengths = options_.ngrams;
  if (lengths.size() == 1) {
    lengths.clear();
    for (std::int64_t length = 1; length <= options_.ngrams.front(); ++length) lengths.push_back(length);
  }
  std::vector<std::string> found;
  for (const std::int64_t length : lengths) {
    for (std::size_t first = 0; first + static_cast<std::size_t>(length) <= words.size(); ++first) {
      std::string joined = words[first];
      for (std::size_t i = 1; i < static_cast<std::size_t>(length); ++i) joined += " " + words[first + i];
      found.push_back(std::move(joined));
    }
  }
  return found;
}

NACRE_SETUP Column TextVectorization::operator()(const std::vector<std::string>& texts) const {
  require<StateError>(!lookup_.options().vocabulary.empty(),
                      "TextVectorization: expected a vocabulary; call adapt(texts) before");
  std::vector<std::vector<std::string>> samples;
  std::size_t longest = 1;
  for (const std::string& text : texts) {
    samples.push_back(tokens(text));
    longest = std::max(longest, samples.back().size());
  }
  if (options_.output_mode != "int") return lookup_(samples);
  if (options_.output_sequence_length) longest = static_cast<std::size_t>(*options_.output_sequence_length);
  for (auto& sample : samples) sample.resize(longest);  // empty texts are the mask
  return lookup_(samples);
}

}  // namespace nacre
