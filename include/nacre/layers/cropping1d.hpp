#pragma once
// Cropping1D: cells taken away around a sequence.

#include <utility>

#include <nacre/layers/cropping.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A sequence without some cells at its edges. Input (batch, steps, channels); the output lacks the cells of
/// `cropping`: `{1, 2}`: one step before and two behind; a number stands for both.
struct Cropping1D : detail::Cropping<Cropping1D, Margin1D> {
  static constexpr std::string_view type_name = "Cropping1D";

  /// Throws ValueError for a negative number.
  Cropping1D(Margin1D cropping = 1, CroppingOptions options = {});
};

inline Cropping1D::Cropping1D(Margin1D cells, CroppingOptions chosen) : Cropping(cells, std::move(chosen)) {}

}  // namespace nacre
