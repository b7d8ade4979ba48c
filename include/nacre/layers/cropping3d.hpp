#pragma once
// Cropping3D: cells taken away around a volume.

#include <utility>

#include <nacre/layers/cropping.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A volume without some cells at its edges. Input (batch, depth, height, width, channels); the output lacks the cells
/// of `cropping`: `{{1, 2}, {0, 3}, {1, 1}}` for depth, height and width; a number stands for both of a pair, or for
/// all.
struct Cropping3D : detail::Cropping<Cropping3D, Margin3D> {
  static constexpr std::string_view type_name = "Cropping3D";

  /// Throws ValueError for a negative number.
  Cropping3D(Margin3D cropping = 1, CroppingOptions options = {});
};

inline Cropping3D::Cropping3D(Margin3D cells, CroppingOptions chosen) : Cropping(cells, std::move(chosen)) {}

}  // namespace nacre
