#pragma once
// ZeroPadding3D: zeros around a volume.

#include <utility>

#include <nacre/layers/zero_padding.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Zeros around a volume. Input (batch, depth, height, width, channels); the output has the cells of `padding` more:
/// `{{1, 2}, {0, 3}, {1, 1}}` for depth, height and width; a number stands for both of a pair, or for all.
struct ZeroPadding3D : detail::ZeroPadding<ZeroPadding3D, Margin3D> {
  static constexpr std::string_view type_name = "ZeroPadding3D";

  /// Throws ValueError for a negative number.
  ZeroPadding3D(Margin3D padding = 1, ZeroPaddingOptions options = {});
};

inline ZeroPadding3D::ZeroPadding3D(Margin3D cells, ZeroPaddingOptions chosen)
    : ZeroPadding(cells, std::move(chosen)) {}

}  // namespace nacre
