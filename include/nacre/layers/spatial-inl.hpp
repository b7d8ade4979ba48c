#pragma once
// Bodies of layers/spatial.hpp.

#include <limits>

#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP std::string sizes_to_string(std::initializer_list<std::int64_t> sizes) {
  std::string list;
  for (const std::int64_t size : sizes) list += (list.empty() ? "(" : ", ") + text(size);
  return list + ")";
}

NACRE_SETUP void validate_sizes(std::string_view layer, std::string_view option,
                                std::initializer_list<std::int64_t> sizes) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const auto found = [&] { return sizes.size() == 1 ? text(*sizes.begin()) : sizes_to_string(sizes); };
  for (const std::int64_t size : sizes) {
    if (size < 1) throw ValueError(text(layer, ": expected ", option, " of 1 or more, got ", found()));
    if (size > most) throw ValueError(text(layer, ": expected ", option, " below 2^31, got ", found()));
  }
}

NACRE_SETUP void sizes_from_config(const ConfigValue& value, std::initializer_list<std::int64_t*> sizes) {
  if (const auto* all = value.get_if<std::int64_t>()) {
    for (std::int64_t* size : sizes) *size = *all;
    return;
  }
  const auto& list = config_get<ConfigList>(value, "one number or several");
  require<ValueError>(list.size() == sizes.size(), "expected one number or ", sizes.size(), ", got ", value);
  std::size_t next = 0;
  for (std::int64_t* size : sizes) from_config_value(list[next++], *size);
}

[[noreturn]] NACRE_SETUP void fail_volume(std::size_t axes, const Shape& input) {
  constexpr std::string_view names[] = {"(steps, channels)", "(height, width, channels)",
                                        "(depth, height, width, channels)"};
  constexpr std::string_view fixes[] = {"{steps, 1}", "{height, width, 1}", "{depth, height, width, 1}"};
  throw ShapeError(text("expected rank ", axes + 1, " ", names[axes - 1], ", got ", input,
                        input.rank() == axes ? text("; add Reshape(", fixes[axes - 1], ") before it") : std::string()));
}

[[noreturn]] NACRE_SETUP void fail_positions(std::size_t axes, const Shape& input, const Size3D& window) {
  const std::string size = axes == 1   ? Size1D(window.width).to_string()
                           : axes == 2 ? Size2D(window.height, window.width).to_string()
                                       : window.to_string();
  throw ShapeError(text("expected an input at least as large as the window ", size, ", got ", input,
                        "; use padding \"same\" or a smaller window"));
}

NACRE_INLINE Volume volume_of(std::size_t axes, const Shape& input) {
  if (input.rank() != axes + 1) fail_volume(axes, input);  // every step comes here, and must not build the text
  const auto extent = [&](std::size_t from_last) { return from_last <= axes ? input[axes - from_last] : 1; };
  return {{extent(3), extent(2), extent(1)}, input.back()};
}

NACRE_INLINE Shape volume_shape(std::size_t axes, const Size3D& size, std::int64_t channels) {
  if (axes == 1) return {size.width, channels};
  if (axes == 2) return {size.height, size.width, channels};
  return {size.depth, size.height, size.width, channels};
}

}  // namespace nacre::detail
