#pragma once
// Constant, Zeros and Ones.

#include <algorithm>

#include <nacre/initializers/initializer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Every element is `value`.
struct Constant {
  static constexpr std::string_view type_name = "Constant";
  double value = 0;
  void fields(Fields& list) { list("value", value); }

  void fill(const Initialization& step) const { std::fill_n(step.values, step.shape.size(), value); }
};

/// Every element is 0: the default of biases.
struct Zeros {
  static constexpr std::string_view type_name = "Zeros";
  void fill(const Initialization& step) const { Constant{0}.fill(step); }
};

/// Every element is 1: the default of a normalization's scale.
struct Ones {
  static constexpr std::string_view type_name = "Ones";
  void fill(const Initialization& step) const { Constant{1}.fill(step); }
};

}  // namespace nacre
