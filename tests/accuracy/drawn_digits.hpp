#pragma once
// Pictures of digits as people take and draw them, made from MNIST's by program: on paper of all kinds, in any light.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/plane.hpp>

namespace nacre::testing {

using datasets::detail::Plane;
using Colour = std::array<double, 3>;  ///< how much red, green and blue light comes back, 0 to 1

/// A way to draw: on what, with what, in which light. What has a "least" and a "most" is drawn again for every picture.
struct Way {
  std::string name;
  int height = 280;    ///< of the picture, in pixels
  int width = 280;     ///<
  double size = 0.75;  ///< of MNIST's 28 x 28 frame, as a share of the picture's smaller side
  Colour paper{0.92, 0.92, 0.92};
  Colour ink{0.12, 0.12, 0.12};
  double turn = 0;             ///< by at most as many degrees, to either side
  double wider = 0;            ///< strokes, by as many of MNIST's pixels
  double pen = 0;              ///< instead, the strokes' middle is drawn with a pen of as many of MNIST's pixels
  bool anywhere = false;       ///< instead of in the middle
  double noise = 0;            ///< standard deviation of a pixel's light
  double salt_and_pepper = 0;  ///< share of pixels that are black or white
  double gradient = 0;         ///< share of light that one side of the picture loses
  double shadow = 0;           ///< share of light that is missing beyond an edge through the picture
  double crumples = 0;         ///< share of light that creases take away
  int ruled = 0;               ///< lines across the picture
  bool squared = false;        ///< as many lines down
  Colour line{0.55, 0.65, 0.85};
  double tilt = 0;           ///< of the lines, by at most as many degrees
  int specks = 0;            ///< of dirt
  double gap = 0;            ///< width of a gap in the strokes, in MNIST's pixels
  bool table = false;        ///< a dark table next to the paper
  bool transparent = false;  ///< ink alone, without paper
  int jpeg_quality = 0;      ///< where the picture is to be a JPEG file
};

/// The ways that prepare_digit has to survive.
inline std::vector<Way> ways() {
  const Colour white{0.95, 0.95, 0.95};
  const Colour black{0.06, 0.06, 0.06};
  const Colour pencil{0.66, 0.66, 0.68};
  const Colour blue{0.13, 0.2, 0.6};
  return {
      {.name = "plain"},
      {.name = "light on dark", .paper = black, .ink = white},
      {.name = "thin lines", .pen = 1.2},
      {.name = "very thin lines", .height = 500, .width = 500, .pen = 0.5},
      {.name = "bold lines", .wider = 1.2},
      {.name = "marker", .size = 0.9, .wider = 1.8},
      {.name = "turned", .turn = 15},
      {.name = "noise", .noise = 0.12},
      {.name = "strong noise", .noise = 0.3},
      {.name = "salt and pepper", .salt_and_pepper = 0.04},
      {.name = "gradient", .gradient = 0.65},
      {.name = "gradient, light on dark", .paper = {0.25, 0.25, 0.25}, .ink = white, .gradient = 0.6},
      {.name = "edge of a shadow", .shadow = 0.5},
      {.name = "crumpled paper", .noise = 0.02, .crumples = 0.2},
      {.name = "ruled paper", .height = 400, .width = 400, .size = 0.6, .ink = blue, .ruled = 8},
      {.name = "ruled paper, lines as dark as ink",
       .height = 400,
       .width = 500,
       .size = 0.6,
       .ruled = 6,
       .line = {0.15, 0.15, 0.2},
       .tilt = 3},
      {.name = "squared paper",
       .height = 400,
       .width = 400,
       .size = 0.7,
       .ink = blue,
       .ruled = 12,
       .squared = true,
       .tilt = 2},
      {.name = "off-centre", .height = 400, .width = 600, .size = 0.35, .anywhere = true},
      {.name = "far away", .height = 900, .width = 1200, .size = 0.16, .anywhere = true, .noise = 0.03},
      {.name = "20 pixels", .height = 20, .width = 20, .size = 1.1},
      {.name = "32 pixels", .height = 32, .width = 32, .size = 0.9},
      {.name = "wide", .height = 150, .width = 600, .size = 0.9, .anywhere = true},
      {.name = "tall", .height = 600, .width = 180, .size = 0.9, .anywhere = true},
      {.name = "cut close", .size = 1.2},
      {.name = "transparent, dark ink", .transparent = true},
      {.name = "transparent, light ink", .ink = white, .transparent = true},
      {.name = "pencil", .ink = pencil, .pen = 1.2, .noise = 0.03, .gradient = 0.3},
      {.name = "red on white", .ink = {0.8, 0.15, 0.15}},
      {.name = "yellow on white", .ink = {0.95, 0.9, 0.2}},
      {.name = "blue on red", .paper = {0.8, 0.3, 0.25}, .ink = blue},
      {.name = "chalk", .paper = {0.16, 0.25, 0.2}, .ink = {0.85, 0.85, 0.8}, .noise = 0.06, .gradient = 0.3},
      {.name = "specks", .specks = 40},
      {.name = "broken strokes", .gap = 0.8},
      {.name = "paper on a table", .height = 480, .width = 640, .size = 0.5, .gradient = 0.2, .table = true},
      {.name = "JPEG of quality 20", .jpeg_quality = 20},
      {.name = "photo",
       .height = 900,
       .width = 1200,
       .size = 0.4,
       .paper = {0.85, 0.83, 0.78},
       .ink = blue,
       .turn = 8,
       .pen = 1.5,
       .anywhere = true,
       .noise = 0.04,
       .gradient = 0.4,
       .shadow = 0.35,
       .crumples = 0.08,
       .ruled = 14,
       .line = {0.6, 0.66, 0.8},
       .tilt = 3,
       .specks = 6,
       .jpeg_quality = 60},
  };
}

/// The random numbers of one picture, one after the other.
class Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t picture) : numbers_(seed, Purpose::user, picture) {}

  double uniform(double low, double high) { return low + (high - low) * numbers_.uniform(next_++); }
  double normal() { return numbers_.normal((next_ += 2) / 2); }

 private:
  RandomStream numbers_;
  std::uint64_t next_ = 0;
};

