#pragma once
// The bodies of synthetic_digits.hpp: how a digit is drawn.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/random.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/pictures/mnist_frame.hpp>
#include <nacre/synthetic/digit_strokes.hpp>
#include <nacre/synthetic/synthetic_digits.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// The random numbers of one image, drawn one after the other.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t image)
      : uniforms_(seed, Purpose::data, 0xD16175), normals_(seed, Purpose::data, 0xD16176), next_(image * draws) {}

  /// Uniform in [low, high).
  double uniform(double low = 0, double high = 1) { return low + (high - low) * uniforms_.uniform(next_++); }

  /// Normal with a mean and a standard deviation.
  double normal(double mean = 0, double deviation = 1) { return mean + deviation * normals_.normal(next_++); }

 private:
  // More than an image needs, so that no two images share a number.
  static constexpr std::uint64_t draws = 256;

  RandomStream uniforms_;
  RandomStream normals_;
  std::uint64_t next_;
};

/// A knot on its way from the style to the paper.
struct PenPoint {
  double x;
  double y;
  Pen pen;
};

/// A point on the pen's way, to which a straight line leads from the point before; its width changes evenly.
struct InkPoint {
  double x;
  double y;
  double radius;
  bool starts;  ///< The pen is put down here: no line leads to this point.
};

using Box = std::array<float, framed_side * framed_side>;

/// One of the digit's forms, by their shares.
inline const Form& choose_form(std::span<const Form> forms, Dice& dice) {
  double total = 0;
  for (const Form& form : forms) total += form.share;
  double left = dice.uniform(0, total);
  for (const Form& form : forms) {
    left -= form.share;
    if (left < 0) return form;
  }
  return forms.back();
}

/// A random mixture of the form's examples. The digit is about one high.
inline List<PenPoint> mix_examples(const Form& form, Dice& dice) {
  std::vector<double> weights(form.examples);
  for (double& weight : weights) {
    const double spread = -std::log(1.0 - dice.uniform());
    weight = spread * spread * spread;  // Cubed, so that most mixtures lie near one example or between two.
  }
  const double total = std::accumulate(weights.begin(), weights.end(), 1e-9);
  List<PenPoint> points(form.size());
  for (std::size_t knot = 0; knot < points.size(); ++knot) {
    points[knot] = {0, 0, form.knots[knot].pen};
    for (std::size_t example = 0; example < form.examples; ++example) {
      const Knot& from = form.knots[example * form.size() + knot];
      points[knot].x += weights[example] / total * from.x / 100;
      points[knot].y += weights[example] / total * from.y / 100;
    }
  }
  return points;
}

/// What no two people, and no two tries of one, do alike: an unsteady hand at every knot, parts that come out larger or
/// lower than others, a bend of the whole, and then proportion, slant and tilt.
inline void distort(List<PenPoint>& points, bool is_one, Dice& dice) {
  const double unsteadiness = 0.015 + 0.05 * dice.uniform() * dice.uniform();
  const double squeeze = dice.normal(0, 0.25);
  const double widening = dice.normal(0, 0.25);
  const double bend_x = dice.normal(0, 0.07);
  const double bend_y = dice.normal(0, 0.07);
  const double phase_x = dice.uniform(0, 2 * std::numbers::pi);
  const double phase_y = dice.uniform(0, 2 * std::numbers::pi);
  const double aspect = std::exp(dice.normal(-0.07, 0.22));
  const double slant = is_one ? dice.normal(0.2, 0.25) : dice.normal(0.12, 0.22);
  const double tilt = dice.normal(0, 0.1);
  const double cosine = std::cos(tilt);
  const double sine = std::sin(tilt);
  for (PenPoint& point : points) {
    double x = point.x - 0.5 + dice.normal(0, unsteadiness);
    double y = point.y - 0.5 + dice.normal(0, unsteadiness);
    y += squeeze * (0.25 - y * y);
    x *= 1 + widening * 2 * y;
    const double waved_x = x + bend_x * std::sin(5 * y + phase_x);
    const double waved_y = y + bend_y * std::sin(5 * x + phase_y);
    x = aspect * waved_x - slant * waved_y;
    y = waved_y;
    point.x = cosine * x - sine * y;
    point.y = sine * x + cosine * y;
  }
}

