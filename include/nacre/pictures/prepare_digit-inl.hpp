#pragma once
// The bodies of prepare_digit.hpp: from a picture to one digit's ink.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/digit_frame.hpp>
#include <nacre/pictures/digit_parts.hpp>
#include <nacre/pictures/ink.hpp>
#include <nacre/pictures/picture_light.hpp>
#include <nacre/pictures/plane.hpp>
#include <nacre/pictures/prepare_digit.hpp>
#include <nacre/pictures/ruled_lines.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// What is known of a picture's ink: where paper lies and how much it scatters, and how much ink a stroke has.
struct InkLevels {
  float paper;
  float scatter;
  float stroke;

  float contrast() const { return stroke - paper; }
  bool is_clear(float times) const { return contrast() > times * scatter; }
};

/// Most of a picture is paper, and its darkest thousandth is ink.
inline InkLevels ink_levels(const Plane& ink) {
  const float paper = quantile(ink.values, 0.5);
  return {paper, paper - quantile(ink.values, 0.16), quantile(ink.values, 0.999)};
}

/// The ink with paper at 0 and a stroke at 1, smoothed until strokes stand out of the noise. Throws ValueError where
/// nothing does.
inline Plane clear_ink(Plane ink, double min_contrast) {
  constexpr int most_smoothing = 3;
  constexpr float clear = 8;
  constexpr float just_visible = 5;
  InkLevels levels = ink_levels(ink);
  require<ValueError>(levels.contrast() >= min_contrast,
                      "prepare_digit: expected a digit, found an even picture: ", "ink has to take away ",
                      std::lround(100 * min_contrast), " % of the light (min_contrast), and ",
                      "nothing in it takes away more than ", std::lround(100 * levels.contrast()), " %");
  const Plane sharp = ink;
  for (int radius = 1; radius <= most_smoothing && !levels.is_clear(clear); ++radius) {
    ink = blurred(sharp, radius);
    levels = ink_levels(ink);
  }
  require<ValueError>(levels.is_clear(just_visible), "prepare_digit: expected a digit, found noise: nothing in the ",
                      "picture stands out of it");
  for (float& value : ink.values) value = (value - levels.paper) / levels.contrast();
  return ink;
}

/// Throws ValueError unless the parts make a digit: larger than specks, and much of all ink.
inline void require_digit(const List<InkPart>& digit, const List<InkPart>& all, const Plane& ink, double min_size) {
  const auto mass_of = [](const List<InkPart>& parts) {
    double mass = 0;
    for (const InkPart& part : parts) mass += part.mass;
    return mass;
  };
  int longest = 0;
  for (const InkPart& part : digit) longest = std::max(longest, part.box.longer_side());
  require<ValueError>(longest >= min_size * side_of(ink), "prepare_digit: expected a digit, found nothing larger than ",
                      "specks; if the digit is that small, cut the picture around it");
  require<ValueError>(mass_of(digit) > 0.2 * mass_of(all), "prepare_digit: expected one digit, found ", all.size(),
                      " pieces of ink none of which stands out; cut the picture around the digit");
}

/// The digit's ink alone, from 0 to 1 as in its strokes. Throws ValueError where there is none.
inline Plane digit_ink(const Plane& ink, double min_size) {
  constexpr float threshold = 0.4f;
  const List<InkPart> all = ink_parts(ink, threshold);
  const List<InkPart> parts = digit_parts(all, ink);
  require_digit(parts, all, ink, min_size);
  std::vector<float> strokes;
  Plane digit(ink.height, ink.width);
  for (const InkPart& part : parts) {
    for (const std::size_t pixel : part.pixels) {
      strokes.push_back(ink.values[pixel]);
      digit.values[pixel] = 1;
    }
  }
  digit = dilated(digit, 2);  // around the strokes their blurred edges belong to them, too
  const float full = 0.8f * quantile(std::move(strokes), 0.5);
  for (std::size_t i = 0; i < digit.values.size(); ++i) {
    digit.values[i] *= std::clamp((ink.values[i] / full - 0.2f) / 0.8f, 0.0f, 1.0f);
  }
  return digit;
}

/// The digit in fine pixels, its longer side `framed_side` of MNIST's. Strokes that would fade away between these
/// become two of them wide.
inline Plane fine_digit(const Plane& digit) {
  constexpr int side = framed_side * fineness;
  const double thinnest = 2.0 * box_around(digit).longer_side() / side;
  const int radius = static_cast<int>(std::ceil((thinnest - stroke_width(digit)) / 2));
  const Plane fine = fitted(dilated(digit, radius), side);
  // Room for strokes to grow into.
  constexpr int room = 4 * fineness;
  return cropped(fine, {-room, -room, fine.height + room, fine.width + room});
}

}  // namespace detail

NACRE_INLINE Image prepare_digit(const Image& picture, const PrepareDigitOptions& options) {
  using namespace detail;
  require_picture(picture, "prepare_digit");
  require<ValueError>(options.min_stroke >= 0 && options.min_stroke <= options.max_stroke,
                      "prepare_digit: expected 0 <= min_stroke <= max_stroke, got ", options.min_stroke, " and ",
                      options.max_stroke);
  require<ValueError>(options.min_stroke <= framed_side, "prepare_digit: expected min_stroke <= ", framed_side,
                      ", the pixels that a digit is high or wide, got ", options.min_stroke);
  Plane ink = clear_ink(ink_of(light_of(picture)), options.min_contrast);
  if (options.remove_lines) ink = without_ruled_lines(ink);
  const Plane digit = digit_ink(ink, options.min_size);
  const Plane strokes = with_usual_strokes(fine_digit(digit), options.min_stroke, options.max_stroke);
  return framed(fitted(strokes, framed_side));
}

}  // namespace nacre::datasets