/// Strokes one pixel wide, from where a plane is more than half: Zhang and Suen, "A fast parallel algorithm for
/// thinning digital patterns", Communications of the ACM 27 (1984).
inline Plane thinned(Plane plane) {
  for (float& value : plane.values) value = value > 0.5f;
  const auto is_ink = [&](int y, int x) { return plane.or_zero(y, x) > 0; };
  for (bool changed = true; changed;) {
    changed = false;
    for (const bool second : {false, true}) {
      std::vector<std::size_t> gone;
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          if (!is_ink(y, x)) continue;
          const std::array<bool, 8> around{is_ink(y - 1, x),     is_ink(y - 1, x + 1), is_ink(y, x + 1),
                                           is_ink(y + 1, x + 1), is_ink(y + 1, x),     is_ink(y + 1, x - 1),
                                           is_ink(y, x - 1),     is_ink(y - 1, x - 1)};
          int neighbours = 0;
          int turns = 0;
          for (std::size_t i = 0; i < 8; ++i) {
            neighbours += around[i];
            turns += !around[i] && around[(i + 1) % 8];
          }
          const bool edge = second ? !(around[0] && around[2] && around[6]) && !(around[0] && around[4] && around[6])
                                   : !(around[0] && around[2] && around[4]) && !(around[2] && around[4] && around[6]);
          if (neighbours >= 2 && neighbours <= 6 && turns == 1 && edge) gone.push_back(plane.index(y, x));
        }
      }
      for (const std::size_t pixel : gone) plane.values[pixel] = 0;
      changed = changed || !gone.empty();
    }
  }
  return plane;
}

/// One of MNIST's digits on a way's paper.
class Drawing {
 public:
  Drawing(const Way& way, const std::uint8_t* digit, Chance chance) : way_(way), chance_(chance) {
    place();
    for (int y = 0; y < 28; ++y) {
      for (int x = 0; x < 28; ++x) digit_.at(y, x) = static_cast<float>(digit[28 * y + x]) / 255;
    }
    ink_ = Plane(way.height, way.width);
    light_ = Plane(way.height, way.width, 1);
    way.pen > 0 ? draw_with_pen() : draw_ink();
    if (way.gap > 0) break_strokes();
    add_specks();
    draw_lines();
    light_gradient();
    light_shadow();
    light_creases();
  }

