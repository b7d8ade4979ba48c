#pragma once
// SpatialDropout2D: drops whole channels while it trains.

#include <utility>

#include <nacre/layers/spatial_dropout.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Dropout of whole channels: in training each channel of a sample becomes 0 in all pixels with probability `rate`, and
/// is divided by 1 - rate otherwise. Input (batch, height, width, channels). Tompson et al., "Efficient object
/// localization using convolutional networks", CVPR 2015.
struct SpatialDropout2D : detail::SpatialDropout<SpatialDropout2D, 2> {
  static constexpr std::string_view type_name = "SpatialDropout2D";

  /// Throws ValueError for a rate outside [0, 1].
  explicit SpatialDropout2D(double rate, SpatialDropoutOptions options = {});

 private:
  friend struct ConfigAccess;
  SpatialDropout2D() = default;
};

inline SpatialDropout2D::SpatialDropout2D(double drop_rate, SpatialDropoutOptions chosen)
    : SpatialDropout(drop_rate, std::move(chosen)) {}

}  // namespace nacre
