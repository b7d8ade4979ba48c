#pragma once
// CategoryEncoding: class numbers as rows.

#include <string>

#include <nacre/layers/layer.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CategoryEncoding.
struct CategoryEncodingOptions {
  std::string output_mode = "multi_hot";  ///< "one_hot", "multi_hot" or "count"
  std::string name{};
  void fields(Fields& list) {
    list("output_mode", output_mode);
    list("name", name);
  }
};

/// Input (batch, ..., values) of class numbers from 0 to `num_tokens` - 1, whole floating numbers or int32 ones. Output
/// "multi_hot": (batch, ..., num_tokens), 1 for each class among the values, or "count": how often it is there;
/// "one_hot": a row for each value, (batch, ..., values, num_tokens), without the axis of values where there is one. It
/// has no gradient. A step throws ValueError for a value that is no class.
struct CategoryEncoding : Callable<CategoryEncoding> {
  static constexpr std::string_view type_name = "CategoryEncoding";

  /// Throws ValueError for less than one token and for another output_mode.
  explicit CategoryEncoding(std::int64_t num_tokens, CategoryEncodingOptions options = {});

  std::int64_t num_tokens = 1;
  CategoryEncodingOptions options;
  void fields(Fields& list) {
    list("num_tokens", num_tokens);
    options.fields(list);
  }
  void validate() const {
    require<ValueError>(num_tokens >= 1, "CategoryEncoding: expected num_tokens of 1 or more, got ", num_tokens);
    detail::require_output_mode(type_name, options.output_mode, false, false);
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
  CategoryEncoding() = default;

  detail::TokenEncoding encoding() const {
    return {type_name, options.output_mode, num_tokens, nullptr, this, [](const void* layer, double value) {
              const std::int64_t tokens = static_cast<const CategoryEncoding*>(layer)->num_tokens;
              require<ValueError>(value >= 0 && value < static_cast<double>(tokens),
                                  "CategoryEncoding: expected class numbers from 0 to ", tokens - 1, ", got ", value);
              return static_cast<std::int64_t>(value);
            }};
  }
};

inline CategoryEncoding::CategoryEncoding(std::int64_t tokens, CategoryEncodingOptions chosen)
    : num_tokens(tokens), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
