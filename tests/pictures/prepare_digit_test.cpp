#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/random.hpp>
#include <nacre/pictures/prepare_digit.hpp>

#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;
using datasets::prepare_digit;

namespace {

void fill(Image& image, std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width,
          std::uint8_t value) {
  for (std::int64_t y = top; y < top + height; ++y) {
    for (std::int64_t x = left; x < left + width; ++x) image.at(y, x) = value;
  }
}

/// An upright 7 of 120 x 80 pixels with strokes of 16, dark on light.
Image seven(std::int64_t height = 240, std::int64_t width = 300, std::int64_t top = 60, std::int64_t left = 110) {
  Image image(height, width, 1, 230);
  fill(image, top, left, 16, 80, 30);
  fill(image, top, left + 64, 120, 16, 30);
  return image;
}

Image inverted(Image image) {
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(255 - value);
  return image;
}

/// The first and last row and column with ink.
struct Extent {
  std::int64_t top = 28;
  std::int64_t bottom = -1;
  std::int64_t left = 28;
  std::int64_t right = -1;
};

Extent extent_of(const Image& digit) {
  Extent extent;
  for (std::int64_t y = 0; y < 28; ++y) {
    for (std::int64_t x = 0; x < 28; ++x) {
      if (digit.at(y, x) < 100) continue;
      extent = {std::min(extent.top, y), std::max(extent.bottom, y), std::min(extent.left, x),
                std::max(extent.right, x)};
    }
  }
  return extent;
}

/// Mean difference of two prepared digits' pixels, as a share of their ink.
double difference(const Image& a, const Image& b) {
  double apart = 0;
  double ink = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    apart += std::abs(a.pixels[i] - b.pixels[i]);
    ink += std::max(a.pixels[i], b.pixels[i]);
  }
  return apart / ink;
}

/// A black square of `side` in the middle of white, with white dots of 2 x 2 pixels, hexagonal, some `apart`.
Image dotted_square(std::int64_t side, std::int64_t apart) {
  Image image(400, 400, 1, 255);
  const std::int64_t first = (400 - side) / 2;
  fill(image, first, first, side, side, 0);
  bool odd = false;
  for (std::int64_t y = first + 4; y < first + side - 4; y += apart * 87 / 100, odd = !odd) {
    for (std::int64_t x = first + (odd ? apart / 2 : 4); x < first + side - 4; x += apart) fill(image, y, x, 2, 2, 255);
  }
  return image;
}

std::string refusal(const Image& picture, const datasets::PrepareDigitOptions& options = {}) {
  return message_of<ValueError>([&] { prepare_digit(picture, options); });
}

}  // namespace

TEST_CASE("a digit is framed as MNIST frames it") {
  const Image digit = prepare_digit(seven());
  CHECK(digit.height == 28);
  CHECK(digit.width == 28);
  CHECK(digit.channels == 1);
  const Extent extent = extent_of(digit);
  CHECK(extent.bottom - extent.top + 1 == 20);
  // In proportion: 80 of 120 pixels.
  CHECK(std::abs(static_cast<double>(extent.right - extent.left + 1) - 20 * 80.0 / 120) <= 1);
  CHECK(digit.at(0, 0) == 0);
  CHECK(*std::max_element(digit.pixels.begin(), digit.pixels.end()) == 255);
  double mass = 0;
  double down = 0;
  double across = 0;
  for (std::int64_t y = 0; y < 28; ++y) {
    for (std::int64_t x = 0; x < 28; ++x) {
      mass += digit.at(y, x);
      down += digit.at(y, x) * (static_cast<double>(y) + 0.5);
      across += digit.at(y, x) * (static_cast<double>(x) + 0.5);
    }
  }
  CHECK(down / mass == Approx(14).margin(0.5));
  CHECK(across / mass == Approx(14).margin(0.5));
}

TEST_CASE("light ink, a place in the picture and its size make no difference") {
  const Image digit = prepare_digit(seven());
  CHECK(difference(prepare_digit(inverted(seven())), digit) < 0.05);
  CHECK(difference(prepare_digit(seven(240, 300, 10, 200)), digit) < 0.1);
  CHECK(difference(prepare_digit(seven(900, 1200, 500, 300)), digit) < 0.15);
  CHECK(prepare_digit(seven()) == digit);
}

