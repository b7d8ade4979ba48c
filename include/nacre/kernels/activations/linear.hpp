#pragma once
// linear: no activation.

#include <string_view>

#include <nacre/core/version.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::activations {

/// f(x) = x.
struct Linear {
  static constexpr std::string_view type_name = "linear";
  static constexpr bool keeps_input = false;
};

}  // namespace nacre::activations
