#pragma once
// What layers that turn values into tokens have in common: how tokens are put out.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// How values become tokens, and tokens numbers. Nothing of it is a template of the layer's class.
struct TokenEncoding {
  std::string_view layer{};          ///< its name, for errors
  std::string_view output_mode{};    ///< "int", "one_hot", "multi_hot", "count" or "tf_idf"
  std::int64_t tokens = 0;           ///< of outputs other than "int"
  const std::vector<double>* idf{};  ///< of "tf_idf": what counts are multiplied by
  const void* object = nullptr;      ///< the layer
  /// The token of a value, -1 for one that is left out of rows. Throws ValueError for one that is no token.
  std::int64_t (*token)(const void* object, double value) = nullptr;
};

/// The shape of the output, with what the builder needs to know. "int": as the input, of integers. "one_hot": a row for
/// each value, in place of a last axis of extent 1. Others: a row for all values along the last axis.
Shape build_tokens(const TokenEncoding& encoding, const Shape& input, LayerBuilder& builder);

/// Writes the output.
template <class T>
void encode_tokens(const TokenEncoding& encoding, const Forward<T>& step);

/// Tokens have no gradient: it is 0.
template <class T>
void clear_input_gradient(const Backward<T>& step);

/// Throws ValueError unless the word is one of Keras' modes; "tf_idf" only where it is said.
void require_output_mode(std::string_view layer, const std::string& output_mode, bool with_int, bool with_tf_idf);

}  // namespace nacre::detail

#if NACRE_HEADER_ONLY
#include <nacre/layers/token_encoding-inl.hpp>
#endif
