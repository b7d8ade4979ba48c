#pragma once
// What layers over images have in common: sizes, padding and the extents that follow.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <nacre/core/config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A height and a width; one number stands for both.
struct Size2D {
  std::int64_t height = 1;
  std::int64_t width = 1;

  constexpr Size2D() = default;
  constexpr Size2D(std::int64_t both) : height(both), width(both) {}
  constexpr Size2D(std::int64_t height, std::int64_t width);
  friend constexpr bool operator==(const Size2D&, const Size2D&) = default;

  std::string to_string() const { return text("(", height, ", ", width, ")"); }

  /// Throws ValueError unless both are at least 1, and below 2^31.
  void validate(std::string_view layer, std::string_view option) const {
    require<ValueError>(height >= 1 && width >= 1, layer, ": expected ", option, " of 1 or more, got ", *this);
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    require<ValueError>(height <= most && width <= most, layer, ": expected ", option, " below 2^31, got ", *this);
  }
};

constexpr Size2D::Size2D(std::int64_t rows, std::int64_t columns) : height(rows), width(columns) {}

inline ConfigValue to_config_value(const Size2D& size) { return ConfigList{size.height, size.width}; }
inline void from_config_value(const ConfigValue& value, Size2D& out) {
  if (const auto* both = value.get_if<std::int64_t>()) {
    out = Size2D(*both);
    return;
  }
  const auto& pair = config_get<ConfigList>(value, "one number or two");
  require<ValueError>(pair.size() == 2, "expected one number or two, got ", value);
  from_config_value(pair[0], out.height);
  from_config_value(pair[1], out.width);
}

/// What happens at the edges: "valid" uses whole windows only, "same" pads with zeros so that a stride of 1 keeps the
/// size (the odd cell goes to the bottom and the right).
class Padding {
 public:
  enum Kind : std::uint8_t { valid, same };

  constexpr Padding(Kind kind = valid) : kind_(kind) {}
  /// By Keras' name. Throws ValueError for another.
  Padding(std::string_view name) : kind_(name == "same" ? same : valid) {
    require<ValueError>(name == "same" || name == "valid", "padding: expected valid or same, got \"", name, "\"");
  }
  Padding(const std::string& name) : Padding(std::string_view(name)) {}
  Padding(const char* name) : Padding(std::string_view(name)) {}

  constexpr Kind kind() const { return kind_; }
  std::string to_string() const { return kind_ == same ? "same" : "valid"; }
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
    } else {
      positions = size < reach ? 0 : (size - reach) / stride + 1;
    }
  }
};

/// Throws ShapeError unless `input` is (height, width, channels).
inline void require_image(const Shape& input) {
  require<ShapeError>(input.rank() == 3, "expected rank 3 (height, width, channels), got ", input,
                      input.rank() == 2 ? "; add Reshape({height, width, 1}) before it" : "");
}

/// Throws ShapeError where no window fits into `input`.
inline void require_positions(const Shape& input, const Size2D& window, const Window& rows, const Window& columns) {
  require<ShapeError>(rows.positions > 0 && columns.positions > 0, "expected an input at least as large as the window ",
                      window, ", got ", input, "; use padding \"same\" or a smaller window");
}

}  // namespace nacre
