#pragma once
// ZeroPadding2D: zeros around an image.

#include <utility>

#include <nacre/layers/zero_padding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Zeros around an image. Input (batch, height, width, channels); the output has the cells of `padding` more:
/// `{{1, 2}, {0, 3}}`: rows above and below, then columns; `{1, 2}`: as many above as below, and at the sides; a number
/// stands for all.
struct ZeroPadding2D : detail::ZeroPadding<ZeroPadding2D, Margin2D> {
  static constexpr std::string_view type_name = "ZeroPadding2D";

  /// Throws ValueError for a negative number.
  ZeroPadding2D(Margin2D padding = 1, ZeroPaddingOptions options = {});
};

inline ZeroPadding2D::ZeroPadding2D(Margin2D cells, ZeroPaddingOptions chosen)
    : ZeroPadding(cells, std::move(chosen)) {}

}  // namespace nacre
