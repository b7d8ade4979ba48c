#pragma once
// Axes as Keras counts them: the batch is axis 0, -1 is the last.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <nacre/core/config.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// One axis, `-1`, several, `{1, 2}`, or none, `{}`.
struct Axes {
  Axes() = default;
  Axes(std::int64_t axis) : values{axis} {}
  Axes(std::initializer_list<std::int64_t> axes) : values(axes) {}
  Axes(List<std::int64_t> axes) : values(std::move(axes)) {}

  List<std::int64_t> values{};
};

/// A number where it is one axis, otherwise a list of them.
ConfigValue to_config_value(const Axes& axes);
void from_config_value(const ConfigValue& value, Axes& out);

namespace detail {

[[noreturn]] NACRE_SETUP void fail_axis(std::string_view doing, const Shape& sample, std::int64_t axis);

/// Which axis of a sample it is. Throws ShapeError for one that is not there, and for the batch, which layers do not
/// touch; `doing` says in the error what was to be done to it: "reduced".
inline std::size_t sample_axis(std::string_view doing, const Shape& sample, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(sample.rank());
  const std::int64_t found = axis < 0 ? rank + axis : axis - 1;
  if (found < 0 || found >= rank) fail_axis(doing, sample, axis);  // every step comes here, and must not build the text
  return static_cast<std::size_t>(found);
}

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/axes-inl.hpp>
#endif
