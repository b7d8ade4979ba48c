#include "catch.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <nacre/core/random.hpp>
#include <nacre/pictures/exif_orientation.hpp>
#include <nacre/pictures/image_file.hpp>

#include "datasets/idx_files.hpp"
#include "pictures/picture_files.hpp"

using namespace nacre;
using namespace nacre::testing;
using datasets::read_image;

namespace {

/// A picture in which no two neighbours are alike, but for JPEG's sake smooth.
Image slope(std::int64_t height, std::int64_t width, std::int64_t channels) {
  Image image(height, width, channels);
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      for (std::int64_t c = 0; c < channels; ++c)
        image.at(y, x, c) = static_cast<std::uint8_t>(20 + 4 * y + 2 * x + 10 * c);
    }
  }
  return image;
}

int largest_difference(const Image& a, const Image& b) {
  REQUIRE(a.height == b.height);
  REQUIRE(a.width == b.width);
  REQUIRE(a.channels == b.channels);
  int largest = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) largest = std::max(largest, std::abs(a.pixels[i] - b.pixels[i]));
  return largest;
}

}  // namespace

TEST_CASE("files that are no pictures are refused by name") {
  const TemporaryFolder folder;
  const auto message = [&](const std::filesystem::path& path) { return message_of<Error>([&] { read_image(path); }); };
  CHECK_THAT(message(folder.path() / "none.png"), EndsWith("none.png: no such file"));
  CHECK_THAT(message(folder.path()), ContainsSubstring("expected a file, found a folder"));
  CHECK_THAT(message(folder.write("empty.png", {})),
             EndsWith("empty.png: expected a PNG or JPEG file, found an empty one"));
  CHECK_THAT(message(folder.write("text.jpg", {'h', 'i'})),
             ContainsSubstring("text.jpg: expected a PNG or JPEG file, found something else"));
  const std::string heic(
      "\0\0\0\x18"
      "ftypheic",
      12);
  CHECK_THAT(message(folder.write("phone.jpg", Bytes(heic.begin(), heic.end()))),
             ContainsSubstring("found a HEIC file"));
  CHECK_THROWS_AS(read_image(folder.write("long.png", Bytes(100)), {.max_bytes = 99}), FileError);
}

TEST_CASE("an orientation is found in EXIF data of both byte orders, and nothing in broken data") {
  using datasets::detail::exif_orientation;
  for (const bool big_endian : {false, true}) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CHECK(exif_orientation(exif_segment(orientation, big_endian)) == orientation);
    }
    CHECK(exif_orientation(exif_segment(9, big_endian)) == 0);
    CHECK(exif_orientation(exif_segment(0, big_endian)) == 0);
    const Bytes whole = exif_segment(6, big_endian);
    for (std::size_t size = 0; size < 38; ++size) CHECK(exif_orientation({whole.data(), size}) == 0);
  }
}

TEST_CASE("a picture is turned as its orientation says") {
  // Each orientation by where the stored picture's first two rows are to be seen (EXIF 2.3, tag 274).
  Image stored(2, 3);
  stored.pixels = {1, 2, 3, 4, 5, 6};
  const auto seen = [&](int orientation) { return datasets::detail::oriented(stored, orientation).pixels; };
  CHECK(seen(1) == Bytes{1, 2, 3, 4, 5, 6});
  CHECK(seen(2) == Bytes{3, 2, 1, 6, 5, 4});
  CHECK(seen(3) == Bytes{6, 5, 4, 3, 2, 1});
  CHECK(seen(4) == Bytes{4, 5, 6, 1, 2, 3});
  CHECK(seen(5) == Bytes{1, 4, 2, 5, 3, 6});
  CHECK(seen(6) == Bytes{4, 1, 5, 2, 6, 3});
  CHECK(seen(7) == Bytes{6, 3, 5, 2, 4, 1});
  CHECK(seen(8) == Bytes{3, 6, 2, 5, 1, 4});
  CHECK(datasets::detail::oriented(stored, 6).height == 3);
  CHECK(datasets::detail::oriented(stored, 6).width == 2);
}

#if defined(NACRE_HAVE_PNG)