/// Follows the pen: Catmull-Rom splines through the knots, which break where the pen turns. Radii are left at zero.
inline List<InkPoint> trace(const List<PenPoint>& points) {
  constexpr int steps = 6;
  List<InkPoint> ink;
  ink.reserve(points.size() * steps);
  ink.push_back({points[0].x, points[0].y, 0, true});
  for (std::size_t to = 1; to < points.size(); ++to) {
    const PenPoint& b = points[to - 1];
    const PenPoint& c = points[to];
    if (c.pen == Pen::down) {
      ink.push_back({c.x, c.y, 0, true});
      continue;
    }
    const bool begins = b.pen != Pen::glide;
    const bool ends = c.pen == Pen::turn || to + 1 == points.size() || points[to + 1].pen == Pen::down;
    const PenPoint& a = begins ? b : points[to - 2];
    const PenPoint& d = ends ? c : points[to + 1];
    for (int step = 1; step <= steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      const double weight_a = t * (t * (2 - t) - 1) / 2;
      const double weight_b = (t * t * (3 * t - 5) + 2) / 2;
      const double weight_c = t * (t * (4 - 3 * t) + 1) / 2;
      const double weight_d = t * t * (t - 1) / 2;
      ink.push_back({weight_a * a.x + weight_b * b.x + weight_c * c.x + weight_d * d.x,
                     weight_a * a.y + weight_b * b.y + weight_c * c.y + weight_d * d.y, 0, false});
    }
  }
  return ink;
}

