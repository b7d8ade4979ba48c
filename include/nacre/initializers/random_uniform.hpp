#pragma once
// RandomUniform: evenly distributed random numbers.

#include <cstdint>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Every element is uniform in [minval, maxval): the default of embeddings.
struct RandomUniform {
  static constexpr std::string_view type_name = "RandomUniform";
  double minval = -0.05;
  double maxval = 0.05;  ///< minval or more
  void fields(Fields& list) {
    list("minval", minval);
    list("maxval", maxval);
  }

  /// Throws ValueError for a maxval below minval.
  void validate() const {
    require<ValueError>(minval <= maxval, "RandomUniform: expected a maxval of minval, ", minval, ", or more, got ",
                        maxval);
  }

  void fill(const Initialization& step) const {
    const auto count = static_cast<std::uint64_t>(step.shape.size());
    for (std::uint64_t i = 0; i < count; ++i) step.values[i] = minval + (maxval - minval) * step.random.uniform(i);
  }
};

}  // namespace nacre
