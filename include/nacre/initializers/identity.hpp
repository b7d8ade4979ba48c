#pragma once
// IdentityInitializer: matrices that leave vectors as they are.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// `gain` on the diagonal of a matrix, 0 elsewhere; matrices that are not square have as long a diagonal as fits. In
/// files and as a string it is "Identity", as in Keras; in C++ this is the name of a layer.
struct IdentityInitializer {
  static constexpr std::string_view type_name = "Identity";
  double gain = 1;
  void fields(Fields& list) { list("gain", gain); }

  /// Throws ShapeError for a weight that is no matrix.
  void fill(const Initialization& step) const {
    require<ShapeError>(step.shape.rank() == 2, "Identity: expected a weight of rank 2, got ", step.shape);
    std::fill_n(step.values, step.shape.size(), 0.0);
    const std::int64_t columns = step.shape[1];
    for (std::int64_t i = 0; i < std::min(step.shape[0], columns); ++i) step.values[i * columns + i] = gain;
  }
};

}  // namespace nacre
