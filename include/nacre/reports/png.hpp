#pragma once
// PNG files (ISO/IEC 15948), written. Needs libpng: without NACRE_HAVE_PNG they are refused in words.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#if defined(NACRE_HAVE_PNG)
#include <png.h>
#endif

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Whether this program can write PNG files: whether it was built with libpng.
#if defined(NACRE_HAVE_PNG)
inline constexpr bool has_png = true;
#else
inline constexpr bool has_png = false;
#endif

namespace detail {

inline void require_encodable(const Image& image) {
  constexpr std::int64_t most =
      std::numeric_limits<std::int32_t>::max();  // libpng counts the bytes of a row in 32 bits
  require<ShapeError>(image.height >= 1 && image.width >= 1 && image.height <= most && image.width <= most / 4,
                      "encode_png: expected a picture of 1 pixel or more and at most 2^29 a row, got ", image.height,
                      " rows of ", image.width);
  require<ShapeError>(image.channels >= 1 && image.channels <= 4, "encode_png: expected 1 to 4 channels, got ",
                      image.channels);
  const std::int64_t row = image.width * image.channels;
  require<ShapeError>(image.pixels.size() % static_cast<std::size_t>(row) == 0 &&
                          image.pixels.size() / static_cast<std::size_t>(row) == static_cast<std::size_t>(image.height),
                      "encode_png: expected ", image.height, " rows of ", row, " bytes, got ", image.pixels.size(),
                      " bytes");
}

}  // namespace detail

#if defined(NACRE_HAVE_PNG)

/// The bytes of a PNG file with `image` in it: 8 bits a channel in sRGB, grey, grey and alpha, RGB or RGBA as the
/// picture has them. The same picture gives the same bytes. Throws ShapeError for a picture without pixels, with other
/// than 1 to 4 channels or whose pixels do not fill it; Error, with libpng's words, where libpng fails.
inline std::string encode_png(const Image& image) {
  detail::require_encodable(image);
  constexpr png_uint_32 formats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = static_cast<png_uint_32>(image.width);
  header.height = static_cast<png_uint_32>(image.height);
  header.format = formats[image.channels - 1];
  std::size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);  // no picture compresses to more
  std::string bytes(size, '\0');
  const int written = png_image_write_to_memory(&header, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr);
  require<Error>(written != 0, "encode_png: libpng failed: ", header.message);
  bytes.resize(size);
  return bytes;
}

#else

inline std::string encode_png(const Image& image) {
  detail::require_encodable(image);
  throw Error(
      "encode_png: this program was built without libpng, which PNG files need; build with -DNACRE_WITH_PNG=ON "
      "(without CMake: define NACRE_HAVE_PNG and link libpng)");
}

#endif

}  // namespace nacre::reports
