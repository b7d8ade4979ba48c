// encode_png: what libpng reads is what was written, and what cannot be written is refused.

#include "figure_testing.hpp"

#include <nacre/reports/png.hpp>

using namespace nacre;
using reports::encode_png;

#if defined(NACRE_HAVE_PNG)

TEST_CASE("Pictures of one to four channels come back from a PNG file as they were") {
  for (std::int64_t channels = 1; channels <= 4; ++channels) {
    CAPTURE(channels);
    Image image(7, 5, channels);
    for (std::size_t index = 0; index < image.pixels.size(); ++index) {
      image.pixels[index] = static_cast<std::uint8_t>(index * 37 + 11);
    }
    const std::string bytes = encode_png(image);
    CHECK(figure_testing::decoded(bytes) == image);
    CHECK(encode_png(image) == bytes);
  }
}

TEST_CASE("A picture that does not compress is written whole") {
  Image image(64, 64, 3);
  std::uint32_t state = 1;
  for (std::uint8_t& pixel : image.pixels) {
    state = state * 1664525U + 1013904223U;
    pixel = static_cast<std::uint8_t>(state >> 24);
  }
  CHECK(figure_testing::decoded(encode_png(image)) == image);
}

#else

TEST_CASE("Without libpng the way to get it is named") {
  CHECK_THROWS_WITH(encode_png(Image(1, 1)), ContainsSubstring("NACRE_WITH_PNG"));
}

#endif

TEST_CASE("encode_png refuses what is no picture") {
  CHECK_THROWS_AS(encode_png(Image()), ShapeError);
  CHECK_THROWS_AS(encode_png(Image(2, 0)), ShapeError);
  CHECK_THROWS_AS(encode_png(Image(2, 2, 5)), ShapeError);
  Image cut(2, 2, 3);
  cut.pixels.pop_back();
  CHECK_THROWS_AS(encode_png(cut), ShapeError);
}
