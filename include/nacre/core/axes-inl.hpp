#pragma once
// Bodies of layers/axes.hpp.

#include <nacre/core/axes.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

NACRE_SETUP ConfigValue to_config_value(const Axes& axes) {
  return axes.values.size() == 1 ? ConfigValue(axes.values[0]) : to_config_value(axes.values);
}
NACRE_SETUP void from_config_value(const ConfigValue& value, Axes& out) {
  if (const std::int64_t* axis = value.get_if<std::int64_t>()) {
    out = *axis;
  } else {
    from_config_value(value, out.values);
  }
}

[[noreturn]] NACRE_SETUP void detail::fail_axis(std::string_view doing, const Shape& sample, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(sample.rank());
  if (axis == 0 || axis == -rank - 1) {
    throw ShapeError(text("axis ", axis, " is the batch, which cannot be ", doing, "; expected an axis from 1 to ",
                          rank, ", or from -1 to ", -rank));
  }
  throw ShapeError(text("expected an input that has axis ", axis, ", got ", sample.to_string_with_batch()));
}

}  // namespace nacre