TEST_CASE("light that falls off, shadows, specks and ruled lines make little difference") {
  const Image digit = prepare_digit(seven());
  Image gradient = seven();
  Image shadow = seven();
  for (std::int64_t y = 0; y < 240; ++y) {
    for (std::int64_t x = 0; x < 300; ++x) {
      gradient.at(y, x) = static_cast<std::uint8_t>(gradient.at(y, x) * (400 - x) / 400);
      if (x + y < 280) shadow.at(y, x) = static_cast<std::uint8_t>(shadow.at(y, x) / 2);
    }
  }
  CHECK(difference(prepare_digit(gradient), digit) < 0.1);
  CHECK(difference(prepare_digit(shadow), digit) < 0.15);
  Image specks = seven();
  for (std::int64_t i = 0; i < 12; ++i) fill(specks, 10 + 18 * i, 20 + 7 * (i % 5), 4, 4, 0);
  CHECK(difference(prepare_digit(specks), digit) < 0.05);
  Image ruled = seven();
  Image squared = seven();
  for (std::int64_t y = 0; y < 240; ++y) {
    for (std::int64_t x = 0; x < 300; ++x) {
      const auto line = [](std::int64_t place) { return (place + 15) % 40 < 2; };
      if (line(y + x / 30)) ruled.at(y, x) = std::min<std::uint8_t>(ruled.at(y, x), 40);
      if (line(y) || line(x)) squared.at(y, x) = std::min<std::uint8_t>(squared.at(y, x), 120);
    }
  }
  CHECK(difference(prepare_digit(ruled), digit) < 0.15);
  CHECK(difference(prepare_digit(squared), digit) < 0.15);
  CHECK(difference(prepare_digit(ruled, {.remove_lines = false}), digit) > 0.3);
}

TEST_CASE("parts that lie near each other are one digit") {
  Image apart = seven();
  fill(apart, 100, 170, 6, 25, 230);  // the pen was lifted in the middle of the stroke
  const Extent extent = extent_of(prepare_digit(apart));
  CHECK(extent.bottom - extent.top + 1 == 20);
}

TEST_CASE("strokes become as wide as they may be") {
  const auto width = [](const Image& digit) {
    int ink = 0;
    for (std::int64_t x = 0; x < 28; ++x) ink += digit.at(16, x);
    return ink / 255.0;
  };
  Image thin(300, 300, 1, 255);
  fill(thin, 50, 100, 3, 120, 0);
  fill(thin, 50, 217, 200, 3, 0);
  CHECK(width(prepare_digit(thin)) == Approx(2).margin(0.6));
  CHECK(width(prepare_digit(thin, {.min_stroke = 0})) < 1.3);
  CHECK(width(prepare_digit(thin, {.min_stroke = 3})) == Approx(3).margin(0.6));
  CHECK(width(prepare_digit(seven(), {.min_stroke = 1, .max_stroke = 1.5})) == Approx(1.5).margin(0.7));
  CHECK_THAT(refusal(thin, {.min_stroke = 3, .max_stroke = 2}), EndsWith("min_stroke <= max_stroke, got 3 and 2"));
  CHECK_THAT(refusal(thin, {.min_stroke = 21, .max_stroke = 30}), ContainsSubstring("min_stroke <= 20"));
}

TEST_CASE("something is left of every shape that is made thinner") {
  const auto brightest = [](const Image& digit) {
    return static_cast<int>(*std::max_element(digit.pixels.begin(), digit.pixels.end()));
  };
  CHECK(brightest(prepare_digit(dotted_square(160, 28))) == 255);
  for (std::int64_t side = 60; side <= 260; side += 40) {
    for (std::int64_t apart = 8; apart <= 36; apart += 4) {
      INFO(side << " pixels, dots " << apart << " apart");
      CHECK(brightest(prepare_digit(dotted_square(side, apart))) == 255);
    }
  }
  Image bar(300, 300, 1, 255);
  fill(bar, 50, 140, 200, 24, 0);
  CHECK(brightest(prepare_digit(bar, {.min_stroke = 0, .max_stroke = 0})) == 255);
}

TEST_CASE("strokes much thinner than a pixel of the digit are seen") {
  Image hairline(800, 800, 1, 255);
  fill(hairline, 50, 200, 1, 400, 0);
  fill(hairline, 50, 599, 700, 1, 0);
  const Extent extent = extent_of(prepare_digit(hairline));
  CHECK(extent.bottom - extent.top + 1 == 20);
  CHECK(std::abs(static_cast<double>(extent.right - extent.left + 1) - 20 * 400.0 / 700) <= 2);
}

TEST_CASE("transparent pictures show ink on the ground that it stands out of") {
  const Image digit = prepare_digit(seven());
  const Image drawn = seven();
  for (const bool light : {false, true}) {
    for (const std::int64_t channels : {2, 4}) {
      Image picture(240, 300, channels, light ? 255 : 0);
      for (std::int64_t y = 0; y < 240; ++y) {
        for (std::int64_t x = 0; x < 300; ++x) picture.at(y, x, channels - 1) = drawn.at(y, x) < 100 ? 255 : 0;
      }
      CHECK(difference(prepare_digit(picture), digit) < 0.05);
    }
  }
}

TEST_CASE("ink of a colour that is as bright as the paper is seen") {
  const Image drawn = seven();
  Image picture(240, 300, 3);
  for (std::int64_t y = 0; y < 240; ++y) {
    for (std::int64_t x = 0; x < 300; ++x) {
      const bool ink = drawn.at(y, x) < 100;
      picture.at(y, x, 0) = ink ? 20 : 220;
      picture.at(y, x, 1) = ink ? 150 : 50;
      picture.at(y, x, 2) = 60;
    }
  }
  CHECK(difference(prepare_digit(picture), prepare_digit(seven())) < 0.05);
}

