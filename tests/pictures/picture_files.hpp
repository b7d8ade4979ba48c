#pragma once
// Picture files for tests: PNGs of every kind, and JPEGs of any quality, turned or in a print's inks.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#if defined(NACRE_HAVE_PNG)
#include <png.h>
#endif
#if defined(NACRE_HAVE_JPEG)
#include <jpeglib.h>
#endif

#include <nacre/data/image.hpp>

#include "datasets/idx_files.hpp"

namespace nacre::testing {

#if defined(NACRE_HAVE_PNG)

/// How a PNG file stores its pixels.
struct PngKind {
  int bits = 8;  ///< a channel
  int colour_type = PNG_COLOR_TYPE_GRAY;
  bool interlaced = false;
  std::vector<png_color> palette = {};
  Bytes palette_alpha = {};
};

/// A PNG file of `height` rows of `width` pixels: `rows` as they are stored, one after the other.
inline Bytes png_bytes(std::uint32_t height, std::uint32_t width, Bytes rows, const PngKind& kind = {}) {
  Bytes bytes;
  png_struct* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_info* info = png_create_info_struct(png);
  const auto append = [](png_struct* from, png_byte* data, std::size_t size) {
    auto* out = static_cast<Bytes*>(png_get_io_ptr(from));
    out->insert(out->end(), data, data + size);
  };
  png_set_write_fn(png, &bytes, append, nullptr);
  png_set_IHDR(png, info, width, height, kind.bits, kind.colour_type,
               kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!kind.palette.empty()) png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
  if (!kind.palette_alpha.empty()) {
    png_set_tRNS(png, info, kind.palette_alpha.data(), static_cast<int>(kind.palette_alpha.size()), nullptr);
  }
  png_write_info(png, info);
  std::vector<png_byte*> starts;
  for (std::size_t y = 0; y < height; ++y) starts.push_back(rows.data() + y * rows.size() / height);
  png_write_image(png, starts.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

#endif

#if defined(NACRE_HAVE_JPEG)

/// An APP1 segment with an EXIF orientation, in either order of bytes, after an entry that is something else.
inline Bytes exif_segment(int orientation, bool big_endian = false) {
  Bytes bytes{'E', 'x', 'i', 'f', 0, 0};
  const auto number = [&](int value, int size) {
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (big_endian ? size - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(value >> shift & 255));
    }
  };
  bytes.insert(bytes.end(), 2, big_endian ? 'M' : 'I');
  number(42, 2);
  number(8, 4);  // where the directory stands
  number(2, 2);  // its entries
  for (const auto& [tag, value] : {std::pair{0x0100, 640}, std::pair{0x0112, orientation}}) {
    number(tag, 2);
    number(3, 2);  // numbers of 16 bits
    number(1, 4);  // one
    number(value, 2);
    number(0, 2);
  }
  number(0, 4);
  return bytes;
}

struct JpegOptions {
  int quality = 95;
  bool progressive = false;
  Bytes app1 = {};  ///< an APP1 segment
};

/// A JPEG file with the picture in it: grey, RGB, or, for four channels, inks as Adobe's programs store them.
inline Bytes jpeg_bytes(const Image& image, const JpegOptions& options = {}) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &memory, &size);
  codec.image_width = static_cast<JDIMENSION>(image.width);
  codec.image_height = static_cast<JDIMENSION>(image.height);
  codec.input_components = static_cast<int>(image.channels);
  codec.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : image.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, options.quality, TRUE);
  if (options.progressive) jpeg_simple_progression(&codec);
  jpeg_start_compress(&codec, TRUE);
  if (!options.app1.empty()) {
    jpeg_write_marker(&codec, JPEG_APP0 + 1, options.app1.data(), static_cast<unsigned>(options.app1.size()));
  }
  while (codec.next_scanline < codec.image_height) {
    auto* row =
        const_cast<unsigned char*>(&image.pixels[codec.next_scanline * image.pixels.size() / codec.image_height]);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

#endif

}  // namespace nacre::testing
