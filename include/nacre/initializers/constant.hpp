#pragma once
// Constant, Zeros and Ones.

#include <algorithm>

#include <nacre/initializers/initializer.hpp>

namespace nacre {

/// Every element is `value`.
struct Constant {
  static constexpr std::string_view type_name = "Constant";
  double value = 0;
  static constexpr auto fields = std::tuple{field("value", &Constant::value)};

  template <class T>
  void fill(const Initialization<T>& step) const {
    std::fill_n(step.values, step.shape.size(), static_cast<T>(value));
  }
};
NACRE_INITIALIZER(Constant);

/// Every element is 0: the default of biases.
struct Zeros {
  static constexpr std::string_view type_name = "Zeros";
  template <class T>
  void fill(const Initialization<T>& step) const {
    Constant{0}.fill(step);
  }
};
NACRE_INITIALIZER(Zeros);

/// Every element is 1: the default of a normalization's scale.
struct Ones {
  static constexpr std::string_view type_name = "Ones";
  template <class T>
  void fill(const Initialization<T>& step) const {
    Constant{1}.fill(step);
  }
};
NACRE_INITIALIZER(Ones);

}  // namespace nacre
