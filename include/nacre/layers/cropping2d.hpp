#pragma once
// Cropping2D: cells taken away around an image.

#include <utility>

#include <nacre/layers/cropping.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// An image without some cells at its edges. Input (batch, height, width, channels); the output lacks the cells of
/// `cropping`: `{{1, 2}, {0, 3}}`: rows above and below, then columns; `{1, 2}`: as many above as below, and at the
/// sides; a number stands for all.
struct Cropping2D : detail::Cropping<Cropping2D, Margin2D> {
  static constexpr std::string_view type_name = "Cropping2D";

  /// Throws ValueError for a negative number.
  Cropping2D(Margin2D cropping = 0, CroppingOptions options = {});
};

inline Cropping2D::Cropping2D(Margin2D cells, CroppingOptions chosen) : Cropping(cells, std::move(chosen)) {}

}  // namespace nacre
