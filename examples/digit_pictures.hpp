#pragma once
// What predict_digit shows: a preview for terminals, and a picture next to what the network sees of it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>

namespace example {

/// Two rows of grey pixels as one row of half blocks, in the terminal's 24 shades of grey.
inline std::string shaded_row(const nacre::Image& digit, std::int64_t y) {
  const auto shade = [&](std::int64_t row, std::int64_t x) { return 232 + digit.at(row, x) * 23 / 255; };
  std::string line;
  for (std::int64_t x = 0; x < digit.width; ++x) {
    line += nacre::text("\x1b[38;5;", shade(y, x), ";48;5;", shade(y + 1, x), "m▀");
  }
  return line + "\x1b[0m";
}

/// The same where there are no colours: ink or none.
inline std::string plain_row(const nacre::Image& digit, std::int64_t y) {
  constexpr const char* blocks[] = {" ", "▀", "▄", "█"};
  std::string line;
  for (std::int64_t x = 0; x < digit.width; ++x) {
    line += blocks[(digit.at(y, x) > 96) + 2 * (digit.at(y + 1, x) > 96)];
  }
  return line;
}

/// A grey picture of an even number of rows as lines of text, two rows a line.
inline std::vector<std::string> preview(const nacre::Image& digit) {
  const bool colours = isatty(fileno(stdout)) != 0;
  std::vector<std::string> lines;
  for (std::int64_t y = 0; y + 1 < digit.height; y += 2) {
    lines.push_back(colours ? shaded_row(digit, y) : plain_row(digit, y));
  }
  return lines;
}

/// The light of one colour of a pixel; what is transparent lies on grey, where dark and light ink are both seen.
inline double light(const nacre::Image& image, std::int64_t y, std::int64_t x, std::int64_t colour) {
  constexpr double ground = 150;
  const double value = image.at(y, x, image.channels < 3 ? 0 : colour);
  if (image.channels % 2 == 1) return value;
  const double opaque = image.at(y, x, image.channels - 1) / 255.0;
  return opaque * value + (1 - opaque) * ground;
}

/// Draws `image` into the square of `side` pixels whose left edge is `left`, as large as it fits: each pixel is the
/// mean of those that it covers, or the one that it lies in.
inline void draw_into(nacre::Image& canvas, std::int64_t left, std::int64_t side, const nacre::Image& image) {
  const double scale = static_cast<double>(std::max(image.height, image.width)) / static_cast<double>(side);
  const auto length = [&](std::int64_t from) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(from) / scale));
  };
  const std::int64_t height = std::min(side, length(image.height));
  const std::int64_t width = std::min(side, length(image.width));
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t first_row = y * image.height / height;
    const std::int64_t last_row = std::max(first_row + 1, (y + 1) * image.height / height);
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t first = x * image.width / width;
      const std::int64_t last = std::max(first + 1, (x + 1) * image.width / width);
      for (std::int64_t colour = 0; colour < 3; ++colour) {
        double sum = 0;
        for (std::int64_t v = first_row; v < last_row; ++v) {
          for (std::int64_t u = first; u < last; ++u) sum += light(image, v, u, colour);
        }
        const double mean = sum / static_cast<double>((last_row - first_row) * (last - first));
        canvas.at((side - height) / 2 + y, left + (side - width) / 2 + x, colour) = static_cast<std::uint8_t>(mean);
      }
    }
  }
}

/// The picture on the left, and on the right what the network sees of it.
inline nacre::Image side_by_side(const nacre::Image& picture, const nacre::Image& digit) {
  constexpr std::int64_t side = 336;  // 12 pixels for each of the digit's
  constexpr std::int64_t between = 12;
  nacre::Image canvas(side, 2 * side + between, 3, 255);
  draw_into(canvas, 0, side, picture);
  draw_into(canvas, side + between, side, digit);
  return canvas;
}

}  // namespace example
