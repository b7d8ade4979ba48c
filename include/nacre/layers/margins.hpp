#pragma once
// Cells before and after those of each axis: what padding adds and cropping takes away.

#include <cstdint>
#include <string_view>
#include <utility>

#include <nacre/core/config.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/spatial.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Cells before and after those of an axis; one number stands for both.
struct Margin {
  std::int64_t before = 0;
  std::int64_t after = 0;

  constexpr Margin() = default;
  constexpr Margin(std::int64_t both) : before(both), after(both) {}
  constexpr Margin(std::int64_t before, std::int64_t after);
  friend constexpr bool operator==(const Margin&, const Margin&) = default;

  std::int64_t sum() const { return before + after; }
};
using Margin1D = Margin;

/// The margins of an image; one stands for both: `1`, `{1, 2}` for 1 above and below and 2 at the sides, or
/// `{{1, 0}, {2, 3}}`.
struct Margin2D {
  Margin height;
  Margin width;

  constexpr Margin2D(std::int64_t all = 0) : height(all), width(all) {}
  constexpr Margin2D(Margin height, Margin width);
  friend constexpr bool operator==(const Margin2D&, const Margin2D&) = default;
};

/// The margins of a volume; one stands for all.
struct Margin3D {
  Margin depth;
  Margin height;
  Margin width;

  constexpr Margin3D(std::int64_t all = 0) : depth(all), height(all), width(all) {}
  constexpr Margin3D(Margin depth, Margin height, Margin width);
  friend constexpr bool operator==(const Margin3D&, const Margin3D&) = default;
};

constexpr Margin::Margin(std::int64_t first, std::int64_t last) : before(first), after(last) {}
constexpr Margin2D::Margin2D(Margin rows, Margin columns) : height(rows), width(columns) {}
constexpr Margin3D::Margin3D(Margin planes, Margin rows, Margin columns)
    : depth(planes), height(rows), width(columns) {}

// As Keras writes them: [before, after] of a sequence, and a list of such pairs otherwise. A number stands for both of
// a pair, and for all of a list.

ConfigValue to_config_value(const Margin1D& margin);
ConfigValue to_config_value(const Margin2D& margin);
ConfigValue to_config_value(const Margin3D& margin);
void from_config_value(const ConfigValue& value, Margin1D& out);
void from_config_value(const ConfigValue& value, Margin2D& out);
void from_config_value(const ConfigValue& value, Margin3D& out);

namespace detail {

constexpr Margin3D in_3d(const Margin1D& margin) { return {0, 0, margin}; }
constexpr Margin3D in_3d(const Margin2D& margin) { return {0, margin.height, margin.width}; }
constexpr Margin3D in_3d(const Margin3D& margin) { return margin; }

template <class Margins>
inline constexpr std::size_t axes_within = sizeof(Margins) / sizeof(Margin);

/// Throws ValueError for a negative number of cells, or of 2^31 or more.
void validate_margins(std::string_view layer, std::string_view option, const Margin3D& margins);

/// The volume with these margins around it, or without them.
Volume with_margins(const Volume& volume, const Margin3D& margins);
Volume without_margins(const Volume& volume, const Margin3D& margins);

/// Copies what lies within the margins of a volume of `outer` from or to the volume `inner` that has it alone.
template <class T>
void copy_inner(const Volume& outer, const Margin3D& margins, const T* from, T* to, bool from_outer) {
  const Volume inner = without_margins(outer, margins);
  const std::int64_t row = inner.size.width * inner.channels;
  for (std::int64_t z = 0; z < inner.size.depth; ++z) {
    for (std::int64_t y = 0; y < inner.size.height; ++y) {
      const std::int64_t outer_row = (z + margins.depth.before) * outer.size.height + y + margins.height.before;
      const std::int64_t in_outer = (outer_row * outer.size.width + margins.width.before) * outer.channels;
      const std::int64_t in_inner = (z * inner.size.height + y) * row;
      std::copy_n(from + (from_outer ? in_outer : in_inner), row, to + (from_outer ? in_inner : in_outer));
    }
  }
}

/// All samples with zeros around them.
template <class T>
void add_margins(const LayerStep<T>& step, const Volume& outer, const Margin3D& margins, const T* inner, T* padded) {
  const std::int64_t size = without_margins(outer, margins).elements();
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    T* to = padded + sample * outer.elements();
    std::fill_n(to, outer.elements(), T(0));
    copy_inner(outer, margins, inner + sample * size, to, false);
  });
}

/// All samples without what is around them.
template <class T>
void remove_margins(const LayerStep<T>& step, const Volume& outer, const Margin3D& margins, const T* padded, T* inner) {
  const std::int64_t size = without_margins(outer, margins).elements();
  step.parallel(step.batch(), [&](std::int64_t sample, T*) {
    copy_inner(outer, margins, padded + sample * outer.elements(), inner + sample * size, true);
  });
}

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/margins-inl.hpp>
#endif