/// Scales the ink into the box, keeping its proportions, with lines about `width` pixels wide.
inline void fit(List<InkPoint>& ink, double width) {
  const auto [left, right] = std::minmax_element(ink.begin(), ink.end(), [](auto& a, auto& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(ink.begin(), ink.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const double centre_x = (left->x + right->x) / 2;
  const double centre_y = (top->y + bottom->y) / 2;
  const double scale = (framed_side - width) / std::max({right->x - left->x, bottom->y - top->y, 0.1});
  for (InkPoint& point : ink) {
    point.x = framed_side / 2.0 + scale * (point.x - centre_x);
    point.y = framed_side / 2.0 + scale * (point.y - centre_y);
  }
}

/// Presses harder here and lighter there.
inline void press(List<InkPoint>& ink, double width, Dice& dice) {
  const double change = dice.uniform(0, 0.25);
  const double phase = dice.uniform(0, 2 * std::numbers::pi);
  const double pace = dice.uniform(0.05, 0.3);
  for (std::size_t index = 0; index < ink.size(); ++index) {
    ink[index].radius = width / 2 * (1 + change * std::sin(phase + pace * static_cast<double>(index)));
  }
}

/// Lays the ink on the box: each pixel becomes the part of it that is covered, where edges are `softness` pixels wide.
inline Box lay(const List<InkPoint>& ink, double softness) {
  Box depth;  // How far inside the ink a pixel's centre lies.
  depth.fill(-100.0f);
  for (std::size_t index = 1; index < ink.size(); ++index) {
    const InkPoint& b = ink[index];
    const InkPoint& a = b.starts ? b : ink[index - 1];
    const auto dx = static_cast<float>(b.x - a.x);
    const auto dy = static_cast<float>(b.y - a.y);
    const float square = std::max(dx * dx + dy * dy, 1e-12f);
    const double reach = std::max(a.radius, b.radius) + softness;
    const auto pixel = [](double place) { return std::clamp(static_cast<int>(std::floor(place)), 0, framed_side - 1); };
    const int last_row = pixel(std::max(a.y, b.y) + reach);
    const int last_column = pixel(std::max(a.x, b.x) + reach);
    for (int row = pixel(std::min(a.y, b.y) - reach); row <= last_row; ++row) {
      for (int column = pixel(std::min(a.x, b.x) - reach); column <= last_column; ++column) {
        const float x = static_cast<float>(column) + 0.5f - static_cast<float>(a.x);
        const float y = static_cast<float>(row) + 0.5f - static_cast<float>(a.y);
        const float along = std::clamp((x * dx + y * dy) / square, 0.0f, 1.0f);
        const float away_x = x - along * dx;
        const float away_y = y - along * dy;
        const float radius = static_cast<float>(a.radius) + along * static_cast<float>(b.radius - a.radius);
        float& deepest = depth[static_cast<std::size_t>(row * framed_side + column)];
        deepest = std::max(deepest, radius - std::sqrt(away_x * away_x + away_y * away_y));
      }
    }
  }
  // More than the 0.5 of an even edge: ink spreads in the paper, which keeps thin lines from fading.
  for (float& value : depth) value = std::clamp(value / static_cast<float>(softness) + 0.6f, 0.0f, 1.0f);
  return depth;
}

/// Puts the box on the empty image so that the centre of its mass comes to the centre of the image.
inline void centre(const Box& box, std::span<std::uint8_t> image) {
  const auto [top, left] = place_in_frame(box, framed_side, framed_side);
  for (int row = 0; row < framed_side; ++row) {
    for (int column = 0; column < framed_side; ++column) {
      const float value = box[static_cast<std::size_t>(row * framed_side + column)];
      image[static_cast<std::size_t>((row + top) * frame_side + column + left)] =
          static_cast<std::uint8_t>(std::lround(value * 255));
    }
  }
}

/// The label of an image: every ten images in a row hold each digit once, in random order.
inline std::uint8_t digit_label(std::uint64_t seed, std::uint64_t image) {
  const RandomStream stream(seed, Purpose::data, 0xD16174);
  std::array<std::uint8_t, 10> digits{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::uint64_t last = 9; last > 0; --last) {
    std::swap(digits[last], digits[stream.below(last + 1, image / 10 * 10 + last)]);
  }
  return digits[image % 10];
}

/// Draws one digit onto an empty image. Never inlined: compiled once, its rounding is the same wherever it is called.
[[gnu::noinline]] inline void draw_digit(std::uint8_t digit, Dice dice, std::span<std::uint8_t> image) {
  List<PenPoint> points = mix_examples(choose_form(digit_forms[digit], dice), dice);
  distort(points, digit == 1, dice);
  List<InkPoint> ink = trace(points);
  const double width = std::clamp(2.2 * std::exp(dice.normal(0, 0.3)), 1.3, 5.0);
  fit(ink, width);
  press(ink, width, dice);
  centre(lay(ink, dice.uniform(0.8, 1.4)), image);
}

}  // namespace detail

NACRE_INLINE DigitImages draw_digits(std::int64_t count, std::uint64_t seed) {
  require<ValueError>(count >= 0, "draw_digits: expected a count of 0 or more, got ", count);
  constexpr std::size_t pixels = detail::frame_side * detail::frame_side;
  const auto size = static_cast<std::size_t>(count);
  DigitImages digits{std::vector<std::uint8_t>(size * pixels), std::vector<std::uint8_t>(size)};
  thread_pool()->run(count, [&](std::int64_t index, int) {
    const auto image = static_cast<std::size_t>(index);
    digits.labels[image] = detail::digit_label(seed, image);
    detail::draw_digit(digits.labels[image], detail::Dice(seed, image),
                       std::span(digits.pixels).subspan(image * pixels, pixels));
  });
  return digits;
}

NACRE_INLINE Dataset synthetic_digits(std::int64_t count, std::uint64_t seed, const SyntheticDigitsOptions& options) {
  DigitImages digits = draw_digits(count, seed);
  const Shape image{detail::frame_side, detail::frame_side, 1};
  const Column pixels(std::move(digits.pixels), count, image);
  const Dataset data(pixels.with_scale(options.scale), Column(std::move(digits.labels), count, Shape{}));
  return options.one_hot ? data.one_hot(10) : data;
}

}  // namespace nacre::datasets
