#pragma once
// Hashing: values in bins, without a vocabulary.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/hash.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Hashing.
struct HashingOptions {
  std::optional<std::int64_t> mask_value{};  ///< the value that has bin 0 for itself
  std::vector<std::int64_t> salt{};          ///< one number or two: hashes are SipHash with this key; none: FarmHash
  std::string output_mode = "int";           ///< "int", "one_hot", "multi_hot" or "count"
  std::string name{};
  void fields(Fields& list) {
    list("mask_value", mask_value);
    list("salt", salt);
    list("output_mode", output_mode);
    list("name", name);
  }
};

/// Each whole number becomes the bin that the hash of its decimal text falls into: the same everywhere and forever, and
/// the same as in Keras, whose Hashing does so with FarmHash's Fingerprint64, or with a salt SipHash-2-4. Input of any
/// shape; the output is one of integers, of the same shape, or rows as CategoryEncoding's. It has no gradient. Texts
/// have their bins from `bin`.
struct Hashing : Callable<Hashing> {
  static constexpr std::string_view type_name = "Hashing";

  /// Throws ValueError for less than one bin, or two with a mask_value, for more than two numbers of salt, and for
  /// another output_mode.
  explicit Hashing(std::int64_t num_bins, HashingOptions options = {});

  std::int64_t num_bins = 1;
  HashingOptions options;
  void fields(Fields& list) {
    list("num_bins", num_bins);
    options.fields(list);
  }
  void validate() const {
    const std::int64_t least = options.mask_value ? 2 : 1;
    require<ValueError>(num_bins >= least && num_bins <= std::int64_t{1} << 31, "Hashing: expected num_bins of ", least,
                        " to 2^31, got ", num_bins);
    require<ValueError>(options.salt.size() <= 2, "Hashing: expected a salt of one number or two, got ",
                        options.salt.size());
    detail::require_output_mode(type_name, options.output_mode, true, false);
  }

  /// The bin of a text, or of a number. `""` is a text as any other: where it stands for nothing, bin 0 may be kept for
  /// it by a mask_value, whatever that is, and this function not be called.
  std::int64_t bin(std::string_view text) const {
    const std::uint64_t hash = options.salt.empty() ? fingerprint64(text)
                                                    : siphash(text, static_cast<std::uint64_t>(options.salt.front()),
                                                              static_cast<std::uint64_t>(options.salt.back()));
    const std::int64_t masked = options.mask_value ? 1 : 0;
    return static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(num_bins - masked)) + masked;
  }
  std::int64_t bin(std::int64_t number) const {
    if (options.mask_value && number == *options.mask_value) return 0;
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return bin(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
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

 private:
  friend struct ConfigAccess;
  Hashing() = default;

  detail::TokenEncoding encoding() const {
    return {type_name, options.output_mode, num_bins, nullptr, this, [](const void* layer, double value) {
              const bool whole = value > -0x1p62 && value < 0x1p62;
              return static_cast<const Hashing*>(layer)->bin(whole ? static_cast<std::int64_t>(value) : 0);
            }};
  }
};

inline Hashing::Hashing(std::int64_t bins, HashingOptions chosen) : num_bins(bins), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
