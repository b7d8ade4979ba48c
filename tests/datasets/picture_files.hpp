#pragma once
// JPEG files for tests: of any quality, turned or in a print's inks.

#if defined(NACRE_HAVE_JPEG)

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include <jpeglib.h>

#include <nacre/data/image.hpp>

#include "datasets/idx_files.hpp"

namespace nacre::testing {

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
    auto* row = const_cast<unsigned char*>(&image.pixels[codec.next_scanline * image.pixels.size() / codec.image_height]);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const Bytes bytes(memory, memory + size);
  std::free(memory);
  return bytes;
}

}  // namespace nacre::testing

#endif
