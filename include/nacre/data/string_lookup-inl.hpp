#pragma once
// The bodies of string_lookup.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/hash.hpp>
#include <nacre/data/string_lookup.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP StringLookup::StringLookup(StringLookupOptions options) : options_(std::move(options)) {
  validate();
  index_ = std::make_shared<const detail::LookupIndex<std::string>>(options_.vocabulary, type_name);
}

NACRE_SETUP void StringLookup::validate() const {
  detail::require_output_mode(type_name, options_.output_mode, true, true);
  detail::require_lookup_options(type_name, options_.max_tokens, options_.num_oov_indices,
                                 options_.mask_token.has_value(), options_.pad_to_max_tokens, plan(),
                                 options_.idf_weights, options_.output_mode == "tf_idf");
}

NACRE_SETUP void StringLookup::set_vocabulary(std::vector<std::string> vocabulary, std::vector<double> idf_weights) {
  StringLookupOptions changed = options_;
  changed.vocabulary = std::move(vocabulary);
  changed.idf_weights = std::move(idf_weights);
  *this = StringLookup(std::move(changed));
}

NACRE_SETUP void StringLookup::adapt(const std::vector<std::string>& words) {
  std::vector<std::vector<std::string>> samples;
  for (const std::string& word : words) samples.push_back({word});
  adapt(samples);
}

NACRE_SETUP void StringLookup::adapt(const std::vector<std::vector<std::string>>& samples) {
  struct Count {
    std::int64_t times = 0;
    std::int64_t samples = 0;
    std::size_t last = 0;  // sample, from 1
  };
  std::map<std::string, Count, std::less<>> seen;
  for (std::size_t sample = 0; sample < samples.size(); ++sample) {
    for (const std::string& word : samples[sample]) {
      Count& count = seen[word];
      ++count.times;
      count.samples += count.last != sample + 1;
      count.last = sample + 1;
    }
  }
  std::vector<detail::TokenCount<std::string>> counts;
  for (const auto& [word, count] : seen) {
    if (word != options_.oov_token && word != options_.mask_token) counts.push_back({word, count.times, count.samples});
  }
  detail::keep_most_frequent(counts, options_.max_tokens, plan().first());
  std::vector<std::string> vocabulary;
  std::vector<double> idf_weights;
  for (const auto& count : counts) {
    vocabulary.push_back(count.token);
    if (options_.output_mode != "tf_idf") continue;
    idf_weights.push_back(detail::inverse_document_frequency(static_cast<std::int64_t>(samples.size()), count.samples));
  }
  set_vocabulary(std::move(vocabulary), std::move(idf_weights));
}

NACRE_SETUP std::vector<std::string> StringLookup::vocabulary() const {
  std::vector<std::string> all;
  for (std::int64_t index = 0; index < vocabulary_size(); ++index) all.push_back(word_of(index));
  return all;
}

NACRE_INLINE std::int64_t StringLookup::index_of(std::string_view word) const {
  const detail::LookupPlan all = plan();
  if (options_.mask_token && word == *options_.mask_token) return all.masked - 1;
  const std::int64_t place = index_->find(word);
  if (place >= 0) return all.first() + place;
  require<ValueError>(all.unknown > 0, "StringLookup: expected a word of the vocabulary, got \"", word,
                      "\"; give num_oov_indices for others");
  const std::uint64_t hash = all.unknown > 1 ? fingerprint64(word) : 0;
  return all.masked + static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(all.unknown));
}

NACRE_SETUP const std::string& StringLookup::word_of(std::int64_t index) const {
  const detail::LookupPlan all = plan();
  if (all.masked > 0 && index == 0) return *options_.mask_token;
  if (index < all.first() || index >= all.size()) return options_.oov_token;
  return options_.vocabulary[static_cast<std::size_t>(index - all.first())];
}

NACRE_SETUP std::vector<std::string> StringLookup::words(const std::vector<std::int64_t>& indices) const {
  std::vector<std::string> found;
  for (const std::int64_t index : indices) found.push_back(word_of(index));
  return found;
}

NACRE_SETUP Column StringLookup::operator()(const std::vector<std::string>& words) const {
  std::vector<std::vector<std::string>> samples;
  for (const std::string& word : words) samples.push_back({word});
  return encode(samples, true);
}

NACRE_SETUP Column StringLookup::operator()(const std::vector<std::vector<std::string>>& samples) const {
  return encode(samples, false);
}

NACRE_SETUP Column StringLookup::encode(const std::vector<std::vector<std::string>>& samples, bool single) const {
  require<StateError>(!options_.vocabulary.empty(), "StringLookup: expected a vocabulary; call adapt(words) before");
  const std::string& mode = options_.output_mode;
  const bool aligned = mode == "int" || mode == "one_hot";
  const std::size_t length = samples.empty() ? 1 : samples.front().size();
  for (std::size_t i = 0; aligned && i < samples.size(); ++i) {
    require<ShapeError>(samples[i].size() == length && length > 0,
                        "StringLookup: expected samples of equally many words, got ", length, " and, at sample ", i,
                        ", ", samples[i].size(), "; fill them up, or use TextVectorization");
  }
  const auto count = static_cast<std::int64_t>(samples.size());
  const auto words = static_cast<std::int64_t>(length);
  if (mode == "int") {
    std::vector<std::int32_t> indices;
    for (const auto& sample : samples) {
      for (const std::string& word : sample) indices.push_back(static_cast<std::int32_t>(index_of(word)));
    }
    return Column(std::move(indices), count, single ? Shape{} : Shape{words});
  }
  const std::int64_t width = rows();
  const bool per_word = mode == "one_hot" && !single;
  const Shape shape = per_word ? Shape{words, width} : Shape{width};
  require_addressable(shape.with_batch(std::max<std::int64_t>(count, 1)));
  std::vector<float> values(static_cast<std::size_t>(count * shape.size()));
  float* row = values.data();
  for (const auto& sample : samples) {
    for (const std::string& word : sample) {
      const std::int64_t index = index_of(word);
      if (index >= 0) row[index] = mode == "count" || mode == "tf_idf" ? row[index] + 1 : 1;
      if (per_word) row += width;
    }
    if (!per_word) row += width;
  }
  if (mode == "tf_idf") {
    const std::vector<double> idf = detail::idf_by_index(plan(), options_.idf_weights, width);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] *= static_cast<float>(idf[i % static_cast<std::size_t>(width)]);
    }
  }
  return Column(std::move(values), count, shape);
}

}  // namespace nacre