TEST_CASE("PNG files of 8 bits are read as they are, interlaced or not") {
  const TemporaryFolder folder;
  constexpr int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                           PNG_COLOR_TYPE_RGB_ALPHA};
  for (std::int64_t channels = 1; channels <= 4; ++channels) {
    for (const bool interlaced : {false, true}) {
      const Image image = slope(9, 13, channels);
      const Bytes bytes =
          png_bytes(9, 13, image.pixels, {.colour_type = types[channels - 1], .interlaced = interlaced});
      CHECK(read_image(folder.write("named.jpg", bytes)) == image);  // its name says nothing
    }
  }
}

TEST_CASE("PNG files of other depths become 8 bits") {
  const TemporaryFolder folder;
  const auto read = [&](std::uint32_t width, const Bytes& row, const PngKind& kind) {
    return read_image(folder.write("one.png", png_bytes(1, width, row, kind))).pixels;
  };
  CHECK(read(8, {0b01100001}, {.bits = 1}) == Bytes{0, 255, 255, 0, 0, 0, 0, 255});
  CHECK(read(4, {0b00011011}, {.bits = 2}) == Bytes{0, 85, 170, 255});
  CHECK(read(3, {0, 0, 0x80, 0x80, 0xff, 0xff}, {.bits = 16}) == Bytes{0, 128, 255});
  CHECK(read(2, {0, 0, 255, 255, 0x40, 0x40, 0, 0}, {.bits = 16, .colour_type = PNG_COLOR_TYPE_GRAY_ALPHA})[1] == 255);
}

TEST_CASE("palettes of PNG files become colours, transparent ones with alpha") {
  const TemporaryFolder folder;
  const std::vector<png_color> palette{{255, 0, 0}, {0, 0, 255}};
  const auto read = [&](const Bytes& alpha) {
    return read_image(folder.write(
        "palette.png",
        png_bytes(1, 2, {0, 1}, {.colour_type = PNG_COLOR_TYPE_PALETTE, .palette = palette, .palette_alpha = alpha})));
  };
  CHECK(read({}).pixels == Bytes{255, 0, 0, 0, 0, 255});
  const Image transparent = read({255, 0});
  CHECK(transparent.channels == 4);
  CHECK(transparent.pixels[3] == 255);
  CHECK(transparent.pixels[7] == 0);
}

TEST_CASE("a PNG file that claims to be huge is refused by its header") {
  const TemporaryFolder folder;
  Bytes bytes = png_bytes(20, 30, slope(20, 30, 1).pixels);
  CHECK_THAT(
      message_of<ValueError>([&] { read_image(folder.write("a.png", bytes), {.max_pixels = 599}); }),
      EndsWith("a.png: expected at most 599 pixels, found 30 x 20; make the picture smaller, or raise max_pixels"));
  CHECK_NOTHROW(read_image(folder.write("a.png", bytes), {.max_pixels = 600}));
}

#endif

#if defined(NACRE_HAVE_JPEG)

TEST_CASE("JPEG files are read, grey and coloured, progressive or not") {
  const TemporaryFolder folder;
  for (const std::int64_t channels : {1, 3}) {
    for (const bool progressive : {false, true}) {
      const Image image = slope(21, 37, channels);
      const Bytes bytes = jpeg_bytes(image, {.progressive = progressive});
      CHECK(largest_difference(read_image(folder.write("named.png", bytes)), image) <= 12);
    }
  }
}

TEST_CASE("the four inks of a JPEG file become colours") {
  const TemporaryFolder folder;
  const auto read = [&](const Bytes& inks) {
    Image image(8, 8, 4);
    for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = inks[i % 4];
    const Image seen = read_image(folder.write("print.jpg", jpeg_bytes(image)));
    REQUIRE(seen.channels == 3);
    return Bytes(seen.pixels.begin(), seen.pixels.begin() + 3);
  };
  // libjpeg writes an Adobe marker, by which 255 is no ink.
  CHECK(read({255, 255, 255, 255}) == Bytes{255, 255, 255});
  CHECK(read({255, 255, 255, 0}) == Bytes{0, 0, 0});
  const Bytes cyan = read({0, 255, 255, 255});
  CHECK(cyan[0] <= 2);
  CHECK(cyan[1] >= 253);
}

TEST_CASE("a photo is turned as its camera was held") {
  const TemporaryFolder folder;
  const Image upright = slope(24, 40, 1);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image seen = read_image(folder.write("photo.jpg", jpeg_bytes(upright, {.app1 = exif_segment(orientation)})));
    CHECK(largest_difference(seen, datasets::detail::oriented(upright, orientation)) <= 8);
  }
}

