#pragma once
// IntegerLookup: whole numbers as indices of a vocabulary.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/lookup_index.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of IntegerLookup.
struct IntegerLookupOptions {
  std::optional<std::int64_t> max_tokens{};  ///< the largest vocabulary, what is not in it and the mask included
  std::int64_t num_oov_indices = 1;          ///< indices for numbers that are not in the vocabulary
  std::optional<std::int64_t> mask_token{};  ///< has index 0; left out of other outputs than "int"
  std::int64_t oov_token = -1;               ///< what `invert` gives for an index that is no number's
  std::vector<std::int64_t> vocabulary{};    ///< none: `adapt` finds it
  std::vector<double> idf_weights{};         ///< of "tf_idf", one for each of the vocabulary
  bool invert = false;                       ///< whether it turns indices back into numbers
  std::string output_mode = "int";           ///< "int", "one_hot", "multi_hot", "count" or "tf_idf"
  bool pad_to_max_tokens = false;            ///< whether rows have max_tokens numbers, whatever the vocabulary has
  std::string name{};
  void fields(Fields& list) {
    list("max_tokens", max_tokens);
    list("num_oov_indices", num_oov_indices);
    list("mask_token", mask_token);
    list("oov_token", oov_token);
    list("vocabulary", vocabulary);
    list("idf_weights", idf_weights);
    list("invert", invert);
    list("output_mode", output_mode);
    list("pad_to_max_tokens", pad_to_max_tokens);
    list("name", name);
  }
};

/// Each number of the vocabulary becomes its index: 0 is the mask's where there is one, then come `num_oov_indices` for
/// numbers that are not in it, among which they are chosen by their remainder, then the vocabulary. Input of any shape;
/// the output is one of integers, of the same shape, or rows as CategoryEncoding's. It has no gradient. Without
/// `num_oov_indices` a step throws ValueError for a number that is not in the vocabulary.
///
///     IntegerLookup lookup({.vocabulary = {12, 36, 1138, 42}});  // 36 becomes 2, and 7 becomes 0
struct IntegerLookup : Callable<IntegerLookup> {
  static constexpr std::string_view type_name = "IntegerLookup";

  /// Throws ValueError for options that do not go together.
  IntegerLookup(IntegerLookupOptions options = {});

  /// To be changed through `set_vocabulary` and `adapt`, so that what is found fits what is there.
  IntegerLookupOptions options;
  void fields(Fields& list) { options.fields(list); }
  /// Checks the options, and makes ready what tokens are found by.
  void validate() const;

  /// Sets the vocabulary and the weights of "tf_idf". Throws ValueError for a number that is there twice.
  void set_vocabulary(std::vector<std::int64_t> vocabulary, std::vector<double> idf_weights = {});

  /// Indices in all, those of the mask and of unknown numbers included.
  std::int64_t vocabulary_size() const { return plan().size(); }
  /// The index of a number; -1 for the mask in rows. Throws ValueError for one that is not in the vocabulary, where
  /// there is no index for it.
  std::int64_t index_of(std::int64_t number) const;
  /// The number of an index, as `invert` gives it.
  std::int64_t number_of(std::int64_t index) const;

  /// Throws StateError without a vocabulary.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<StateError>(!options.vocabulary.empty(),
                        "expected a vocabulary; call adapt(lookup, data) before it is given to a model");
    return detail::build_tokens(encoding(), input, builder);
  }
  template <class T>
  void forward(const Forward<T>& step) const {
    detail::encode_tokens(encoding(), step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::clear_input_gradient(step);
  }

  detail::LookupPlan plan() const {
    return {options.mask_token && options.output_mode == "int", options.num_oov_indices,
            static_cast<std::int64_t>(options.vocabulary.size())};
  }

 private:
  detail::TokenEncoding encoding() const;

  struct Found {
    detail::LookupIndex<std::int64_t> index;
    std::vector<double> idf;
  };
  mutable std::shared_ptr<const Found> found_;  // made by validate, and shared by copies
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/integer_lookup-inl.hpp>
#endif
