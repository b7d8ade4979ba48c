#pragma once
// UpSampling3D: each cell of a volume several times.

#include <utility>

#include <nacre/layers/up_sampling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Each cell of a volume as often as `size` says. Input (batch, depth, height, width, channels), output (batch, depth *
/// size.depth, height * size.height, width * size.width, channels).
struct UpSampling3D : detail::UpSampling<UpSampling3D, Size3D> {
  static constexpr std::string_view type_name = "UpSampling3D";

  /// Throws ValueError for a size below 1.
  UpSampling3D(Size3D size = 2, UpSamplingOptions options = {});
};

inline UpSampling3D::UpSampling3D(Size3D times, UpSamplingOptions chosen) : UpSampling(times, std::move(chosen)) {}

}  // namespace nacre
