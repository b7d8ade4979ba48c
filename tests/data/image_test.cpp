#include "catch.hpp"

#include <cstdint>
#include <limits>

#include <nacre/data/image.hpp>

using namespace nacre;

TEST_CASE("a picture has a byte for each channel of each pixel") {
  const Image image(2, 3, 4, 9);
  CHECK(image.pixels.size() == 24);
  CHECK(image.at(1, 2, 3) == 9);
  CHECK(Image(0, 5).pixels.empty());
}

TEST_CASE("a picture of negative or impossible extents is refused") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(Image(-1, 5), ValueError);
  CHECK_THROWS_AS(Image(-1, -5), ValueError);
  CHECK_THROWS_AS(Image(5, 5, -3), ValueError);
  CHECK_THROWS_AS(Image(most, most), ValueError);
  CHECK_THROWS_AS(Image(most, 2, 2), ValueError);
  CHECK_THROWS_AS(Image(0, most, most), ValueError);
  CHECK_THROWS_WITH(Image(-1, 5), ContainsSubstring("got -1 x 5 x 1"));
}

TEST_CASE("what is no picture is refused by name") {
  CHECK_NOTHROW(require_picture(Image(2, 3, 4), "here"));
  CHECK_THROWS_WITH(require_picture(Image(), "here"), "here: expected a picture, got one of 0 x 0 pixels");
  CHECK_THROWS_WITH(require_picture(Image(2, 2, 5), "here"), "here: expected 1 to 4 channels, got 5");
  Image image(2, 3);
  image.pixels.pop_back();
  CHECK_THROWS_WITH(require_picture(image, "here"), "here: expected 2 x 3 x 1 bytes of pixels, got 5");
  image.height = std::numeric_limits<std::int64_t>::max();
  image.width = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS(require_picture(image, "here"), ValueError);
}
