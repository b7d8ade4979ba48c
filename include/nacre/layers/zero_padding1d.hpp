#pragma once
// ZeroPadding1D: zeros around a sequence.

#include <utility>

#include <nacre/layers/zero_padding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Zeros around a sequence. Input (batch, steps, channels); the output has the cells of `padding` more:
/// `{1, 2}`: one step before and two behind; a number stands for both.
struct ZeroPadding1D : detail::ZeroPadding<ZeroPadding1D, Margin1D> {
  static constexpr std::string_view type_name = "ZeroPadding1D";

  /// Throws ValueError for a negative number.
  ZeroPadding1D(Margin1D padding = 1, ZeroPaddingOptions options = {});
};

inline ZeroPadding1D::ZeroPadding1D(Margin1D cells, ZeroPaddingOptions chosen)
    : ZeroPadding(cells, std::move(chosen)) {}

}  // namespace nacre