TEST_CASE("pictures without a digit are refused in words") {
  CHECK_THAT(refusal(Image()), StartsWith("prepare_digit: expected a picture, got one of 0 x 0 pixels"));
  Image hollow;
  hollow.height = 28;
  hollow.width = 28;
  CHECK_THAT(refusal(hollow), StartsWith("prepare_digit: expected 28 x 28 x 1 bytes of pixels, got 0"));
  hollow.height = -28;
  CHECK_THAT(refusal(hollow), StartsWith("prepare_digit: expected a picture, got one of -28 x 28 pixels"));
  for (const std::uint8_t value : Bytes{0, 128, 255}) {
    CHECK_THAT(refusal(Image(100, 80, 3, value)), StartsWith("prepare_digit: expected a digit, found an even picture"));
  }
  CHECK_THAT(refusal(Image(1, 1, 1, 9)), StartsWith("prepare_digit: expected a digit, found an even picture"));
  CHECK_THAT(refusal(seven(), {.min_contrast = 0.95}),
             StartsWith("prepare_digit: expected a digit, found an even picture"));
  CHECK_THAT(refusal(seven(), {.min_size = 0.6}), ContainsSubstring("nothing larger than specks"));
}

TEST_CASE("noise is no digit") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const RandomStream chance(seed);
    Image uniform(200, 200);
    Image normal(300, 200, 3);
    Image sparse(200, 300, 1, 255);
    for (std::size_t i = 0; i < uniform.pixels.size(); ++i)
      uniform.pixels[i] = static_cast<std::uint8_t>(chance.below(256, i));
    for (std::size_t i = 0; i < normal.pixels.size(); ++i) {
      normal.pixels[i] = static_cast<std::uint8_t>(std::clamp(128 + 40 * chance.normal(i), 0.0, 255.0));
    }
    for (std::size_t i = 0; i < sparse.pixels.size(); ++i) {
      if (chance.uniform(i) < 0.02) sparse.pixels[i] = 0;
    }
    CHECK_THAT(refusal(uniform), StartsWith("prepare_digit: expected"));
    CHECK_THAT(refusal(normal), StartsWith("prepare_digit: expected"));
    CHECK_THAT(refusal(sparse), StartsWith("prepare_digit: expected"));
  }
}

TEST_CASE("pictures of every shape are prepared or refused") {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 40}, {40, 1}, {2, 3}, {5, 1000}, {1000, 5}, {3, 3}}) {
    for (std::int64_t channels = 1; channels <= 4; ++channels) {
      Image picture(height, width, channels, 200);
      picture.at(height / 2, width / 2) = 0;
      std::size_t pixels = 784;
      try {
        pixels = prepare_digit(picture).pixels.size();
      } catch (const ValueError&) {
      }
      CHECK(pixels == 784);
    }
  }
}

TEST_CASE("random pictures are prepared or refused") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const RandomStream chance(seed);
    std::uint64_t drawn = 0;
    const auto any = [&](std::int64_t least, std::int64_t most) {
      return least + static_cast<std::int64_t>(chance.below(static_cast<std::uint64_t>(most - least + 1), drawn++));
    };
    Image picture(any(1, 200), any(1, 200), 1, any(0, 2) > 0 ? 255 : 90);
    const auto patch = [&](std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width,
                           std::uint8_t value) {
      if (y >= picture.height || x >= picture.width) return;
      fill(picture, y, x, std::min(height, picture.height - y), std::min(width, picture.width - x), value);
    };
    for (std::int64_t things = any(1, 6); things > 0; --things) {
      const auto value = static_cast<std::uint8_t>(any(0, 2) > 0 ? 255 * any(0, 1) : any(0, 255));
      const std::int64_t kind = any(0, 3);
      const std::int64_t pitch = any(2, 40);
      const std::int64_t size = any(1, 4);
      if (kind == 0) patch(any(0, 199), any(0, 199), any(1, 200), any(1, 200), value);
      for (std::int64_t y = any(0, pitch); y < picture.height && kind == 1; y += pitch) {  // dots
        for (std::int64_t x = any(0, pitch); x < picture.width; x += pitch) patch(y, x, size, size, value);
      }
      for (std::int64_t y = any(0, pitch); y < picture.height && kind == 2; y += pitch) patch(y, 0, size, 200, value);
      for (std::int64_t speck = 0; speck < 10 * pitch && kind == 3; ++speck) {
        patch(any(0, 199), any(0, 199), 1, 1, static_cast<std::uint8_t>(any(0, 255)));
      }
    }
    std::size_t pixels = 784;
    try {
      pixels = prepare_digit(picture, {.max_stroke = any(0, 3) > 0 ? 4.5 : 2}).pixels.size();
    } catch (const ValueError&) {
    }
    CHECK(pixels == 784);
  }
}
