#pragma once
// TruncatedNormal: normally distributed random numbers without those far from the mean.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace detail {

/// Draws again until within two deviations; each element has 16 draws of its own (the chance to need more is 1e-21).
inline double truncated_normal(const RandomStream& random, std::uint64_t element) {
  double draw = 0;
  for (std::uint64_t attempt = 0; attempt < 16; ++attempt) {
    draw = random.normal(element * 16 + attempt);
    if (std::abs(draw) <= 2) return draw;
  }
  return std::clamp(draw, -2.0, 2.0);
}

}  // namespace detail

/// Every element is normal, with that mean and standard deviation, and drawn again where it is more than two deviations
/// from the mean.
struct TruncatedNormal {
  static constexpr std::string_view type_name = "TruncatedNormal";
  double mean = 0;
  double stddev = 0.05;  ///< 0 or more
  void fields(Fields& list) {
    list("mean", mean);
    list("stddev", stddev);
  }

  /// Throws ValueError for a stddev below 0.
  void validate() const {
    require<ValueError>(stddev >= 0, "TruncatedNormal: expected a stddev of 0 or more, got ", stddev);
  }

  void fill(const Initialization& step) const {
    const auto count = static_cast<std::uint64_t>(step.shape.size());
    for (std::uint64_t i = 0; i < count; ++i) step.values[i] = mean + stddev * detail::truncated_normal(step.random, i);
  }
};

}  // namespace nacre
