#pragma once
// PNG files (ISO/IEC 15948), read. Needs libpng: without NACRE_HAVE_PNG they are refused in words.

#include <cstdint>
#include <string>
#include <vector>

#if defined(NACRE_HAVE_PNG)
#include <png.h>
#endif

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/image_limits.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

#if defined(NACRE_HAVE_PNG)

/// Frees what libpng holds for a picture, whatever happens.
struct PngDecoder {
  png_image image{};

  PngDecoder() { image.version = PNG_IMAGE_VERSION; }
  ~PngDecoder() { png_image_free(&image); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;
};

/// The picture in a PNG file's bytes, as grey, grey and alpha, RGB or RGBA: palettes become colours, interlaced rows
/// are put in order, and 1, 2, 4 and 16 bits a channel become 8. `name` is what errors call the file. Throws
/// FormatError for a broken file, ValueError for more than `max_pixels`, which the header tells before any memory is
/// taken.
inline Image decode_png(const std::vector<std::uint8_t>& bytes, const std::string& name, std::int64_t max_pixels) {
  PngDecoder decoder;
  png_image& png = decoder.image;
  const bool begun = png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) != 0;
  require<FormatError>(begun, name, ": expected a PNG file, found a broken one: ", png.message);
  require_size(png.width, png.height, name, max_pixels);
  png.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA;
  png.flags |=
      PNG_IMAGE_FLAG_16BIT_sRGB;  // 16 bits are as many shades of the same curve, as cameras and scanners write
  Image image(png.height, png.width, PNG_IMAGE_SAMPLE_CHANNELS(png.format));
  const bool finished = png_image_finish_read(&png, nullptr, image.pixels.data(), 0, nullptr) != 0;
  require<FormatError>(finished, name, ": expected a whole PNG file, found a broken one: ", png.message);
  return image;
}

#else

inline Image decode_png(const std::vector<std::uint8_t>&, const std::string& name, std::int64_t) {
  throw FormatError(name +
                    ": is a PNG file, and this program was built without libpng; build with -DNACRE_WITH_PNG=ON "
                    "(without CMake: define NACRE_HAVE_PNG and link libpng)");
}

#endif

}  // namespace nacre::datasets::detail
