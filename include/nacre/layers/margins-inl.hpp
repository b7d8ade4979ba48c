#pragma once
// Bodies of layers/margins.hpp.

#include <initializer_list>
#include <limits>

#include <nacre/layers/margins.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP ConfigValue to_config_value(const Margin1D& margin) { return ConfigList{margin.before, margin.after}; }
NACRE_SETUP ConfigValue to_config_value(const Margin2D& margin) {
  return ConfigList{to_config_value(margin.height), to_config_value(margin.width)};
}
NACRE_SETUP ConfigValue to_config_value(const Margin3D& margin) {
  return ConfigList{to_config_value(margin.depth), to_config_value(margin.height), to_config_value(margin.width)};
}

NACRE_SETUP void from_config_value(const ConfigValue& value, Margin1D& out) {
  detail::sizes_from_config(value, {&out.before, &out.after});
}

namespace detail {

NACRE_SETUP void margins_from_config(const ConfigValue& value, std::initializer_list<Margin*> margins) {
  const auto* list = value.get_if<ConfigList>();
  require<ValueError>(list == nullptr || list->size() == margins.size(), "expected one number or ", margins.size(),
                      " numbers or pairs, got ", value);
  std::size_t next = 0;
  for (Margin* margin : margins) from_config_value(list == nullptr ? value : (*list)[next++], *margin);
}

NACRE_SETUP void validate_margins(std::string_view layer, std::string_view option, const Margin3D& margins) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  for (const Margin& margin : {margins.depth, margins.height, margins.width}) {
    for (const std::int64_t cells : {margin.before, margin.after}) {
      require<ValueError>(cells >= 0, layer, ": expected ", option, " of 0 or more, got ", cells);
      require<ValueError>(cells <= most, layer, ": expected ", option, " below 2^31, got ", cells);
    }
  }
}

NACRE_INLINE Volume with_margins(const Volume& volume, const Margin3D& margins) {
  return {{volume.size.depth + margins.depth.sum(), volume.size.height + margins.height.sum(),
           volume.size.width + margins.width.sum()},
          volume.channels};
}
NACRE_INLINE Volume without_margins(const Volume& volume, const Margin3D& margins) {
  return {{volume.size.depth - margins.depth.sum(), volume.size.height - margins.height.sum(),
           volume.size.width - margins.width.sum()},
          volume.channels};
}

}  // namespace detail

NACRE_SETUP void from_config_value(const ConfigValue& value, Margin2D& out) {
  detail::margins_from_config(value, {&out.height, &out.width});
}
NACRE_SETUP void from_config_value(const ConfigValue& value, Margin3D& out) {
  detail::margins_from_config(value, {&out.depth, &out.height, &out.width});
}

}  // namespace nacre
