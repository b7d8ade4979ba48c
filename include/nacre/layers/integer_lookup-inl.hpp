#pragma once
// Bodies of layers/integer_lookup.hpp.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/layers/integer_lookup.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP IntegerLookup::IntegerLookup(IntegerLookupOptions chosen) : options(std::move(chosen)) { validate(); }

NACRE_SETUP void IntegerLookup::validate() const {
  detail::require_output_mode(type_name, options.output_mode, true, true);
  require<ValueError>(!options.invert || options.output_mode == "int",
                      "IntegerLookup: expected output_mode int with invert, got \"", options.output_mode, "\"");
  const bool tf_idf = options.output_mode == "tf_idf";
  detail::require_lookup_options(type_name, options.max_tokens, options.num_oov_indices, options.mask_token.has_value(),
                                 options.pad_to_max_tokens, plan(), options.idf_weights, tf_idf);
  const std::int64_t rows = options.pad_to_max_tokens ? *options.max_tokens : plan().size();
  found_ = std::make_shared<const Found>(
      Found{detail::LookupIndex<std::int64_t>(options.vocabulary, type_name),
            tf_idf ? detail::idf_by_index(plan(), options.idf_weights, rows) : std::vector<double>()});
}

NACRE_SETUP void IntegerLookup::set_vocabulary(std::vector<std::int64_t> vocabulary, std::vector<double> idf_weights) {
  IntegerLookup changed = *this;
  changed.options.vocabulary = std::move(vocabulary);
  changed.options.idf_weights = std::move(idf_weights);
  changed.validate();
  *this = std::move(changed);
}

NACRE_INLINE std::int64_t IntegerLookup::index_of(std::int64_t number) const {
  const detail::LookupPlan all = plan();
  if (options.mask_token && number == *options.mask_token) return all.masked - 1;
  const std::int64_t place = found_->index.find(number);
  if (place >= 0) return all.first() + place;
  require<ValueError>(all.unknown > 0, "IntegerLookup: expected a number of the vocabulary, got ", number,
                      "; give num_oov_indices for others");
  return all.masked + (number % all.unknown + all.unknown) % all.unknown;
}

NACRE_INLINE std::int64_t IntegerLookup::number_of(std::int64_t index) const {
  const detail::LookupPlan all = plan();
  if (options.mask_token && index == 0) return *options.mask_token;
  if (index < all.first() || index >= all.size()) return options.oov_token;
  return options.vocabulary[static_cast<std::size_t>(index - all.first())];
}

NACRE_INLINE detail::TokenEncoding IntegerLookup::encoding() const {
  const std::int64_t rows = options.pad_to_max_tokens ? *options.max_tokens : plan().size();
  return {type_name,
          options.output_mode,
          rows,
          found_->idf.empty() ? nullptr : &found_->idf,
          this,
          [](const void* layer, double value) {
            const auto& lookup = *static_cast<const IntegerLookup*>(layer);
            const std::int64_t number = value > -0x1p62 && value < 0x1p62 ? static_cast<std::int64_t>(value) : 0;
            if (lookup.options.invert) return lookup.number_of(number);
            // The mask's index is 0 where indices are put out, and rows leave it out.
            return lookup.index_of(number);
          }};
}

}  // namespace nacre