TEST_CASE("a JPEG file may have any number of EXIF segments, of which the first with an orientation counts") {
  const Image upright = slope(24, 40, 1);
  const Bytes whole = jpeg_bytes(upright, {.app1 = exif_segment(6)});
  Bytes bytes(whole.begin(), whole.begin() + 2);  // the mark of a JPEG file's beginning
  const Bytes without = exif_segment(0);
  for (int segment = 0; segment < 20000; ++segment) {
    const std::size_t size = without.size() + 2;
    bytes.insert(bytes.end(),
                 {0xFF, 0xE1, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size & 255)});
    bytes.insert(bytes.end(), without.begin(), without.end());
  }
  bytes.insert(bytes.end(), whole.begin() + 2, whole.end());
  CHECK(datasets::detail::jpeg_orientation(whole) == 6);
  CHECK(datasets::detail::jpeg_orientation(bytes) == 6);
  const TemporaryFolder folder;
  CHECK(largest_difference(read_image(folder.write("photo.jpg", bytes)), datasets::detail::oriented(upright, 6)) <= 8);
  for (std::size_t size = 0; size < 200; ++size) {
    const int found = datasets::detail::jpeg_orientation({whole.data(), size});
    CHECK((found == 1 || found == 6));
  }
}

TEST_CASE("a JPEG file that is too large is refused by its header") {
  const TemporaryFolder folder;
  Bytes bytes = jpeg_bytes(slope(20, 30, 3));
  CHECK_THROWS_AS(read_image(folder.write("a.jpg", bytes), {.max_pixels = 599}), ValueError);
  // A header that claims 65500 x 65500 before data that hold next to nothing.
  for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
    if (bytes[i] != 0xff || bytes[i + 1] != 0xc0) continue;
    for (const std::size_t side : {i + 5, i + 7}) {
      bytes[side] = 0xff;
      bytes[side + 1] = 0xdc;
    }
    break;
  }
  CHECK_THAT(message_of<ValueError>([&] { read_image(folder.write("bomb.jpg", bytes)); }),
             ContainsSubstring("bomb.jpg: expected at most 64000000 pixels, found 65500 x 65500"));
}

#endif

#if defined(NACRE_HAVE_PNG) && defined(NACRE_HAVE_JPEG)

TEST_CASE("a file that ends early is refused by name, wherever it ends") {
  const TemporaryFolder folder;
  const Image image = slope(40, 50, 3);
  for (const Bytes& whole : {png_bytes(40, 50, image.pixels, {.colour_type = PNG_COLOR_TYPE_RGB}), jpeg_bytes(image),
                             jpeg_bytes(image, {.progressive = true})}) {
    // The last bytes are the mark that the file is at its end; readers may do without it.
    for (std::size_t size = 1; size + 14 < whole.size(); size += 7) {
      const auto path = folder.write("part", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK_THAT(message_of<FormatError>([&] { read_image(path); }), StartsWith(path.string() + ": expected a"));
    }
  }
}

TEST_CASE("broken files are read or refused, and never do harm") {
  const TemporaryFolder folder;
  const Image image = slope(30, 40, 3);
  const RandomStream chance(11);
  std::uint64_t draw = 0;
  for (const Bytes& whole : {png_bytes(30, 40, image.pixels, {.colour_type = PNG_COLOR_TYPE_RGB, .interlaced = true}),
                             jpeg_bytes(image, {.app1 = exif_segment(6)}), jpeg_bytes(image, {.progressive = true})}) {
    int refused = 0;
    for (int change = 0; change < 100; ++change) {
      Bytes bytes = whole;
      for (int flips = 0; flips < 3; ++flips) {
        bytes[8 + chance.below(bytes.size() - 8, draw)] ^= static_cast<std::uint8_t>(1 + chance.below(255, draw + 1));
        draw += 2;
      }
      try {
        const Image read = read_image(folder.write("broken", bytes));
        CHECK(read.pixels.size() == static_cast<std::size_t>(read.height * read.width * read.channels));
      } catch (const Error&) {
        ++refused;
      }
    }
    CHECK(refused > 0);
  }
}

#endif
