#pragma once
// SpatialDropout1D: drops whole channels while it trains.

#include <utility>

#include <nacre/layers/spatial_dropout.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Dropout of whole channels: in training each channel of a sample becomes 0 in all steps of a sequence with
/// probability `rate`, and is divided by 1 - rate otherwise. Input (batch, steps, channels). Tompson et al., "Efficient
/// object localization using convolutional networks", CVPR 2015.
struct SpatialDropout1D : detail::SpatialDropout<SpatialDropout1D, 1> {
  static constexpr std::string_view type_name = "SpatialDropout1D";

  /// Throws ValueError for a rate outside [0, 1].
  explicit SpatialDropout1D(double rate, SpatialDropoutOptions options = {});

 private:
  friend struct ConfigAccess;
  SpatialDropout1D() = default;
};

inline SpatialDropout1D::SpatialDropout1D(double drop_rate, SpatialDropoutOptions chosen)
    : SpatialDropout(drop_rate, std::move(chosen)) {}

}  // namespace nacre