  Image image() {
    const bool grey = way_.paper[0] == way_.paper[2] && way_.ink[0] == way_.ink[2] && way_.ruled == 0;
    const int colours = grey ? 1 : 3;
    Image image(way_.height, way_.width, colours + way_.transparent);
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        const double noise = way_.noise > 0 ? way_.noise * chance_.normal() : 0;
        const double odd = way_.salt_and_pepper > 0 ? chance_.uniform(0, 1) : 1;
        for (int c = 0; c < colours; ++c) {
          double light = way_.transparent ? way_.ink[static_cast<std::size_t>(c)] : light_at(y, x, c) + noise;
          if (odd < way_.salt_and_pepper) light = odd < way_.salt_and_pepper / 2 ? 0 : 1;
          image.at(y, x, c) = byte(light);
        }
        if (way_.transparent) image.at(y, x, colours) = byte(ink_.at(y, x));
      }
    }
    return image;
  }

 private:
  static std::uint8_t byte(double value) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0, 1.0)));
  }

  double light_at(int y, int x, int c) const {
    const auto colour = static_cast<std::size_t>(c);
    const double ink = ink_.at(y, x);
    double paper = way_.paper[colour];
    if (!lines_.values.empty()) paper += lines_.at(y, x) * (way_.line[colour] - paper);
    if (way_.table && x < edge_ + 0.1 * y) return 0.2 * light_.at(y, x);
    return light_.at(y, x) * (paper + ink * (way_.ink[colour] - paper));
  }

  /// Where the digit's frame lies, how large it is and how it is turned.
  void place() {
    scale_ = way_.size * std::min(way_.height, way_.width) / 28;
    const double angle = way_.turn * std::numbers::pi / 180 * (chance_.uniform(0, 1) < 0.5 ? -1 : 1);
    cosine_ = std::cos(angle * chance_.uniform(0.6, 1));
    sine_ = std::copysign(std::sqrt(1 - cosine_ * cosine_), angle);
    const double room = 11 * scale_;
    edge_ = way_.table ? 0.2 * way_.width : 0;
    down_ = way_.anywhere ? chance_.uniform(room, way_.height - room) : way_.height / 2.0;
    across_ = way_.anywhere ? chance_.uniform(room, way_.width - room) : way_.width / 2.0 + edge_ / 2;
  }

  /// MNIST's digit at a point of the picture, between its pixels linearly.
  double digit_at(double y, double x) const {
    const double u = (cosine_ * (x - across_) + sine_ * (y - down_)) / scale_ + 13.5;
    const double v = (cosine_ * (y - down_) - sine_ * (x - across_)) / scale_ + 13.5;
    const int left = static_cast<int>(std::floor(u));
    const int top = static_cast<int>(std::floor(v));
    const double a = u - left;
    const double b = v - top;
    return (1 - b) * ((1 - a) * digit_.or_zero(top, left) + a * digit_.or_zero(top, left + 1)) +
           b * ((1 - a) * digit_.or_zero(top + 1, left) + a * digit_.or_zero(top + 1, left + 1));
  }

  /// Ink has sharp edges however large it is drawn: where MNIST's digit, perhaps with wider strokes, is more than half.
  void draw_ink() {
    const double reach = way_.wider / 2 * scale_;
    const double sharpness = std::max(1.0, scale_ / 2);
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        double value = digit_at(y + 0.5, x + 0.5);
        for (int direction = 0; reach > 0 && direction < 12; ++direction) {
          const double angle = direction * std::numbers::pi / 6;
          value = std::max(value, digit_at(y + 0.5 + reach * std::sin(angle), x + 0.5 + reach * std::cos(angle)));
        }
        // Too small for sharp edges, MNIST's own grey levels stay.
        ink_.at(y, x) =
            static_cast<float>(scale_ < 1.5 ? value : std::clamp((value - 0.5) * sharpness + 0.5, 0.0, 1.0));
      }
    }
  }

  /// Follows the middle of MNIST's strokes with a pen.
  void draw_with_pen() {
    const Plane thin = thinned(resized(digit_, 28 * fineness, 28 * fineness));
    const double radius = std::max(way_.pen / 2 * scale_, 0.6);
    for (int v = 0; v < thin.height; ++v) {
      for (int u = 0; u < thin.width; ++u) {
        if (thin.at(v, u) == 0) continue;
        const double right = scale_ * ((u + 0.5) / fineness - 14);
        const double below = scale_ * ((v + 0.5) / fineness - 14);
        press(down_ + sine_ * right + cosine_ * below, across_ + cosine_ * right - sine_ * below, radius);
      }
    }
  }

  void press(double down, double across, double radius) {
    const auto first = [&](double place) { return std::max(0, static_cast<int>(place - radius - 1)); };
    const auto last = [&](double place, int size) { return std::min(size, static_cast<int>(place + radius + 2)); };
    for (int y = first(down); y < last(down, way_.height); ++y) {
      for (int x = first(across); x < last(across, way_.width); ++x) {
        const double inside = radius - std::hypot(y + 0.5 - down, x + 0.5 - across) + 0.5;
        ink_.at(y, x) = std::max(ink_.at(y, x), static_cast<float>(std::clamp(inside, 0.0, 1.0)));
      }
    }
  }

  /// A gap through the middle, as pens leave that run dry.
  void break_strokes() {
    const double angle = chance_.uniform(0, std::numbers::pi);
    const double offset = chance_.uniform(-4, 4);
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        const double away = ((x - across_) * std::cos(angle) + (y - down_) * std::sin(angle)) / scale_ - offset;
        if (std::abs(away) < way_.gap / 2) ink_.at(y, x) = 0;
      }
    }
  }

  void add_specks() {
    for (int speck = 0; speck < way_.specks; ++speck) {
      const double down = chance_.uniform(0, way_.height);
      const double across = chance_.uniform(0, way_.width);
      const double radius = chance_.uniform(0.2, 0.7) * scale_;
      for (int y = 0; y < way_.height; ++y) {
        for (int x = 0; x < way_.width; ++x) {
          if (std::hypot(y - down, x - across) < radius) ink_.at(y, x) = 1;
        }
      }
    }
  }

  void draw_lines() {
    if (way_.ruled == 0) return;
    lines_ = Plane(way_.height, way_.width);
    const double distance = static_cast<double>(way_.height) / way_.ruled;
    const double width = std::max(1.0, 0.035 * distance);
    const double slope = std::tan(way_.tilt * std::numbers::pi / 180) * chance_.uniform(-1, 1);
    const double phase = chance_.uniform(0, distance);
    const auto line = [&](double place) {
      const double away = std::abs(std::remainder(place - phase, distance)) - width / 2;
      return std::clamp(0.5 - away, 0.0, 1.0);
    };
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        const double down = line(y + slope * x);
        lines_.at(y, x) = static_cast<float>(way_.squared ? std::max(down, line(x - slope * y)) : down);
      }
    }
  }

  void light_gradient() {
    const double angle = chance_.uniform(0, 2 * std::numbers::pi);
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        const double along = (x - way_.width / 2.0) / way_.width * std::cos(angle) +
                             (y - way_.height / 2.0) / way_.height * std::sin(angle);
        light_.at(y, x) *= static_cast<float>(1 - way_.gradient * std::clamp(0.5 + along, 0.0, 1.0));
      }
    }
  }

  void light_shadow() {
    const double angle = chance_.uniform(0, 2 * std::numbers::pi);
    const double offset = chance_.uniform(-0.2, 0.2) * way_.width;
    const double softness = 0.015 * way_.width;
    for (int y = 0; y < way_.height; ++y) {
      for (int x = 0; x < way_.width; ++x) {
        const double away =
            (x - way_.width / 2.0) * std::cos(angle) + (y - way_.height / 2.0) * std::sin(angle) - offset;
        light_.at(y, x) *= static_cast<float>(1 - way_.shadow * std::clamp(0.5 + away / softness, 0.0, 1.0));
      }
    }
  }

  /// Facets that meet in creases: each crease is a line beyond which the paper leans another way.
  void light_creases() {
    for (int crease = 0; way_.crumples > 0 && crease < 12; ++crease) {
      const double angle = chance_.uniform(0, 2 * std::numbers::pi);
      const double offset = chance_.uniform(-0.5, 0.5) * way_.width;
      const double fall = chance_.uniform(0.1, 0.5) * way_.width;
      const double depth = chance_.uniform(0, way_.crumples);
      for (int y = 0; y < way_.height; ++y) {
        for (int x = 0; x < way_.width; ++x) {
          const double away =
              (x - way_.width / 2.0) * std::cos(angle) + (y - way_.height / 2.0) * std::sin(angle) - offset;
          if (away > 0) light_.at(y, x) *= static_cast<float>(1 - depth * std::max(0.0, 1 - away / fall));
        }
      }
    }
  }

  static constexpr int fineness = 8;  ///< of a pen's way, in parts of MNIST's pixels

  const Way& way_;
  Chance chance_;
  double scale_ = 1;
  double cosine_ = 1;
  double sine_ = 0;
  double down_ = 0;
  double across_ = 0;
  double edge_ = 0;
  Plane digit_{28, 28};
  Plane ink_;
  Plane lines_;
  Plane light_;
};

}  // namespace nacre::testing
