#pragma once
// Bodies of layers/token_encoding.hpp.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <nacre/core/error.hpp>
#include <nacre/core/words.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/token_encoding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP void require_output_mode(std::string_view layer, const std::string& output_mode, bool with_int,
                                     bool with_tf_idf) {
  if (with_int && output_mode == "int") return;
  if (with_tf_idf && output_mode == "tf_idf") return;
  if (with_int && with_tf_idf) {
    require_one_of(layer, "output_mode", output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
  } else if (with_int) {
    require_one_of(layer, "output_mode", output_mode, {"int", "one_hot", "multi_hot", "count"});
  } else {
    require_one_of(layer, "output_mode", output_mode, {"one_hot", "multi_hot", "count"});
  }
}

NACRE_SETUP Shape build_tokens(const TokenEncoding& encoding, const Shape& input, LayerBuilder& builder) {
  builder.take_integers();
  builder.backward_reads({.inputs = false, .output = false});
  if (encoding.output_mode == "int") {
    builder.make_integers();
    builder.pass_mask();
    return input;
  }
  require<ShapeError>(input.rank() >= 1, "expected at least rank 1 (values), got ", input);
  Shape output(input.begin(), input.end() - 1);
  if (encoding.output_mode == "one_hot" && input.back() != 1) output.push_back(input.back());
  output.push_back(encoding.tokens);
  require_addressable(output);
  return output;
}

template <class T>
void encode_tokens(const TokenEncoding& encoding, const Forward<T>& step) {
  const std::int32_t* integers = step.integers();
  const T* values = step.input.elements();
  const auto token = [&](std::int64_t place) {
    return encoding.token(encoding.object, integers != nullptr ? static_cast<double>(integers[place])
                                                               : static_cast<double>(values[place]));
  };
  const std::int64_t all = step.batch() * step.input.sample_size();
  if (encoding.output_mode == "int") {
    std::int32_t* out = step.output_integers();
    return each_piece(step, all, [&](std::int64_t first, std::int64_t count) {
      for (std::int64_t i = first; i < first + count; ++i) out[i] = static_cast<std::int32_t>(token(i));
    });
  }
  const bool single = encoding.output_mode == "one_hot";
  const bool counts = encoding.output_mode == "count" || encoding.output_mode == "tf_idf";
  const std::int64_t length = single ? 1 : step.input.extents().back();
  const std::int64_t rows = all / length;
  const std::int64_t tokens = encoding.tokens;
  const std::int64_t pieces = piece_count(rows, 1 + 4096 / tokens);
  step.parallel(pieces, [&](std::int64_t index, T*) {
    const Range range = piece(rows, pieces, index);
    for (std::int64_t row = range.first; row < range.last; ++row) {
      T* out = step.output.elements() + row * tokens;
      std::fill_n(out, tokens, T(0));
      for (std::int64_t i = row * length; i < (row + 1) * length; ++i) {
        const std::int64_t found = token(i);
        if (found >= 0) out[found] = counts ? out[found] + T(1) : T(1);
      }
      if (encoding.idf == nullptr) continue;
      for (std::int64_t i = 0; i < tokens; ++i) out[i] *= static_cast<T>((*encoding.idf)[static_cast<std::size_t>(i)]);
    }
  });
}

template <class T>
void clear_input_gradient(const Backward<T>& step) {
  if (!step.wants_input_gradient) return;
  each_piece(step, step.input_gradient.batch() * step.input_gradient.sample_size(),
             [&](std::int64_t first, std::int64_t count) {
               std::fill_n(step.input_gradient.elements() + first, count, T(0));
             });
}

}  // namespace nacre::detail
