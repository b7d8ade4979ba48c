#pragma once
// RandomNormal: normally distributed random numbers.

#include <cstdint>
#include <string_view>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Every element is normal, with that mean and standard deviation.
struct RandomNormal {
  static constexpr std::string_view type_name = "RandomNormal";
  double mean = 0;
  double stddev = 0.05;  ///< 0 or more
  void fields(Fields& list) {
    list("mean", mean);
    list("stddev", stddev);
  }

  /// Throws ValueError for a stddev below 0.
  void validate() const {
    require<ValueError>(stddev >= 0, "RandomNormal: expected a stddev of 0 or more, got ", stddev);
  }

  void fill(const Initialization& step) const {
    const auto count = static_cast<std::uint64_t>(step.shape.size());
    for (std::uint64_t i = 0; i < count; ++i) step.values[i] = mean + stddev * step.random.normal(i);
  }
};

}  // namespace nacre
