#pragma once
// What layers over sequences, images and volumes have in common: sizes, padding and the extents that follow.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <nacre/core/config.hpp>
#include <nacre/core/shape.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Throws ValueError unless all of `sizes` are at least 1, and below 2^31.
void validate_sizes(std::string_view layer, std::string_view option, std::initializer_list<std::int64_t> sizes);

/// "(2, 3)".
std::string sizes_to_string(std::initializer_list<std::int64_t> sizes);

/// A list of as many numbers, or one that stands for all of them.
void sizes_from_config(const ConfigValue& value, std::initializer_list<std::int64_t*> sizes);

}  // namespace detail

/// A length, along the one axis of a sequence.
struct Size1D {
  std::int64_t length = 1;

  constexpr Size1D() = default;
  constexpr Size1D(std::int64_t length);
  friend constexpr bool operator==(const Size1D&, const Size1D&) = default;

  std::string to_string() const { return text(length); }
  void validate(std::string_view layer, std::string_view option) const {
    detail::validate_sizes(layer, option, {length});
  }
};

/// A height and a width; one number stands for both.
struct Size2D {
  std::int64_t height = 1;
  std::int64_t width = 1;

  constexpr Size2D() = default;
  constexpr Size2D(std::int64_t both) : height(both), width(both) {}
  constexpr Size2D(std::int64_t height, std::int64_t width);
  friend constexpr bool operator==(const Size2D&, const Size2D&) = default;

  std::string to_string() const { return detail::sizes_to_string({height, width}); }
  /// Throws ValueError unless both are at least 1, and below 2^31.
  void validate(std::string_view layer, std::string_view option) const {
    detail::validate_sizes(layer, option, {height, width});
  }
};

/// A depth, a height and a width; one number stands for all.
struct Size3D {
  std::int64_t depth = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;

  constexpr Size3D() = default;
  constexpr Size3D(std::int64_t all) : depth(all), height(all), width(all) {}
  constexpr Size3D(std::int64_t depth, std::int64_t height, std::int64_t width);
  friend constexpr bool operator==(const Size3D&, const Size3D&) = default;

  std::string to_string() const { return detail::sizes_to_string({depth, height, width}); }
  void validate(std::string_view layer, std::string_view option) const {
    detail::validate_sizes(layer, option, {depth, height, width});
  }
};

constexpr Size1D::Size1D(std::int64_t steps) : length(steps) {}
constexpr Size2D::Size2D(std::int64_t rows, std::int64_t columns) : height(rows), width(columns) {}
constexpr Size3D::Size3D(std::int64_t planes, std::int64_t rows, std::int64_t columns)
    : depth(planes), height(rows), width(columns) {}

inline ConfigValue to_config_value(const Size1D& size) { return ConfigList{size.length}; }
inline ConfigValue to_config_value(const Size2D& size) { return ConfigList{size.height, size.width}; }
inline ConfigValue to_config_value(const Size3D& size) { return ConfigList{size.depth, size.height, size.width}; }
inline void from_config_value(const ConfigValue& value, Size1D& out) {
  detail::sizes_from_config(value, {&out.length});
}
inline void from_config_value(const ConfigValue& value, Size2D& out) {
  detail::sizes_from_config(value, {&out.height, &out.width});
}
inline void from_config_value(const ConfigValue& value, Size3D& out) {
  detail::sizes_from_config(value, {&out.depth, &out.height, &out.width});
}

namespace detail {

// What layers have in common whatever the number of their axes: a sequence is seen as an image of height 1, and an
// image as a volume of depth 1.

constexpr Size3D in_3d(const Size1D& size) { return {1, 1, size.length}; }
constexpr Size3D in_3d(const Size2D& size) { return {1, size.height, size.width}; }
constexpr Size3D in_3d(const Size3D& size) { return size; }

/// How many axes a size has.
template <class Size>
inline constexpr std::size_t axes_of = sizeof(Size) / sizeof(std::int64_t);

/// Samples (axes..., channels) as volumes.
struct Volume {
  Size3D size;
  std::int64_t channels = 1;

  std::int64_t elements() const { return size.depth * size.height * size.width * channels; }
};

/// Throws ShapeError unless `input` has that many axes, 1 to 3, and channels behind them.
Volume volume_of(std::size_t axes, const Shape& input);

/// The shape of a sample with that many axes.
Shape volume_shape(std::size_t axes, const Size3D& size, std::int64_t channels);

/// Throws ShapeError: no window of that size fits into `input`.
[[noreturn]] void fail_positions(std::size_t axes, const Shape& input, const Size3D& window);

}  // namespace detail

/// What happens at the edges: "valid" uses whole windows only, "same" pads with zeros so that a stride of 1 keeps the
/// size (the odd cell goes to the bottom and the right), "causal", of sequences alone, pads before the first step only,
/// so that no output sees a later step.
class Padding {
 public:
  enum Kind : std::uint8_t { valid, same, causal };

  constexpr Padding(Kind kind = valid) : kind_(kind) {}
  /// By Keras' name. Throws ValueError for another.
  Padding(std::string_view name) : kind_(name == "same" ? same : name == "causal" ? causal : valid) {
    require<ValueError>(name == "same" || name == "valid" || name == "causal",
                        "padding: expected valid, same or causal, got \"", name, "\"");
  }
  Padding(const std::string& name) : Padding(std::string_view(name)) {}
  Padding(const char* name) : Padding(std::string_view(name)) {}

  constexpr Kind kind() const { return kind_; }
  std::string to_string() const { return kind_ == same ? "same" : kind_ == causal ? "causal" : "valid"; }
  /// Throws ValueError for "causal", which only Conv1D has.
  void require_not_causal(std::string_view layer) const {
    require<ValueError>(kind_ != causal, layer, ": expected padding valid or same, got \"causal\"");
  }
  friend constexpr bool operator==(const Padding&, const Padding&) = default;

 private:
  Kind kind_;
};

/// `.padding = same`.
inline constexpr Padding same{Padding::same};

inline ConfigValue to_config_value(const Padding& padding) { return padding.to_string(); }
inline void from_config_value(const ConfigValue& value, Padding& out) {
  out = Padding(std::string_view(config_get<std::string>(value, "a padding's name")));
}

/// One axis of a sliding window: how many positions it takes and how many padding cells come first.
struct Window {
  std::int64_t positions = 0;
  std::int64_t pad_before = 0;

  /// @param size   cells of the input.
  /// @param window cells of the window; with `dilation` d they lie d apart.
  Window(std::int64_t size, std::int64_t window, std::int64_t stride, std::int64_t dilation, Padding padding) {
    const std::int64_t reach = (window - 1) * dilation + 1;
    if (padding == Padding::same) {
      positions = (size + stride - 1) / stride;
      pad_before = std::max<std::int64_t>((positions - 1) * stride + reach - size, 0) / 2;
    } else if (padding == Padding::causal) {
      positions = (size + stride - 1) / stride;
      pad_before = reach - 1;
    } else {
      positions = size < reach ? 0 : (size - reach) / stride + 1;
    }
  }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/spatial-inl.hpp>
#endif
