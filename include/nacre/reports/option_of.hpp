#pragma once
// An option in the description of a loss or a metric.

#include <optional>
#include <string_view>

#include <nacre/core/config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// The value of the option of that name; none where there is none, or one of another type.
template <class V>
std::optional<V> option_of(const Config& config, std::string_view name) {
  const ConfigValue* found = config.find(name);
  const V* value = found ? found->get_if<V>() : nullptr;
  return value ? std::optional<V>(*value) : std::nullopt;
}

}  // namespace nacre::reports::detail
