#pragma once
// UpSampling1D: each step of a sequence several times.

#include <utility>

#include <nacre/layers/up_sampling.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Each step of a sequence as often as `size` says. Input (batch, steps, channels), output (batch, steps * size,
/// channels).
struct UpSampling1D : detail::UpSampling<UpSampling1D, Size1D> {
  static constexpr std::string_view type_name = "UpSampling1D";

  /// Throws ValueError for a size below 1.
  UpSampling1D(Size1D size = 2, UpSamplingOptions options = {});
};

inline UpSampling1D::UpSampling1D(Size1D times, UpSamplingOptions chosen) : UpSampling(times, std::move(chosen)) {}

}  // namespace nacre
