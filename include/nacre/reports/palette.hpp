#pragma once
// Colours that every reader can tell apart, on light and on dark: Okabe and Ito, "Color universal design" (2008).

#include <nacre/core/version.hpp>

#include <cstdint>
#include <string_view>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports::detail {

/// A colour in sRGB.
struct Colour {
  std::uint8_t red;
  std::uint8_t green;
  std::uint8_t blue;
};

/// What pictures are drawn with: they have one look, for light pages and dark ones.
namespace palette {
inline constexpr Colour surface{38, 44, 52};
inline constexpr Colour track{62, 70, 81};
inline constexpr Colour ink{236, 240, 244};
inline constexpr Colour muted{168, 178, 189};
inline constexpr Colour blue{86, 180, 233};
inline constexpr Colour orange{230, 159, 0};
}  // namespace palette

/// What charts are drawn with: they follow the reader's choice of light or dark, and have their own background, so that
/// they can be read where the page does not follow it. The classes: ink, muted and faint for text; surface for the
/// ground, well for a hollow in it; grid and axis for straight lines, blue-line, orange-line, green-line and
/// purple-line for curves; blue, orange, green and purple fill an area, heat-blue and heat-orange one that is written
/// on: with ink where it is pale, on-heat where it is deep.
inline constexpr std::string_view chart_style =
    ".nacre .surface{fill:#fff;stroke:#d0d7de}"
    ".nacre .ink{fill:#1f2328}.nacre .muted{fill:#59636e}.nacre .faint{fill:#afb8c1}.nacre .strong{font-weight:600}"
    ".nacre .grid,.nacre .axis{shape-rendering:crispEdges}.nacre .grid{stroke:#e6eaef}"
    ".nacre .axis{stroke:#8c959f}.nacre .track{fill:#eaeef2}"
    ".nacre .blue{fill:#0072b2}.nacre .orange{fill:#d55e00}.nacre .green{fill:#00795a}.nacre .purple{fill:#9c4a80}"
    ".nacre .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}"
    ".nacre .blue-line{stroke:#0072b2}.nacre .orange-line{stroke:#d55e00}.nacre .ink-line{stroke:#1f2328}"
    ".nacre .green-line{stroke:#00795a}.nacre .purple-line{stroke:#9c4a80}"
    ".nacre .dashed{stroke-dasharray:3 3}.nacre .hollow{fill:#fff}.nacre .ring{stroke-width:2}"
    ".nacre .well{fill:#f6f8fa}.nacre .heat-blue{fill:#005f96}.nacre .heat-orange{fill:#b84e00}"
    ".nacre .on-heat{fill:#fff}"
    "@media (prefers-color-scheme:dark){"
    ".nacre .surface{fill:#0d1117;stroke:#30363d}"
    ".nacre .ink{fill:#e6edf3}.nacre .muted{fill:#9da7b3}.nacre .faint{fill:#545d68}"
    ".nacre .grid{stroke:#252b34}.nacre .axis{stroke:#768390}.nacre .track{fill:#21262d}"
    ".nacre .blue{fill:#56b4e9}.nacre .orange{fill:#e69f00}.nacre .green{fill:#3fc89b}.nacre .purple{fill:#dd9ac2}"
    ".nacre .blue-line{stroke:#56b4e9}.nacre .orange-line{stroke:#e69f00}.nacre .ink-line{stroke:#e6edf3}"
    ".nacre .green-line{stroke:#3fc89b}.nacre .purple-line{stroke:#dd9ac2}"
    ".nacre .hollow{fill:#0d1117}.nacre .well{fill:#161b22}.nacre .heat-blue{fill:#0072b2}"
    ".nacre .heat-orange{fill:#b84e00}.nacre .on-heat{fill:#fff}}";

}  // namespace nacre::reports::detail
