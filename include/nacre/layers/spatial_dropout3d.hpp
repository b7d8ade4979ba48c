#pragma once
// SpatialDropout3D: drops whole channels while it trains.

#include <utility>

#include <nacre/layers/spatial_dropout.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Dropout of whole channels: in training each channel of a sample becomes 0 in all of a volume with probability
/// `rate`, and is divided by 1 - rate otherwise. Input (batch, depth, height, width, channels). Tompson et al.,
/// "Efficient object localization using convolutional networks", CVPR 2015.
struct SpatialDropout3D : detail::SpatialDropout<SpatialDropout3D, 3> {
  static constexpr std::string_view type_name = "SpatialDropout3D";

  /// Throws ValueError for a rate outside [0, 1].
  explicit SpatialDropout3D(double rate, SpatialDropoutOptions options = {});

 private:
  friend struct ConfigAccess;
  SpatialDropout3D() = default;
};

inline SpatialDropout3D::SpatialDropout3D(double drop_rate, SpatialDropoutOptions chosen)
    : SpatialDropout(drop_rate, std::move(chosen)) {}

}  // namespace nacre
