#pragma once
// threshold: what is above a threshold, and a number in place of all else.

#include <nacre/kernels/activations/activation.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {
namespace activations {

/// f(x) = x where x > threshold, default_value elsewhere.
struct Threshold {
  static constexpr std::string_view type_name = "threshold";
  static constexpr bool keeps_input = true;
  double threshold = 0;
  double default_value = 0;

  void fields(Fields& list) {
    list("threshold", threshold);
    list("default_value", default_value);
  }
};

/// Not a name of nacre itself, since many things are called so.
inline constexpr Activation threshold{Threshold{}};

}  // namespace activations

}  // namespace nacre
