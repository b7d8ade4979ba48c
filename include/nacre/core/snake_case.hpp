#pragma once
// Keras' default names.

#include <nacre/core/version.hpp>

#include <cctype>
#include <string>
#include <string_view>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// "CategoricalAccuracy" as "categorical_accuracy": how Keras names things that were given no name.
[[gnu::cold]] inline std::string snake_case(std::string_view class_name) {
  std::string name;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const char letter = class_name[i];
    const bool upper = std::isupper(static_cast<unsigned char>(letter)) != 0;
    const bool after_lower = i > 0 && std::isupper(static_cast<unsigned char>(class_name[i - 1])) == 0;
    const bool before_lower =
        i + 1 < class_name.size() && std::islower(static_cast<unsigned char>(class_name[i + 1])) != 0;
    const bool after_digit = i > 0 && std::isdigit(static_cast<unsigned char>(class_name[i - 1])) != 0;
    if (upper && i > 0 && !after_digit && (after_lower || before_lower)) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return name;
}

}  // namespace nacre
