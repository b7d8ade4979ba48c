#pragma once
// JPEG files (ITU-T T.81), read. Needs libjpeg: without NACRE_HAVE_JPEG they are refused in words.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#if defined(NACRE_HAVE_JPEG)
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>
#endif

#include <nacre/core/error.hpp>
#include <nacre/data/image.hpp>
#include <nacre/pictures/exif_orientation.hpp>
#include <nacre/pictures/image_limits.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

#if defined(NACRE_HAVE_JPEG)

/// libjpeg's decompressor. It reports errors by a call that must not return; here that call jumps back into the member
/// function that libjpeg was called from, and these hold nothing that a jump could leave undestroyed.
class JpegDecoder {
 public:
  JpegDecoder() {
    codec_.err = jpeg_std_error(&errors_);
    codec_.client_data = this;
    errors_.error_exit = [](j_common_ptr codec) { of(codec).give_up(codec); };
    errors_.emit_message = &warned;
    errors_.output_message = [](j_common_ptr) {};
    progress_.progress_monitor = &count_scans;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&codec_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  /// Reads up to the picture itself. Like `start` and `read_row` it returns whether that went well.
  bool read_header(const unsigned char* bytes, unsigned long size) {
    if (setjmp(failed_)) return false;
    jpeg_create_decompress(&codec_);
    codec_.progress = &progress_;
    jpeg_mem_src(&codec_, bytes, size);
    jpeg_read_header(&codec_, TRUE);
    return true;
  }

  bool start() {
    if (setjmp(failed_)) return false;
    const bool four = codec_.jpeg_color_space == JCS_CMYK || codec_.jpeg_color_space == JCS_YCCK;
    const bool one = codec_.jpeg_color_space == JCS_GRAYSCALE;
    codec_.out_color_space = four ? JCS_CMYK : one ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&codec_);
    return true;
  }

  bool read_row(unsigned char* row) {
    if (setjmp(failed_)) return false;
    jpeg_read_scanlines(&codec_, &row, 1);
    return true;
  }

  std::int64_t width() const { return codec_.image_width; }
  std::int64_t height() const { return codec_.image_height; }
  /// Channels of a row: 1, 3, or 4 for the inks of a print.
  std::int64_t channels() const { return codec_.output_components; }
  /// Whether inks are stored as Adobe's programs do, 255 being none.
  bool inks_are_inverted() const { return codec_.saw_Adobe_marker; }

  /// libjpeg's words for what went wrong.
  const char* message() const { return message_; }

 private:
  static JpegDecoder& of(j_common_ptr codec) { return *static_cast<JpegDecoder*>(codec->client_data); }

  [[noreturn]] void give_up(j_common_ptr codec) {
    errors_.format_message(codec, message_);
    std::longjmp(failed_, 1);
  }

  /// libjpeg goes on with grey where data are missing or broken: that is no picture to read a digit from. Its other
  /// warnings are about oddities that do no harm.
  static void warned(j_common_ptr codec, int level) {
    const int code = codec->err->msg_code;
    const bool broken =
        code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE;
    if (level < 0 && broken) of(codec).give_up(codec);
  }

  /// A small file may make the decoder pass over a large picture again and again; pictures have some ten scans.
  static void count_scans(j_common_ptr codec) {
    constexpr int most_scans = 200;
    JpegDecoder& decoder = of(codec);
    if (decoder.codec_.input_scan_number <= most_scans) return;
    std::snprintf(decoder.message_, sizeof decoder.message_, "more than %d scans", most_scans);
    std::longjmp(decoder.failed_, 1);
  }

  jpeg_decompress_struct codec_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf failed_;
  char message_[JMSG_LENGTH_MAX] = {};
};

/// The inks of a print (cyan, magenta, yellow, black) as the colours they leave of white light.
inline Image without_inks(const Image& inks, bool inverted) {
  Image image(inks.height, inks.width, 3);
  const auto left = [&](std::size_t at) { return inverted ? inks.pixels[at] : 255 - inks.pixels[at]; };
  for (std::size_t pixel = 0; pixel < image.pixels.size() / 3; ++pixel) {
    for (std::size_t c = 0; c < 3; ++c) {
      image.pixels[3 * pixel + c] = static_cast<std::uint8_t>(left(4 * pixel + c) * left(4 * pixel + 3) / 255);
    }
  }
  return image;
}

/// The picture in a JPEG file's bytes, grey or RGB, turned as the camera says it was held (EXIF). `name` is what errors
/// call the file. Throws FormatError for a broken or truncated file, ValueError for more than `max_pixels`, which the
/// header tells before any memory is taken.
inline Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& name, std::int64_t max_pixels) {
  JpegDecoder decoder;
  const auto check = [&](bool well) {
    require<FormatError>(well, name, ": expected a whole JPEG file, found a broken one: ", decoder.message());
  };
  check(decoder.read_header(bytes.data(), static_cast<unsigned long>(bytes.size())));
  require_size(decoder.width(), decoder.height(), name, max_pixels);
  check(decoder.start());
  Image image(decoder.height(), decoder.width(), decoder.channels());
  const std::size_t row_size = static_cast<std::size_t>(image.width * image.channels);
  for (std::size_t row = 0; row < static_cast<std::size_t>(image.height); ++row) {
    check(decoder.read_row(image.pixels.data() + row * row_size));
  }
  if (image.channels == 4) image = without_inks(image, decoder.inks_are_inverted());
  return oriented(std::move(image), jpeg_orientation(bytes));
}

#else

inline Image decode_jpeg(const std::vector<std::uint8_t>&, const std::string& name, std::int64_t) {
  throw FormatError(name +
                    ": is a JPEG file, and this program was built without libjpeg; build with -DNACRE_WITH_JPEG=ON "
                    "(without CMake: define NACRE_HAVE_JPEG and link libjpeg)");
}

#endif

}  // namespace nacre::datasets::detail
